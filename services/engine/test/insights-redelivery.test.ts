import { crashAt, untilDeath, type FaultPorts } from './fault-points.js';
import { memoryCheckpoints, memoryStore } from './in-memory-engine.js';
import {
  ATTEMPTS_MAX,
  begin,
  catchUp,
  engineIn,
  outcomeOf,
  scenarios,
  serviceOf,
  waitOut,
  type World,
} from './insights-scenarios.js';

// Goal: an attempt that was made is not made once more because somebody died behind it. Method: a
// service that counts what it is asked, and crashes between the attempt and what follows it.

const beginUnavailable = async () => {
  const [scenario] = scenarios.filter(({ failures }) => failures === 2);
  if (scenario === undefined) throw new Error('there is a scenario with a service that recovers');
  const disk: FaultPorts = { store: memoryStore(), checkpoints: memoryCheckpoints() };
  const world: World = await begin({ ...scenario, failures: Infinity }, disk);
  const asked: string[] = [];
  const service = serviceOf(world);
  const summarizer: typeof service = {
    ...service,
    summarize: (input) => {
      asked.push(input.sessionId);
      return service.summarize(input);
    },
  };
  return { disk: { ...disk, summarizer }, world, asked };
};

describe('an attempt that was made', () => {
  it('is not made again before its time when the event is delivered again', async () => {
    const { disk, world, asked } = await beginUnavailable();
    await catchUp(engineIn(world, disk));
    // The checkpoint behind the list was lost, as a crash between the two leaves it.
    const fresh = memoryCheckpoints();
    const { unfinished } = disk.checkpoints;
    await catchUp(engineIn(world, { ...disk, checkpoints: { ...fresh, unfinished } }));
    expect(asked).toHaveLength(1);
  });

  it('is not made again when its failure was recorded, though the service is there again', async () => {
    const { disk, world, asked } = await beginUnavailable();
    const run = async (ports: FaultPorts): Promise<void> => {
      const engine = engineIn(world, ports);
      await catchUp(engine);
      await waitOut(engine, world, ports);
    };
    // Hold, permission, three attempts with two waits and a checkpoint between them: then the failure.
    const { ports, died } = crashAt({ call: 9, when: 'after' }, disk);
    expect(await untilDeath(died, () => run(ports))).toStrictEqual({
      died: 'append summary-acme_s1 SummaryFailed',
    });
    world.failuresLeft = 0;
    await run(disk);
    expect(asked).toHaveLength(ATTEMPTS_MAX);
    expect(await outcomeOf(disk)).toMatchObject({
      summaries: 0,
      failed: 1,
      released: 1,
      parked: 1,
    });
  });
});
