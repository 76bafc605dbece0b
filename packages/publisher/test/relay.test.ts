import { type EventStore } from '@daybook/event-store';
import { backfill, defaultStream, notPublished, verifyRelay } from '../src/index.js';
import { type NatsServer, startNatsServer } from '../src/nats-server/index.js';
import { complaints } from './oracle.js';
import { fixtureEvents, storedEvent } from './stored-events.js';
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

// Goal: whatever happens to the broker, its stream holds every published event of the log once, in order.
// Method: a real nats-server for each test, killed, emptied, written to by others; a log in memory.

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

const verified = async (broker = brokerOn(server)) =>
  right(await verifyRelay(broker, { store, subjectPrefix: defaultStream.subjectPrefix }));

describe('the relay', () => {
  it('brings what was there before and what comes after, in order, without what stays inside', async () => {
    const before = await appendEvents(store, 700);
    const relay = startRelay(store, brokerOn(server));
    await untilDone(store, relay);
    const after = await appendEvents(store, 50);
    await untilDone(store, relay);
    expect(await positionsIn(brokerOn(server))).toStrictEqual([...before, ...after]);
    expect(await relay.metrics()).toStrictEqual({
      published: before.length + after.length,
      inFlight: 0,
      resyncs: 0,
      resyncsWithoutProgress: 0,
      unpublishable: 0,
      lagEvents: 0,
      lagSeconds: 0,
    });
    expect(relay.health()).toMatchObject({
      state: { _tag: 'Publishing' },
      position: right(await store.head()()),
    });
  });

  it('names company, context and event in the subject, and the position in the message’s id', async () => {
    const [position] = await appendEvents(store, 4);
    await backfill({ store, broker: brokerOn(server), window: 8 });
    const first = await withSession(brokerOn(server), async (session) => {
      for await (const page of session.read(1)) return right(page)[0];
      return undefined;
    });
    const event = JSON.parse(first?.body ?? '{}') as { company: string; sequence: string };
    const token = { acme: 'acme', 'b.eu': 'b_2eeu' }[event.company];
    expect(first).toMatchObject({
      sequence: 1,
      id: String(position),
      subject: `daybook.${token}.session-insights.session-ended`,
    });
    expect(Number(event.sequence)).toBe(position);
  });

  it('goes on where the stream ends when it is started again', async () => {
    await appendEvents(store, 100);
    const first = startRelay(store, brokerOn(server));
    await untilDone(store, first);
    await first.stop();
    expect(first.health().state._tag).toBe('Stopped');
    await appendEvents(store, 100);
    const second = startRelay(store, brokerOn(server));
    await untilDone(store, second);
    expect((await second.metrics()).published).toBe(75);
    expect(await verified()).toMatchObject({ equal: 150, waiting: 0, differencesTotal: 0 });
  });

  it('puts a message in the place of an event that cannot be published, and goes on', async () => {
    await appendEvents(store, 4);
    await store.append('session-acme_broken', 'no-stream', [
      {
        id: '6f2c1d7a-0b3e-5c41-9a57-ffffffffffff',
        type: 'SessionEnded',
        data: '{"endedAt":"CANARY of a session"}',
        metadata: '{}',
      },
    ])();
    await appendEvents(store, 4);
    const relay = startRelay(store, brokerOn(server));
    await untilDone(store, relay);
    expect(await relay.metrics()).toMatchObject({ published: 7, unpublishable: 1 });
    expect(await verified()).toMatchObject({ equal: 7, differencesTotal: 0 });
    const bodies = await withSession(brokerOn(server), async (session) => {
      const found: string[] = [];
      for await (const page of session.read(1))
        for (const { body } of right(page)) found.push(body);
      return found;
    });
    expect(bodies.filter((body) => body.includes('event-unpublishable'))).toHaveLength(1);
    expect(bodies.join('')).not.toContain('CANARY');
  });
});

describe('every message that the broker gets', () => {
  it('is a valid CloudEvent of its released schema, without a word of a session', async () => {
    const canary = 'CANARY the printer in Bad Homburg prints blank pages';
    const body = { title: canary, problem: canary, steps: [canary], result: canary };
    const texts = [
      ['ContentCaptured', { text: { form: 'plain', value: canary } }],
      ['AssistantMessageAnswered', { text: { form: 'plain', value: canary } }],
      [
        'SummaryGenerated',
        { body: { form: 'plain', value: { ...body, followUps: [canary], tags: [canary] } } },
      ],
    ] as const;
    const planted = new Map<string, object>(texts);
    let count = 0;
    for (const { type, data } of fixtureEvents()) {
      count += 1;
      const withText = { ...(data as object), ...planted.get(type) };
      const stored = storedEvent({ type, data: withText, position: count, id: `s-${count}` });
      const { id, metadata, data: text } = stored;
      const stream = `${stored.stream.split('_')[0]}_s-${count}`;
      right(await store.append(stream, 'no-stream', [{ id, type, data: text, metadata }])());
    }
    const relay = startRelay(store, brokerOn(server));
    await untilDone(store, relay);
    const sent: string[] = [];
    await withSession(brokerOn(server), async (session) => {
      for await (const page of session.read(1))
        for (const { body: text } of right(page)) sent.push(text);
    });
    expect(sent).toHaveLength(count - Object.keys(notPublished).length);
    expect(sent.flatMap(complaints)).toStrictEqual([]);
    expect(sent.filter((text) => text.includes('CANARY'))).toStrictEqual([]);
    expect((await relay.metrics()).unpublishable).toBe(0);
  });
});

describe('a broker that is down', () => {
  it('is waited for, which health says, while events go on being appended', async () => {
    await appendEvents(store, 20);
    await server.stop();
    const relay = startRelay(store, brokerOn(server));
    await until(() => relay.health().state._tag === 'Waiting');
    const waiting = relay.health().state;
    expect(waiting).toMatchObject({
      _tag: 'Waiting',
      reason: expect.stringContaining('REFUSED') as string,
    });
    await appendEvents(store, 20);
    await until(async () => (await relay.metrics()).resyncsWithoutProgress > 3);
    const later = relay.health().state;
    expect(later._tag === 'Waiting' && waiting._tag === 'Waiting' && later.since).toBe(
      waiting.since,
    );
    await server.start();
    await untilDone(store, relay);
    expect(relay.health().state._tag).toBe('Publishing');
    expect(await verified()).toMatchObject({ equal: 30, waiting: 0, differencesTotal: 0 });
  });

  it('is noticed also while nothing is to be sent, and how far behind the relay is can be read', async () => {
    const relay = startRelay(store, brokerOn(server));
    await until(() => relay.health().state._tag === 'Publishing');
    await server.kill();
    await until(() => relay.health().state._tag === 'Waiting');
    await appendEvents(store, 8);
    const { lagEvents, lagSeconds } = await relay.metrics();
    expect(lagEvents).toBe(8);
    expect(lagSeconds).toBeGreaterThan(0);
    await server.start();
    await untilDone(store, relay);
    expect(await relay.metrics()).toMatchObject({ published: 6, lagEvents: 0, lagSeconds: 0 });
  });

  it('is filled again when its stream was deleted under the relay', async () => {
    await appendEvents(store, 40);
    const relay = startRelay(store, brokerOn(server));
    await untilDone(store, relay);
    await asOperator(server, async (connection) => {
      await (await connection.jetstreamManager()).streams.delete('DAYBOOK');
    });
    await appendEvents(store, 40);
    await untilDone(store, relay);
    expect(await verified()).toMatchObject({ equal: 60, waiting: 0, differencesTotal: 0 });
  });

  it('that lost its last messages gets them again', async () => {
    const positions = await appendEvents(store, 40);
    const log = store;
    const shorter = emptyLog();
    // A stream that ends early is what a server is left with that lost its tail.
    for await (const page of log.readAll({ limit: 20 }))
      for (const { stream, id, type, data, metadata } of right(page).events)
        right(await shorter.append(stream, 'no-stream', [{ id, type, data, metadata }])());
    await backfill({ store: shorter, broker: brokerOn(server), window: 8 });
    expect(await verified()).toMatchObject({ equal: 15, waiting: 15, differencesTotal: 0 });
    const relay = startRelay(store, brokerOn(server));
    await untilDone(store, relay);
    expect(await positionsIn(brokerOn(server))).toStrictEqual(positions);
  });
});
