import type { EventStore } from '@daybook/event-store';
import { type NatsServer, startNatsServer } from '@daybook/publisher/nats-server';
import {
  atLeastOnce,
  type Handler,
  listParked,
  type Notice,
  type PrepareOptions,
  prepareSubscriber,
  retryParked,
  startSubscriber,
  type Subscriber,
  subjectFilter,
  type SubscriberOptions,
} from '../src/index.js';
import { asOperator, emptyLog, endSessions, gate, relay, sessionsOf, until } from './set-up.js';

type Options = SubscriberOptions<undefined, Promise<void> | void>;
type Handle = Handler<undefined, Promise<void> | void>;

/** Goal: what subscribers are promised. Method: a real nats-server, the relay’s stream, and gates instead of waiting. */
describe('a subscriber', () => {
  let server: NatsServer;
  let store: EventStore;
  const running: Subscriber[] = [];

  beforeEach(async () => {
    server = await startNatsServer();
    store = emptyLog();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((subscriber) => subscriber.stop()));
    await server.dispose();
  });

  const start = (options: Partial<Options> & Pick<Options, 'handle'>): Subscriber => {
    const subscriber = startSubscriber({
      servers: [server.url],
      durable: 'reader',
      checkpoint: atLeastOnce,
      prepare: { from: 'beginning', ackWaitMs: 1_000 },
      retry: { attemptsMax: 3, firstMs: 1, longestMs: 4 },
      ...options,
    });
    running.push(subscriber);
    return subscriber;
  };
  const publish = async (...sessions: readonly (readonly [string, string])[]): Promise<void> => {
    await endSessions(store, sessions);
    await relay(server.url, store);
  };
  const collecting = (into: string[]): Handle => {
    return (event) => {
      if (event.type === 'daybook.session-insights.session-ended.v1')
        into.push(event.data.sessionId);
      return Promise.resolve();
    };
  };
  const names = (company: string, from: number, to: number): readonly string[] =>
    sessionsOf(company, from, to).map(([, session]) => session);

  test('that comes late reads from the first event, then what comes while it reads', async () => {
    await publish(...sessionsOf('a', 1, 40));
    const seen: string[] = [];
    start({ handle: collecting(seen) });
    await until(() => seen.length === 40);
    await publish(...sessionsOf('a', 41, 50));
    await until(() => seen.length === 50);
    expect(seen).toStrictEqual(names('a', 1, 50));
  });

  test('begins now, or behind a position of the log, when that is asked for', async () => {
    await publish(...sessionsOf('a', 1, 9));
    const positions: number[] = [];
    start({
      durable: 'all',
      handle: ({ position }) => Promise.resolve(positions.push(position)),
    });
    await until(() => positions.length === 9);
    const now: string[] = [];
    const later: string[] = [];
    const from = async (durable: string, prepare: PrepareOptions, into: string[]) => {
      await prepareSubscriber({ servers: [server.url], durable }, prepare);
      start({ durable, prepare, handle: collecting(into) });
    };
    await from('now', { from: 'now' }, now);
    // A position that was never published lies between two that were.
    await from('later', { from: { position: (positions[5] ?? 0) + 0.5 } }, later);
    await publish(['a', 'a10']);
    await until(() => now.length === 1 && later.length === 4);
    expect([now, later]).toStrictEqual([['a10'], names('a', 7, 10)]);
  });

  test('that is slow does not slow another: one is held at its first event while the other reads all', async () => {
    const held = gate();
    const slow: string[] = [];
    const quick: string[] = [];
    await publish(...sessionsOf('a', 1, 600));
    start({
      durable: 'slow',
      handle: async (event, context) => {
        await held.opened;
        await collecting(slow)(event, context);
      },
    });
    start({ durable: 'quick', handle: collecting(quick) });
    await until(() => quick.length === 600);
    expect(slow).toStrictEqual([]);
    held.open();
    await until(() => slow.length === 600);
    expect(slow).toStrictEqual(quick);
  });

  test('keeps each company in order while another company’s event is tried again', async () => {
    const seen: string[] = [];
    let failures = 0;
    await publish(['a', 'a1'], ['b', 'b1'], ['a', 'a2'], ['b', 'b2'], ['a', 'a3']);
    const repaired = gate();
    start({
      retry: { attemptsMax: Infinity, firstMs: 1, longestMs: 2 },
      handle: async (event, context) => {
        if (event.subject === 'session/a1' && !seen.includes('b2')) {
          failures += 1;
          if (failures === 3) repaired.open();
          throw new Error('not yet');
        }
        if (event.company === 'b') await repaired.opened;
        await collecting(seen)(event, context);
      },
    });
    await until(() => seen.length === 5);
    expect(seen).toStrictEqual(['b1', 'b2', 'a1', 'a2', 'a3']);
  });

  test('parks a poisonous message and goes on; parked, it keeps its bytes and its reason', async () => {
    const seen: string[] = [];
    const notices: Notice[] = [];
    await publish(...sessionsOf('a', 1, 6));
    let isMended = false;
    const handle: Handle = async (event, context) => {
      if (event.subject === 'session/a3' && !isMended) throw new RangeError('secret words');
      await collecting(seen)(event, context);
    };
    const subscriber = start({ handle, notice: (notice) => notices.push(notice) });
    await until(() => seen.length === 5);
    expect(seen).toStrictEqual(['a1', 'a2', 'a4', 'a5', 'a6']);
    const place = { servers: [server.url], durable: 'reader' };
    const [letter, ...others] = await listParked(place);
    expect(others).toStrictEqual([]);
    expect({ ...letter, at: 'some time' }).toStrictEqual({
      letter: 1,
      subject: 'daybook.a.session-insights.session-ended',
      sequence: 3,
      reason: 'handler-failed',
      error: 'RangeError',
      attempts: 3,
      at: 'some time',
    });
    const copies = await asOperator(server.url, async (manager) => [
      (await manager.streams.getMessage('DAYBOOK_PARKED', { seq: 1 })).string(),
      (await manager.streams.getMessage('DAYBOOK', { seq: 3 })).string(),
    ]);
    expect(copies[0]).toBe(copies[1]);
    expect(JSON.stringify(notices)).not.toContain('secret');
    expect(subscriber.counters()).toMatchObject({ handled: 5, retries: 2, parked: 1 });

    expect(await retryParked(place, { handle, checkpoint: atLeastOnce })).toMatchObject({
      done: 0,
      failed: [{ sequence: 3, error: 'RangeError' }],
    });
    isMended = true;
    expect(await retryParked(place, { handle, checkpoint: atLeastOnce })).toStrictEqual({
      done: 1,
      failed: [],
    });
    expect([seen.at(-1), await listParked(place)]).toStrictEqual(['a3', []]);
  });

  test('stores the copy before it gives a message up: without a place to park, nothing is terminated', async () => {
    const notices: Notice[] = [];
    await publish(['a', 'a1']);
    const place = { servers: [server.url], durable: 'reader' };
    await prepareSubscriber(place, { from: 'beginning', ackWaitMs: 1_000 });
    await asOperator(server.url, (manager) => manager.streams.delete('DAYBOOK_PARKED'));
    const subscriber = startSubscriber({
      ...place,
      checkpoint: atLeastOnce,
      timeoutMs: 500,
      retry: { attemptsMax: 1, firstMs: 1, longestMs: 1 },
      handle: () => Promise.reject(new Error('never')),
      notice: (notice) => notices.push(notice),
    });
    running.push(subscriber);
    await until(() => notices.length > 2);
    const pending = await asOperator(server.url, (manager) =>
      manager.consumers.info('DAYBOOK', 'reader'),
    );
    expect([pending.num_ack_pending, subscriber.counters().parked]).toStrictEqual([1, 0]);
    await prepareSubscriber(place, { from: 'beginning', ackWaitMs: 1_000 });
    await until(() => subscriber.counters().parked === 1);
  });

  test('gets what its filter says and nothing else', async () => {
    const seen: string[] = [];
    await publish(['a', 'a1'], ['a.b', 'a.b1'], ['b', 'b1'], ['a.b', 'a.b2']);
    const subject = subjectFilter({ company: 'a.b', context: 'session-insights' });
    start({ prepare: { from: 'beginning', subject }, handle: collecting(seen) });
    await until(() => seen.length === 2);
    expect(seen).toStrictEqual(['a.b1', 'a.b2']);
  });

  test('stops when what is under way is done, and gives the rest back for the next', async () => {
    const under = gate();
    const begun = gate();
    const seen: string[] = [];
    await publish(...sessionsOf('a', 1, 20));
    const first = start({
      handle: async (event, context) => {
        begun.open();
        await under.opened;
        await collecting(seen)(event, context);
      },
    });
    await begun.opened;
    const stopped = first.stop();
    under.open();
    await stopped;
    expect([seen, first.state()._tag]).toStrictEqual([['a1'], 'Stopped']);
    start({ handle: collecting(seen) });
    await until(() => seen.length === 20);
    expect(seen).toStrictEqual(names('a', 1, 20));
  });

  test('goes on in order when the server was killed and comes back', async () => {
    const seen: string[] = [];
    await publish(...sessionsOf('a', 1, 300));
    const third = gate();
    const subscriber = start({
      handle: async (event, context) => {
        await collecting(seen)(event, context);
        if (seen.length === 150) {
          await server.kill();
          third.open();
        }
      },
    });
    await third.opened;
    await until(() => subscriber.state()._tag === 'Waiting');
    await server.start();
    await publish(...sessionsOf('a', 301, 320));
    await until(() => new Set(seen).size === 320);
    // What was done and not acknowledged comes again; nothing comes before its turn for the first time.
    expect([...new Set(seen)]).toStrictEqual(names('a', 1, 320));
  });

  test('keeps a message to itself however long its handler takes', async () => {
    const held = gate();
    const attempts: number[] = [];
    await publish(['a', 'a1']);
    const prepare = { from: 'beginning', ackWaitMs: 1_000 } as const;
    await prepareSubscriber({ servers: [server.url], durable: 'reader' }, prepare);
    const subscriber = start({
      prepare,
      handle: async (_event, { attempt }) => {
        attempts.push(attempt);
        await held.opened;
      },
    });
    await until(async () => {
      const info = await asOperator(server.url, (manager) =>
        manager.consumers.info('DAYBOOK', 'reader'),
      );
      return Date.now() - Date.parse(info.created) > 2_500;
    });
    held.open();
    await until(() => subscriber.counters().handled === 1);
    expect([attempts, subscriber.counters().received]).toStrictEqual([[1], 1]);
  });

  test('says which messages were removed before it could read them', async () => {
    const notices: Notice[] = [];
    const seen: string[] = [];
    const begun = gate();
    const held = gate();
    await publish(...sessionsOf('a', 1, 5));
    start({
      prepare: { from: 'beginning', window: 1 },
      handle: async (event, context) => {
        await collecting(seen)(event, context);
        begun.open();
        await held.opened;
      },
      notice: (notice) => notices.push(notice),
    });
    await begun.opened;
    await asOperator(server.url, (manager) => manager.streams.purge('DAYBOOK', { seq: 4 }));
    held.open();
    await publish(['a', 'a6']);
    await until(() => seen.length === 4);
    expect(seen).toStrictEqual(['a1', 'a4', 'a5', 'a6']);
    expect(notices).toStrictEqual([{ _tag: 'MessagesMissing', first: 2, last: 3 }]);
  });
});
