import type { EventStore } from '@daybook/event-store';
import type { SummarizerFailure } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { setImmediate as turn } from 'node:timers/promises';
import type { FaultPorts } from './fault-points.js';
import {
  AT,
  chat,
  COMPANY,
  ended,
  engineOver,
  headOf,
  instantSummarizer,
  memoryCheckpoints,
  memoryStore,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';
import {
  catchUp,
  engineIn,
  outcomeOf,
  retryingIn,
  waitOut,
  withdrawn,
  type World,
} from './insights-scenarios.js';

// Goal: a summarizer that is not there costs nobody a summary, nobody a credit, and no other session its
// time. Method: summarizers that fail as they are told, a clock that is set by hand, the real list.

const HOUR = 3_600_000;
const NOW = AT + 120_000;

const timedOut: SummarizerFailure = {
  _tag: 'SummarizerUnavailable',
  reason: 'timed-out',
  retryAfterMs: null,
};

/** What the summarizer says of a session; nothing: it makes the summary. */
type Failures = Record<string, SummarizerFailure | undefined>;

const begin = async (
  given: Readonly<{ credits: number; sessions: readonly string[]; failures?: Failures }>,
) => {
  const failures = given.failures ?? {};
  const world: World = { now: NOW, failuresLeft: 0 };
  const disk: FaultPorts = {
    store: memoryStore(),
    checkpoints: memoryCheckpoints(),
    summarizer: {
      ...instantSummarizer,
      summarize: (input) => {
        const failure = failures[input.sessionId];
        return failure === undefined ? instantSummarizer.summarize(input) : TE.left(failure);
      },
    },
  };
  const engine = engineIn(world, disk);
  await setUp(engine, given.credits);
  for (const session of given.sessions) await record(engine, session);
  return { world, disk, engine, failures };
};

const record = async (engine: TestEngine, session: string): Promise<void> => {
  right(await engine.entry(started(session)));
  right(await engine.entry(chat(session)));
  right(await engine.entry(ended(session)));
};

const dataOf = async (store: EventStore, type: string): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  for await (const page of store.readAll({ filter: { types: [type] } }))
    for (const { data } of right(page).events) found.push(JSON.parse(data));
  return found;
};

const listed = ({ checkpoints }: FaultPorts, state: 'waiting' | 'parked') =>
  checkpoints.unfinished
    .list({ state, limit: 10 })
    .map(({ stream, reason, attempts, dueAt }) => ({ stream, reason, attempts, dueAt }));

describe('a summarizer that is not there', () => {
  it('is asked again later, while the hold stays open and the other sessions go on', async () => {
    const { engine, disk } = await begin({
      credits: 2,
      sessions: ['s1', 's2'],
      failures: { s1: timedOut },
    });
    await catchUp(engine);
    expect(engine.insights.position()).toBeGreaterThan(0);
    expect(listed(disk, 'waiting')).toStrictEqual([
      { stream: 'session-acme_s1', reason: 'timed-out', attempts: 1, dueAt: NOW + 22_500 },
    ]);
    expect(await outcomeOf(disk)).toMatchObject({
      summaries: 1,
      held: 2,
      captured: 1,
      released: 0,
    });
  });

  it('is not asked before its time, nor before the service wants to be', async () => {
    const busy = { ...timedOut, reason: 'rate-limited', retryAfterMs: HOUR } as const;
    const { engine, disk, world, failures } = await begin({
      credits: 1,
      sessions: ['s1'],
      failures: { s1: busy },
    });
    await catchUp(engine);
    failures['s1'] = undefined;
    world.now = NOW + HOUR - 1;
    right(await engine.insights.workOff());
    expect(await outcomeOf(disk)).toMatchObject({ summaries: 0, waiting: 1 });
    world.now = NOW + HOUR;
    right(await engine.insights.workOff());
    expect(await outcomeOf(disk)).toMatchObject({ summaries: 1, waiting: 0, held: 1, captured: 1 });
    expect(engine.insights.retries()).toBe(1);
    expect(await dataOf(disk.store, 'SummaryGenerated')).toMatchObject([
      { generatedAt: NOW + HOUR },
    ]);
  });

  it('is given up after its attempts: the failure is recorded, the hold released, the session parked', async () => {
    const { engine, disk, world } = await begin({
      credits: 1,
      sessions: ['s1'],
      failures: { s1: timedOut },
    });
    await catchUp(engine);
    await waitOut(engine, world, disk);
    expect(await dataOf(disk.store, 'SummaryFailed')).toStrictEqual([
      { sessionId: 's1', attempt: 3, reason: 'timed-out', failedAt: NOW + 22_500 + 67_500 },
    ]);
    expect(await dataOf(disk.store, 'HoldReleased')).toMatchObject([
      { chargeId: 's1:0', reason: 'nothing-succeeded' },
    ]);
    expect(listed(disk, 'parked')).toStrictEqual([
      { stream: 'session-acme_s1', reason: 'timed-out', attempts: 3, dueAt: null },
    ]);
  });

  it('lets go of its hold after 48 hours, and takes another one for the attempt that comes then', async () => {
    const { engine, disk, world, failures } = await begin({
      credits: 1,
      sessions: ['s1'],
      failures: { s1: { ...timedOut, retryAfterMs: 49 * HOUR } },
    });
    await catchUp(engine);
    failures['s1'] = undefined;
    await waitOut(engine, world, disk);
    expect(await dataOf(disk.store, 'HoldReleased')).toMatchObject([
      { chargeId: 's1:0', reason: 'timed-out', releasedAt: AT + 60_000 + 48 * HOUR },
    ]);
    expect(await outcomeOf(disk)).toMatchObject({
      summaries: 1,
      held: 2,
      captured: 1,
      released: 1,
    });
  });
});

describe('a session that cannot be summarised', () => {
  const refused = { _tag: 'SummaryNotPossible', reason: 'refused', detail: 'refusal' } as const;

  it('is parked at once, and charged again when a later retry succeeds', async () => {
    const { engine, disk, world, failures } = await begin({
      credits: 1,
      sessions: ['s1'],
      failures: { s1: refused },
    });
    await catchUp(engine);
    expect(listed(disk, 'parked')).toMatchObject([{ reason: 'refused', attempts: 1 }]);
    failures['s1'] = undefined;
    right(disk.checkpoints.unfinished.retry('all', world.now));
    right(await engine.insights.workOff());
    expect(await dataOf(disk.store, 'CreditsHeld')).toMatchObject([
      { chargeId: 's1:0', heldAt: AT + 60_000 },
      { chargeId: 's1:1', heldAt: NOW },
    ]);
    expect(await outcomeOf(disk)).toMatchObject({ summaries: 1, captured: 1, parked: 0 });
  });

  it('stays parked when the credit has gone to another session in the meantime', async () => {
    const { engine, disk, world, failures } = await begin({
      credits: 1,
      sessions: ['s1'],
      failures: { s1: refused },
    });
    await catchUp(engine);
    await record(engine, 's2');
    await catchUp(engine);
    failures['s1'] = undefined;
    right(disk.checkpoints.unfinished.retry('all', world.now));
    right(await engine.insights.workOff());
    expect(listed(disk, 'parked')).toMatchObject([
      { stream: 'session-acme_s1', reason: 'insufficient-credits', attempts: 2 },
    ]);
    expect(await outcomeOf(disk)).toMatchObject({ summaries: 1, refused: ['session-acme_s1'] });
  });

  it('is parked again from the log alone when the list is lost', async () => {
    const { engine, disk, world } = await begin({
      credits: 1,
      sessions: ['s1'],
      failures: { s1: timedOut },
    });
    await catchUp(engine);
    await waitOut(engine, world, disk);
    const lost = { ...disk, checkpoints: memoryCheckpoints() };
    await catchUp(engineIn(world, lost));
    expect(listed(lost, 'parked')).toStrictEqual(listed(disk, 'parked'));
  });

  it('has no summary and no charge when the consent is withdrawn while it is being made', async () => {
    const { engine, disk, world } = await begin({ credits: 1, sessions: ['s1'] });
    const summarizer = {
      ...instantSummarizer,
      summarize: (input: Parameters<typeof instantSummarizer.summarize>[0]) => async () => {
        right(await engine.entry(withdrawn('s1')));
        return instantSummarizer.summarize(input)();
      },
    };
    await catchUp(engineIn(world, { ...disk, summarizer }));
    expect(await outcomeOf(disk)).toMatchObject({ summaries: 0, held: 1, released: 1, parked: 0 });
  });
});

describe('an event that cannot be handled', () => {
  const unreadable = {
    id: '00000000-0000-8000-8000-00000000000f',
    type: 'ContentCaptured',
    data: '{}',
    metadata: '{}',
  };

  it('is parked, and the others are handled', async () => {
    const { disk, world } = await begin({ credits: 2, sessions: ['s1', 's2'] });
    const stream = `session-${COMPANY}_s1`;
    let last = -1;
    for await (const page of disk.store.readStream(stream)) last += right(page).events.length;
    right(await disk.store.append(stream, last, [unreadable])());
    await catchUp(engineIn(world, disk));
    expect(listed(disk, 'parked')).toStrictEqual([
      {
        stream,
        reason: `unreadable ContentCaptured, revision ${last + 1} of ${stream}`,
        attempts: 1,
        dueAt: null,
      },
    ]);
    expect(await outcomeOf(disk)).toMatchObject({ summaries: 1, captured: 1 });
  });

  it('is not parked when it is the store that fails: the process stops where it is', async () => {
    const { disk, world } = await begin({ credits: 1, sessions: ['s1'] });
    const full = { _tag: 'StoreUnavailable', reason: 'disk-full', message: 'no room' } as const;
    const store = { ...disk.store, append: () => TE.left(full) };
    const { insights } = engineIn(world, { ...disk, store });
    expect(await insights.runUntil(await headOf(disk.store))).toStrictEqual(E.left(full));
    expect([insights.position(), listed(disk, 'parked')]).toStrictEqual([0, []]);
    await catchUp(engineIn(world, disk));
    expect(await outcomeOf(disk)).toMatchObject({ summaries: 1, captured: 1 });
  });
});

describe('a process that follows the log', () => {
  it('makes each attempt when it is due, by its own clock', async () => {
    const { disk, world, failures } = await begin({
      credits: 1,
      sessions: ['s1'],
      failures: { s1: timedOut },
    });
    const waits: number[] = [];
    const wait = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
      await turn();
      const isIdle = disk.checkpoints.unfinished.nextDueAt('insights') === null;
      if (isIdle || signal.aborted) return;
      waits.push(milliseconds);
      world.now += milliseconds;
      if (waits.length === 2) failures['s1'] = undefined;
    };
    const { insights } = engineOver(disk.store, {
      checkpoints: disk.checkpoints,
      summarizer: disk.summarizer ?? instantSummarizer,
      retry: { ...retryingIn(world), wait },
    });
    const stop = new AbortController();
    const following = insights.follow(stop.signal);
    while ((await outcomeOf(disk)).captured === 0) await turn();
    stop.abort();
    expect(await following).toStrictEqual(E.right(undefined));
    expect(waits).toStrictEqual([22_500, 60_000, 7_500]);
  });
});
