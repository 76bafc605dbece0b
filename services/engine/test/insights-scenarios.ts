import type { Summarizer } from '@daybook/summarizer';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { defaultRetryPolicy, type Retrying } from '../src/retry.js';
import {
  assistant,
  AT,
  chat,
  ended,
  engineOver,
  headOf,
  instantSummarizer,
  right,
  setUp,
  started,
  storedTypes,
  type TestEngine,
} from './in-memory-engine.js';
import type { FaultPorts } from './fault-points.js';

// Sessions that end in every way that the insights process knows, each as a script that can be begun
// again after a crash at any of its steps.

/** What is outside of the process, and so outlives it: the time, and the service that makes summaries. */
export type World = {
  now: number;
  /** Calls of the summarizer that fail before one succeeds; `Infinity`: it is down. */
  failuresLeft: number;
};

export type Outcome = Readonly<{
  summaries: number;
  deleted: number;
  failed: number;
  held: number;
  captured: number;
  released: number;
  refused: readonly string[];
  waiting: number;
  parked: number;
}>;

export type InsightsScenario = Readonly<{
  name: string;
  credits: number;
  failures: number;
  /** What the log holds before the process starts. */
  prepare: (engine: TestEngine) => Promise<void>;
  /** What happens from then on; begun again, it does only what is not done. */
  run: (engine: TestEngine, world: World, disk: FaultPorts) => Promise<void>;
  outcome: Outcome;
}>;

export const serviceOf = (world: World): Summarizer => ({
  ...instantSummarizer,
  summarize: (input) => {
    if (world.failuresLeft === 0) return instantSummarizer.summarize(input);
    world.failuresLeft -= 1;
    return TE.left({ _tag: 'SummarizerUnavailable', reason: 'timed-out', retryAfterMs: null });
  },
});

export const ATTEMPTS_MAX = 3;

export const retryingIn = (world: World): Retrying => ({
  policy: { ...defaultRetryPolicy, attemptsMax: ATTEMPTS_MAX },
  clock: () => world.now,
  random: () => 0.5,
  wait: () => Promise.reject(new Error('no test of these waits')),
});

export const engineIn = (world: World, ports: FaultPorts): TestEngine =>
  engineOver(ports.store, {
    checkpoints: ports.checkpoints,
    summarizer: ports.summarizer ?? serviceOf(world),
    retry: retryingIn(world),
  });

export const catchUp = async ({ insights, store }: TestEngine): Promise<void> => {
  right(await insights.runUntil(await headOf(store)));
};

/** Lets the time of every attempt come, until nothing waits. */
export const waitOut = async (
  { insights }: TestEngine,
  world: World,
  { checkpoints }: FaultPorts,
): Promise<void> => {
  for (;;) {
    const dueAt = checkpoints.unfinished.nextDueAt('insights');
    if (dueAt === null) return;
    world.now = Math.max(world.now, dueAt);
    right(await insights.workOff());
  }
};

export const withdrawn = (session: string) =>
  ({ entry: 'consent-withdrawn', session, at: AT + 30_000, by: 'remote-side' }) as const;

const recordSession =
  (...sessions: readonly string[]) =>
  async (engine: TestEngine): Promise<void> => {
    for (const [index, session] of sessions.entries()) {
      right(await engine.entry(started(session)));
      right(await engine.entry(chat(session)));
      right(await engine.entry(ended(session, AT + 60_000 - index * 1_000)));
    }
  };

const recordAssistedSession = async (engine: TestEngine): Promise<void> => {
  right(await engine.entry(started('s1')));
  right(await engine.entry(chat('s1')));
  right(await engine.entry(assistant('s1')));
  right(await engine.entry(ended('s1')));
};

const throughRetries: InsightsScenario['run'] = async (engine, world, disk) => {
  await catchUp(engine);
  await waitOut(engine, world, disk);
};

const askedAgain: InsightsScenario['run'] = async (engine, world, disk) => {
  await throughRetries(engine, world, disk);
  world.failuresLeft = 0;
  right(disk.checkpoints.unfinished.retry('all', world.now));
  await waitOut(engine, world, disk);
};

const withdrawnBefore: InsightsScenario['prepare'] = async (engine) => {
  await recordSession('s1')(engine);
  right(await engine.entry(withdrawn('s1')));
};

const withdrawnAfter: InsightsScenario['run'] = async (engine, world, disk) => {
  await throughRetries(engine, world, disk);
  right(await engine.entry(withdrawn('s1')));
  await catchUp(engine);
};

const withdrawnMeanwhile: InsightsScenario['run'] = async (engine, world, disk) => {
  await catchUp(engine);
  right(await engine.entry(withdrawn('s1')));
  await catchUp(engine);
  await waitOut(engine, world, disk);
};

const nothing: Outcome = {
  summaries: 0,
  deleted: 0,
  failed: 0,
  held: 0,
  captured: 0,
  released: 0,
  refused: [],
  waiting: 0,
  parked: 0,
};
const made: Outcome = { ...nothing, summaries: 1, held: 1, captured: 1 };

export const scenarios: readonly InsightsScenario[] = [
  {
    name: 'a plain session',
    credits: 1,
    failures: 0,
    prepare: recordSession('s1'),
    run: throughRetries,
    outcome: made,
  },
  {
    name: 'a session that used the assistant',
    credits: 1,
    failures: 0,
    prepare: recordAssistedSession,
    run: throughRetries,
    outcome: made,
  },
  {
    name: 'a summarizer that is there again at the third attempt',
    credits: 1,
    failures: 2,
    prepare: recordSession('s1'),
    run: throughRetries,
    outcome: made,
  },
  {
    name: 'a summarizer that is not there again, and a retry that a person asks for later',
    credits: 1,
    failures: Infinity,
    prepare: recordSession('s1'),
    run: askedAgain,
    outcome: { ...made, failed: 1, held: 2, released: 1 },
  },
  {
    name: 'a summarizer that fails a session whose assistant had answered',
    credits: 1,
    failures: Infinity,
    prepare: recordAssistedSession,
    run: throughRetries,
    outcome: { ...made, summaries: 0, failed: 1, parked: 1 },
  },
  {
    name: 'a consent that is withdrawn after the end, before the process runs',
    credits: 1,
    failures: 0,
    prepare: withdrawnBefore,
    run: throughRetries,
    outcome: nothing,
  },
  {
    name: 'a consent that is withdrawn after the summary was made',
    credits: 1,
    failures: 0,
    prepare: recordSession('s1'),
    run: withdrawnAfter,
    outcome: { ...made, deleted: 1 },
  },
  {
    name: 'a consent that is withdrawn while the summary waits for another attempt',
    credits: 1,
    failures: Infinity,
    prepare: recordSession('s1'),
    run: withdrawnMeanwhile,
    outcome: { ...nothing, held: 1, released: 1 },
  },
  {
    name: 'two sessions and one credit',
    credits: 1,
    failures: 0,
    prepare: recordSession('s2', 's1'),
    run: throughRetries,
    outcome: { ...made, refused: ['session-acme_s2'] },
  },
];

const COUNTED = {
  summaries: 'SummaryGenerated',
  deleted: 'SummaryDeleted',
  failed: 'SummaryFailed',
  held: 'CreditsHeld',
  captured: 'HoldCaptured',
  released: 'HoldReleased',
} as const;

export const outcomeOf = async ({ store, checkpoints }: FaultPorts): Promise<Outcome> => {
  const stored = await storedTypes(store);
  const count = (type: string): number => stored.filter((one) => one.endsWith(` ${type}`)).length;
  const [unfinished] = checkpoints.unfinished.counts();
  return {
    summaries: count(COUNTED.summaries),
    deleted: count(COUNTED.deleted),
    failed: count(COUNTED.failed),
    held: count(COUNTED.held),
    captured: count(COUNTED.captured),
    released: count(COUNTED.released),
    refused: stored
      .filter((one) => one.endsWith(' AiUseRefused'))
      .map((one) => one.slice(0, one.indexOf(' '))),
    waiting: unfinished?.waiting ?? 0,
    parked: unfinished?.parked ?? 0,
  };
};

/** The disk of a company in which the scenario's sessions have ended, and the world around it. */
export const begin = async (scenario: InsightsScenario, disk: FaultPorts): Promise<World> => {
  const world: World = { now: AT + 120_000, failuresLeft: scenario.failures };
  const engine = engineIn(world, disk);
  await setUp(engine, scenario.credits);
  await scenario.prepare(engine);
  return world;
};
