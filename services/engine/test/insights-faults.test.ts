import {
  countCalls,
  crashAt,
  faultPoints,
  untilDeath,
  type FaultPoint,
  type FaultPorts,
} from './fault-points.js';
import { memoryCheckpoints, memoryStore, storedTypes } from './in-memory-engine.js';
import {
  begin,
  engineIn,
  outcomeOf,
  scenarios,
  serviceOf,
  type InsightsScenario,
  type Outcome,
  type World,
} from './insights-scenarios.js';

// Goal: the insights process may die at any step, and each session still ends with its one summary and
// its one charge. Method: an undisturbed run counts the calls that have an effect (appends, checkpoints,
// the list of what is not done, the summarizer); then each is the last one in turn, before and after its
// effect, everything in memory is dropped, and a new process goes on with what is on the disk.

const makeDisk = (): FaultPorts => ({ store: memoryStore(), checkpoints: memoryCheckpoints() });

const withService = (disk: FaultPorts, world: World): FaultPorts => ({
  ...disk,
  summarizer: serviceOf(world),
});

const callsOf = async (scenario: InsightsScenario): Promise<readonly string[]> => {
  const disk = makeDisk();
  const world = await begin(scenario, disk);
  const { ports, calls } = countCalls(withService(disk, world));
  await scenario.run(engineIn(world, ports), world, ports);
  expect(await outcomeOf(disk)).toStrictEqual(scenario.outcome);
  return calls;
};

type Killing = Readonly<{ point: FaultPoint & Readonly<{ name: string }>; isListLost: boolean }>;

/** Killed at the point, begun again by a new process, and then again by another that must find nothing to do. */
const killedAt = async (scenario: InsightsScenario, { point, isListLost }: Killing) => {
  const first = makeDisk();
  const world = await begin(scenario, first);
  const { ports, died } = crashAt(point, withService(first, world));
  const end = await untilDeath(died, () => scenario.run(engineIn(world, ports), world, ports));
  const disk = isListLost ? { ...first, checkpoints: memoryCheckpoints() } : first;
  await scenario.run(engineIn(world, disk), world, disk);
  const [outcome, log] = [await outcomeOf(disk), await storedTypes(disk.store)];
  await scenario.run(engineIn(world, disk), world, disk);
  return { end, outcome, isSettled: (await storedTypes(disk.store)).length === log.length };
};

/** A hold of an attempt that nobody remembers is released, and the next attempt takes its own. */
const decided = ({ held, released, ...rest }: Outcome) => ({
  ...rest,
  openHolds: held - rest.captured - released,
});

describe('the insights process, killed at each of its steps', () => {
  it.each(scenarios)('ends the same: $name', async (scenario) => {
    const points = faultPoints(await callsOf(scenario));
    for (const point of points)
      expect({ point, ...(await killedAt(scenario, { point, isListLost: false })) }).toStrictEqual({
        point,
        end: { died: point.name },
        outcome: scenario.outcome,
        isSettled: true,
      });
    const names = points.filter(({ when }) => when === 'before').map(({ name }) => `  ${name}`);
    console.log(
      `${scenario.name}: killed at ${points.length} points, both sides of\n${names.join('\n')}`,
    );
  });

  it.each(scenarios)('ends the same with processes.db lost as well: $name', async (scenario) => {
    const points = faultPoints(await callsOf(scenario));
    for (const point of points) {
      const { end, outcome, isSettled } = await killedAt(scenario, { point, isListLost: true });
      expect({ point, end, isSettled, ...decided(outcome) }).toStrictEqual({
        point,
        end: { died: point.name },
        isSettled: true,
        ...decided(scenario.outcome),
      });
    }
  });
});
