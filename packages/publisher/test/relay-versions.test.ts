import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { relayStatus } from '../src/index.js';
import { type NatsServer, startNatsServer } from '../src/nats-server/index.js';
import {
  appendEvents,
  brokerOn,
  emptyLog,
  positionsIn,
  relayOn,
  right,
  until,
  untilDone,
} from './relay-set-up.js';

// Goal: while two versions run, the older passes over nothing that the newer has begun to publish. Method: two
// relays on one real server; the older does not know one of the log's types, as a version before it would not.

let server: NatsServer;
let store: EventStore;
const relays: { stop: () => Promise<void> }[] = [];

beforeEach(async () => {
  server = await startNatsServer();
  store = emptyLog();
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop();
  await server.dispose();
  await store.close();
});

const NEVER_MS = 600_000;

/** The log as a version sees it that publishes everything but the ends of sessions of `acme`. */
const seenByOlder = (log: EventStore): EventStore => ({
  ...log,
  subscribe: async function* (options) {
    for await (const page of log.subscribe(options))
      yield E.isLeft(page)
        ? page
        : E.right({
            ...page.right,
            events: page.right.events.filter(({ stream }) => !stream.startsWith('session-acme')),
          });
  },
});

const older = (standBackFromNewerMs: number) => {
  const broker = brokerOn(server, { writer: 'older', vocabulary: 1 });
  const relay = relayOn(seenByOlder(store), broker, {
    writer: 'older',
    settings: { standBackFromNewerMs },
  });
  relays.push(relay);
  return relay;
};

const newer = () => {
  const relay = relayOn(store, brokerOn(server, { writer: 'newer', vocabulary: 2 }), {
    writer: 'newer',
  });
  relays.push(relay);
  return relay;
};

const isStandingBack = (relay: ReturnType<typeof older>): boolean =>
  relay.health().state._tag === 'StandingBack';

describe('an older relay', () => {
  it('leaves the stream to a newer one, also while that one is away', async () => {
    const before = await appendEvents(store, 20);
    const first = newer();
    await untilDone(store, first);
    const old = older(NEVER_MS);
    await until(() => isStandingBack(old));
    expect(old.health().state).toMatchObject({ writer: 'newer' });
    await first.stop();
    const after = await appendEvents(store, 40);
    expect((await old.metrics()).published).toBe(0);
    const second = newer();
    await untilDone(store, second);
    expect(await positionsIn(brokerOn(server))).toStrictEqual([...before, ...after]);
  });

  it('is left to finish by a newer one that comes, and does not come back after it', async () => {
    await appendEvents(store, 8);
    const old = older(NEVER_MS);
    await until(() => old.health().state._tag === 'Publishing');
    await untilDone(store, old);
    const young = newer();
    await until(() => young.health().state._tag === 'Publishing');
    await appendEvents(store, 400);
    await until(() => isStandingBack(old) || isStandingBack(young));
    await old.stop();
    await untilDone(store, young);
    const last = await appendEvents(store, 40);
    await untilDone(store, young);
    expect((await positionsIn(brokerOn(server))).slice(-last.length)).toStrictEqual(last);
  });

  it('takes over when the newer one is gone for long, as after a return to the older version', async () => {
    await appendEvents(store, 8);
    const young = newer();
    await untilDone(store, young);
    await young.stop();
    const old = older(20);
    await until(() => isStandingBack(old));
    await appendEvents(store, 8);
    await untilDone(store, old);
    expect(old.health().state._tag).toBe('Publishing');
    const { tail } = right(await relayStatus({ store, broker: brokerOn(server) }));
    expect(E.isRight(tail) && tail.right.writer).toBe('older');
  });
});
