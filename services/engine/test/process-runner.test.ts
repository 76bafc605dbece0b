import type { CorruptEvent } from '@daybook/command-handling';
import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { makeProcessRunner, type ProcessFailure } from '../src/process-runner.js';
import { processWork } from '../src/unfinished-work.js';
import { headOf, memoryCheckpoints, memoryStore, oneAttempt, right } from './in-memory-engine.js';

// Goal: an event that can never be handled keeps its own stream waiting and nobody else's, and order
// within a stream is kept when it is tried again. Method: a process that cannot handle what it is told.

const corrupt = (stream: string): CorruptEvent => ({
  _tag: 'CorruptEvent',
  stream,
  revision: 0,
  type: 'T',
  paths: 'data',
});

const append = async (store: EventStore, streams: readonly string[]): Promise<void> => {
  const revisions = new Map<string, number>();
  for (const [index, stream] of streams.entries()) {
    const before = revisions.get(stream);
    const id = `00000000-0000-8000-8000-00000000000${index}`;
    const event = { id, type: 'T', data: '{}', metadata: '{}' };
    right(await store.append(stream, before ?? 'no-stream', [event])());
    revisions.set(stream, (before ?? -1) + 1);
  }
};

const begin = async (streams: readonly string[]) => {
  const store = memoryStore();
  await append(store, streams);
  const checkpoints = memoryCheckpoints();
  const poison = new Set<string>();
  const handled: string[] = [];
  const nameOf = ({ stream, revision }: StoredEvent): string => `${stream}@${revision}`;
  const runner = makeProcessRunner(store, checkpoints, {
    name: 'p',
    types: ['T'],
    handle: (events): Promise<E.Either<ProcessFailure, void>> => {
      const bad = events.find((event) => poison.has(nameOf(event)));
      if (bad !== undefined) return Promise.resolve(E.left(corrupt(bad.stream)));
      for (const event of events) handled.push(nameOf(event));
      return Promise.resolve(E.right(undefined));
    },
    retry: oneAttempt,
  });
  const work = processWork(checkpoints, { p: runner }, oneAttempt.clock);
  const parked = () =>
    work
      .list({ state: 'parked', limit: 10 })
      .map(({ eventId, reason }) => [eventId.at(-1), reason]);
  return { store, poison, handled, runner, work, parked };
};

describe('an event that can never be handled', () => {
  it('is parked with what follows it in its stream, and handled in order when it can be', async () => {
    const { store, poison, handled, runner, work, parked } = await begin(['a-1', 'b-1', 'a-1']);
    poison.add('a-1@0');
    right(await runner.runUntil(2));
    right(await runner.runUntil(await headOf(store)));
    expect(handled).toStrictEqual(['b-1@0']);
    expect(parked()).toStrictEqual([
      ['0', 'unreadable T, revision 0 of a-1'],
      ['2', 'waits for 00000000-0000-8000-8000-000000000000'],
    ]);
    expect(right(await work.retry('all'))).toBe(2);
    expect(parked()).toHaveLength(2);
    poison.clear();
    expect(right(await work.retry('all'))).toBe(2);
    expect([handled, parked()]).toStrictEqual([['b-1@0', 'a-1@0', 'a-1@1'], []]);
    expect(work.counts()).toStrictEqual([
      { process: 'p', position: 3, waiting: 0, parked: 0, retries: 3 },
    ]);
  });

  it('is parked with what arrived behind it in the same batch', async () => {
    const { store, poison, handled, runner, parked } = await begin(['a-1', 'b-1', 'a-1']);
    poison.add('a-1@0');
    right(await runner.runUntil(await headOf(store)));
    expect(handled).toStrictEqual(['b-1@0']);
    expect(parked().map(([event]) => event)).toStrictEqual(['0', '2']);
  });

  it('is not tried before the event that it waits for', async () => {
    const { store, poison, handled, runner, work, parked } = await begin(['a-1', 'b-1', 'a-1']);
    poison.add('a-1@0');
    right(await runner.runUntil(await headOf(store)));
    poison.clear();
    expect(right(await work.retry(['00000000-0000-8000-8000-000000000002']))).toBe(1);
    expect(handled).toStrictEqual(['b-1@0']);
    expect(parked().map(([event]) => event)).toStrictEqual(['0', '2']);
  });
});

describe('work that is worth another attempt', () => {
  it('is parked after the last one of a round, and has a new round when somebody asks', async () => {
    const store = memoryStore();
    await append(store, ['a-1']);
    const checkpoints = memoryCheckpoints();
    const attempts: (readonly [number, boolean])[] = [];
    const retry = { ...oneAttempt, policy: { ...oneAttempt.policy, attemptsMax: 2 } };
    const at = { now: 1_000 };
    const runner = makeProcessRunner(store, checkpoints, {
      name: 'p',
      types: ['T'],
      order: 'none',
      work: (tasks) => {
        for (const { attempt, isLast } of tasks) attempts.push([attempt, isLast]);
        const undone = tasks.map(({ event }) => ({
          event,
          outcome: 'wait' as const,
          reason: 'busy',
          retryAfterMs: null,
        }));
        return Promise.resolve(E.right(undone));
      },
      retry: { ...retry, clock: () => at.now },
    });
    const work = processWork(checkpoints, { p: runner }, () => at.now);
    const standing = () => work.counts().map(({ waiting, parked }) => [waiting, parked]);
    right(await runner.runUntil(1));
    expect(standing()).toStrictEqual([[1, 0]]);
    at.now += 30_000;
    right(await runner.workOff());
    expect(standing()).toStrictEqual([[0, 1]]);
    right(await work.retry('all'));
    expect(standing()).toStrictEqual([[1, 0]]);
    expect(attempts).toStrictEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
  });
});
