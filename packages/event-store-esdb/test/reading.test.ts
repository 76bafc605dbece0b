/** Reads of a server that is slow, whose clock goes back, or that does not tell where an append stands. */
import { type EventStore, makeInMemoryEventStore, type StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { startEventStoreServer } from '@daybook/event-store-server';
import { clientOf, rightOf, serve } from './served.js';

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const memory = (): EventStore => makeInMemoryEventStore({ clock: () => 1_700_000_000_000 });

const grow = async (store: EventStore, count: number, kept: readonly number[]): Promise<void> => {
  const events = Array.from({ length: count }, (_, n) => ({
    id: idOf(n + 1),
    type: kept.includes(n + 1) ? 'NoteKept' : 'NoteTaken',
    data: '{}',
    metadata: '{}',
  }));
  const [first, ...rest] = events;
  if (first === undefined) throw new Error('nothing');
  rightOf(await store.append('note-1', 'no-stream', [first, ...rest])());
};

/** Answers no read with a filter in time, as a server does that looks through a long log. */
const slowToFilter = (store: EventStore): EventStore => ({
  ...store,
  async *readAll(options = {}) {
    if (options.filter?.types?.includes('NoteKept') === true) {
      await new Promise((resolve) => setTimeout(resolve, 800));
    }
    yield* store.readAll(options);
  },
});

describe('a read with a filter that finds little in a long log', () => {
  it('goes on from where the server came, and is complete', async () => {
    const inner = memory();
    await grow(inner, 6_000, [1, 2, 3_000, 5_999]);
    const server = await serve(slowToFilter(inner));
    const store = clientOf(server, { readTimeoutMs: 2_000, outageMsMax: 0 });
    const found: number[] = [];
    const checkpoints: number[] = [];
    const filter = { types: ['NoteKept'] };
    for await (const page of store.readAll({ filter, pageSize: 3 })) {
      const { events, checkpoint } = rightOf(page);
      expect(events.length).toBeLessThanOrEqual(3);
      for (const { position } of events) found.push(position);
      checkpoints.push(checkpoint);
    }
    expect(found).toStrictEqual([1, 2, 3_000, 5_999]);
    expect(checkpoints).toStrictEqual([3_000, 6_000]);
    await store.close();
    await server.close();
  });
});

describe('a read of everything', () => {
  it('passes what the database keeps for itself over in large steps', async () => {
    const inner = memory();
    let pages = 0;
    const counted: EventStore = {
      ...inner,
      async *readAll(options) {
        pages += 1;
        yield* inner.readAll(options);
      },
    };
    const own = Array.from({ length: 640 }, (_, n) => ({
      id: idOf(n + 1),
      type: '$metadata',
      data: '{}',
      metadata: '{}',
    }));
    const [first, ...rest] = own;
    if (first === undefined) throw new Error('nothing');
    rightOf(await inner.append('$$note-1', 'no-stream', [first, ...rest])());
    const note = { id: idOf(9_999), type: 'NoteTaken', data: '{}', metadata: '{}' };
    rightOf(await inner.append('note-1', 'no-stream', [note])());
    const server = await serve(counted);
    const store = clientOf(server);
    const read: StoredEvent[] = [];
    for await (const page of store.readAll({ limit: 1 })) {
      for (const event of rightOf(page).events) read.push(event);
    }
    expect(read.map(({ position }) => position)).toStrictEqual([641]);
    expect(pages).toBeLessThanOrEqual(11);
    await store.close();
    await server.close();
  });
});

/** The log of two leaders, of whom the second one's clock is behind. */
const withTimes = (store: EventStore, times: readonly number[]): EventStore => ({
  ...store,
  async *readAll(options) {
    for await (const page of store.readAll(options)) {
      yield E.map(
        (read: { events: readonly StoredEvent[]; checkpoint: number; caughtUp: boolean }) => ({
          ...read,
          events: read.events.map((event) => ({
            ...event,
            recordedAt: times[event.position - 1] ?? event.recordedAt,
          })),
        }),
      )(page);
    }
  },
});

describe('the recorded time', () => {
  it('never decreases from page to page', async () => {
    const inner = memory();
    await grow(inner, 5, []);
    const server = await serve(withTimes(inner, [10, 30, 20, 40, 25]));
    const store = clientOf(server);
    const times: number[] = [];
    for await (const page of store.readAll({ pageSize: 2 })) {
      for (const { recordedAt } of rightOf(page).events) times.push(recordedAt);
    }
    expect(times).toStrictEqual([10, 30, 30, 40, 40]);
    await store.close();
    await server.close();
  });
});

describe('a server that denies access', () => {
  it('is asked once, for an append and for a read', async () => {
    const credentials = [{ username: 'ada', password: 'secret' }];
    const options = { store: memory(), host: '127.0.0.1', port: 0, credentials };
    const server = rightOf(await startEventStoreServer(options)());
    // Who tried again would wait longer than the test may take.
    const store = clientOf(server, { retryDelayMsFirst: 600_000, retryDelayMsMax: 600_000 });
    const event = { id: idOf(1), type: 'NoteTaken', data: '{}', metadata: '{}' };
    const answers = [await store.append('note-1', 'no-stream', [event])(), await store.head()()];
    const denied = { _tag: 'StoreUnavailable', reason: 'read-only' };
    expect(answers).toMatchObject([E.left(denied), E.left(denied)]);
    await store.close();
    await server.close();
  });
});

describe('an append whose answer does not say where it stands', () => {
  it.each([-1, 2 ** 53])('such as %d is looked up', async (position) => {
    const inner = memory();
    const server = await serve({
      ...inner,
      append: (stream, expected, events) => async () => {
        const answer = await inner.append(stream, expected, events)();
        return E.map((appended: { revision: number; position: number }) => ({
          ...appended,
          position: position < 0 ? appended.position + 2 ** 60 : position,
        }))(answer);
      },
    });
    const store = clientOf(server);
    const event = { id: idOf(1), type: 'NoteTaken', data: '{}', metadata: '{}' };
    const answer = await store.append('note-1', 'no-stream', [event])();
    expect(answer).toStrictEqual(E.right({ revision: 0, position: 1 }));
    await store.close();
    await server.close();
  });
});
