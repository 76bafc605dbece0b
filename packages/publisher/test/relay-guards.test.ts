import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { backfill, defaultStream, relayStatus, verifyRelay } from '../src/index.js';
import { type NatsServer, startNatsServer } from '../src/nats-server/index.js';
import {
  appendEvents,
  asOperator,
  brokerOn,
  emptyLog,
  positionsIn,
  relayOn,
  right,
  until,
  untilDone,
  withSession,
} from './relay-set-up.js';

// Goal: what is not right with a stream is said, and nothing is written to it; two relays keep the order.
// Method: a real nats-server whose stream is changed behind the relay's back.

let server: NatsServer;
let store: EventStore;
const relays: { stop: () => Promise<void> }[] = [];

const startRelay = (...args: Parameters<typeof relayOn>) => {
  const relay = relayOn(...args);
  relays.push(relay);
  return relay;
};

beforeEach(async () => {
  server = await startNatsServer();
  store = emptyLog();
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop();
  await server.dispose();
  await store.close();
});

const fill = async () => right(await backfill({ store, broker: brokerOn(server), window: 16 }));

const blockedBy = async (log: EventStore = store): Promise<unknown> => {
  const relay = startRelay(log, brokerOn(server));
  await until(() => relay.health().state._tag === 'Blocked');
  const { state } = relay.health();
  return state._tag === 'Blocked' ? state.blocked : undefined;
};

const purge = (): Promise<unknown> =>
  asOperator(server, async (connection) =>
    (await connection.jetstreamManager()).streams.purge('DAYBOOK'),
  );

describe('a stream that is not as it must be', () => {
  it('is left as it is when its settings are others, and each difference is named', async () => {
    const other = brokerOn(server, { stream: { maxAgeMs: 3_600_000, maxBytes: 1_000_000 } });
    await withSession(other, async (session) => right(await session.ensureStream()));
    expect(await blockedBy()).toStrictEqual({
      _tag: 'StreamMismatch',
      stream: 'DAYBOOK',
      differences: [
        { setting: 'max_age (DAYBOOK_RELAY_MAX_AGE)', wanted: '0ms', found: '3600000ms' },
        { setting: 'max_bytes (DAYBOOK_RELAY_MAX_BYTES)', wanted: 'unlimited', found: '1000000' },
      ],
    });
  });

  it('is not written when somebody else published into it', async () => {
    await appendEvents(store, 4);
    await fill();
    await asOperator(server, async (connection) => {
      await connection.jetstream().publish('daybook.acme.x.y', 'not an event');
    });
    expect(await blockedBy()).toStrictEqual({ _tag: 'ForeignTail', sequence: 4 });
  });

  it('is not written when it holds more than the log, or another log', async () => {
    await appendEvents(store, 8);
    await fill();
    expect(await blockedBy(emptyLog())).toMatchObject({ _tag: 'AheadOfLog', head: 0 });
    const other = emptyLog();
    await appendEvents(other, 8);
    expect(await blockedBy(other)).toMatchObject({ _tag: 'OtherLog' });
  });

  it('whose last message was removed goes on from the mark beside it, and asks when there is none', async () => {
    await appendEvents(store, 8);
    const relay = startRelay(store, brokerOn(server));
    await untilDone(store, relay);
    await relay.stop();
    await purge();
    await appendEvents(store, 8);
    const marked = startRelay(store, brokerOn(server));
    await untilDone(store, marked);
    expect((await marked.metrics()).published).toBe(6);
    await marked.stop();
    await appendEvents(store, 4);
    // Filled without a mark, as after a crash.
    await fill();
    await purge();
    expect(await blockedBy()).toStrictEqual({ _tag: 'TailUnknown', lastSequence: 15 });
    const head = right(await store.head()());
    const assumed = { store, broker: brokerOn(server), window: 4, assumedPosition: head };
    await appendEvents(store, 4);
    expect(right(await backfill(assumed))).toMatchObject({ from: head, published: 3 });
  });
});

describe('a stream that was emptied a moment ago', () => {
  it('is not taken for filled while the server still takes its events for repeats', async () => {
    await appendEvents(store, 4);
    await fill();
    await purge();
    const again = { store, broker: brokerOn(server), window: 1, assumedPosition: 0 };
    const refused = await backfill(again);
    expect(E.isLeft(refused) && refused.left._tag).toBe('FenceBroken');
    expect(await positionsIn(brokerOn(server))).toStrictEqual([]);
  });
});

describe('two relays at once', () => {
  it('keep the order: one publishes, the other stands back, and takes over when the first is gone', async () => {
    await appendEvents(store, 400);
    const a = startRelay(store, brokerOn(server, { writer: 'relay-a' }), { writer: 'relay-a' });
    const b = startRelay(store, brokerOn(server, { writer: 'relay-b' }), { writer: 'relay-b' });
    await Promise.all([untilDone(store, a), untilDone(store, b)]);
    const positions: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      for (const position of await appendEvents(store, 40)) positions.push(position);
      await untilDone(store, a);
      await untilDone(store, b);
    }
    await until(() => [a, b].some((relay) => relay.health().state._tag === 'StandingBack'));
    const stored = await positionsIn(brokerOn(server));
    expect(stored).toHaveLength(660);
    expect(stored.slice(-positions.length)).toStrictEqual(positions);
    expect(stored).toStrictEqual([...stored].sort((left, right_) => left - right_));
    await a.stop();
    await appendEvents(store, 40);
    await untilDone(store, b);
    expect(await positionsIn(brokerOn(server))).toHaveLength(690);
  });
});

describe('verify', () => {
  const verify = async () =>
    right(
      await verifyRelay(brokerOn(server), { store, subjectPrefix: defaultStream.subjectPrefix }),
    );

  it('names what is different, foreign, missing, unexpected and waiting, by position', async () => {
    const positions = await appendEvents(store, 12);
    await fill();
    const at = (index: number): number => positions[index] ?? 0;
    await appendEvents(store, 8);
    await asOperator(server, async (connection) => {
      const stream = connection.jetstream();
      await stream.publish('daybook.acme.x.y', 'no id');
    });
    const refilled = await verify();
    expect(refilled).toMatchObject({ equal: 9, waiting: 6, removed: 0, differencesTotal: 1 });
    expect(refilled.differences).toStrictEqual([
      { kind: 'foreign', position: undefined, sequence: 10 },
    ]);
    const head = right(await store.head()());
    const later = await appendEvents(store, 8);
    await asOperator(server, async (connection) => {
      const stream = connection.jetstream();
      await stream.publish('daybook.acme.x.y', '{}', { msgID: String(head) });
      await stream.publish('daybook.acme.x.y', '{}', { msgID: String(at(0) + 100_000) });
    });
    const found = await verify();
    expect(found.equal).toBe(9);
    expect(found.differences.filter(({ kind }) => kind === 'unexpected')).toHaveLength(1);
    expect(found.differences.filter(({ kind }) => kind === 'missing').length).toBe(
      6 + later.length - 1,
    );
    expect(found.differences).toContainEqual({ kind: 'different', position: head, sequence: 11 });
  });

  it('names a message that stands after a later one', async () => {
    const positions = await appendEvents(store, 8);
    await fill();
    const earlier = [1, 2, 3, 4, 5].find((position) => !positions.includes(position)) ?? 0;
    await asOperator(server, async (connection) => {
      await connection.jetstream().publish('daybook.acme.x.y', '{}', { msgID: String(earlier) });
    });
    expect((await verify()).differences).toStrictEqual([
      { kind: 'out-of-order', position: earlier, sequence: positions.length + 1 },
    ]);
  });

  it('compares subject and body, each for itself', async () => {
    await appendEvents(store, 8);
    await fill();
    const broker = brokerOn(server);
    const elsewhere = right(await verifyRelay(broker, { store, subjectPrefix: 'other' }));
    expect(elsewhere).toMatchObject({ equal: 0, differencesTotal: 6 });
    const other = emptyLog();
    await appendEvents(other, 8);
    const { subjectPrefix } = defaultStream;
    const otherBodies = right(await verifyRelay(broker, { store: other, subjectPrefix }));
    expect(otherBodies).toMatchObject({ equal: 0, differencesTotal: 6 });
  });

  it('knows what retention removed from the front', async () => {
    await appendEvents(store, 12);
    await fill();
    await asOperator(server, async (connection) =>
      (await connection.jetstreamManager()).streams.purge('DAYBOOK', { keep: 3 }),
    );
    expect(await verify()).toMatchObject({ equal: 3, removed: 6, waiting: 0, differencesTotal: 0 });
  });
});

describe('status', () => {
  it('says how the stream stands against the log, and makes none', async () => {
    await appendEvents(store, 4);
    const broker = brokerOn(server);
    const head = right(await store.head()());
    expect(right(await relayStatus({ store, broker }))).toMatchObject({
      stream: undefined,
      head,
      tail: E.right({ position: 0, writer: '' }),
    });
    await fill();
    const status = right(await relayStatus({ store, broker }));
    expect(status).toMatchObject({
      stream: { name: 'DAYBOOK', messages: 3, lastSequence: 3 },
      differences: [],
      waitingSince: undefined,
    });
  });

  it('asks for a mark without making a place for it', async () => {
    await appendEvents(store, 4);
    await fill();
    await purge();
    const { tail } = right(await relayStatus({ store, broker: brokerOn(server) }));
    expect(tail).toStrictEqual(E.left({ _tag: 'TailUnknown', lastSequence: 3 }));
    const names = await asOperator(server, async (connection) =>
      (await connection.jetstreamManager()).streams.names().next(),
    );
    expect(names).toStrictEqual(['DAYBOOK']);
  });

  it('says that there is no broker', async () => {
    await server.kill();
    const status = await relayStatus({ store, broker: brokerOn(server) });
    expect(E.isLeft(status) && status.left._tag).toBe('BrokerUnavailable');
  });
});

it('uses neither the fence by message id, which wedges a replicated stream, nor a reason for term', () => {
  const root = join(__dirname, '../../..');
  const skipped = new Set(['node_modules', 'dist', 'test']);
  const sourcesIn = (folder: string): readonly string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourcesIn(path);
      return path.includes('/src/') && path.endsWith('.ts') ? [path] : [];
    });
  const sources = ['packages', 'services', 'scripts'].flatMap((folder) =>
    sourcesIn(join(root, folder)),
  );
  expect(sources.length).toBeGreaterThan(100);
  const banned = /lastMsgID|Expected-Last-Msg-Id|\.term\([^)]/;
  expect(sources.filter((file) => banned.test(readFileSync(file, 'utf8')))).toStrictEqual([]);
});
