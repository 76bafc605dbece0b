import { makeInMemoryEventStore, type EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { type StreamConfig } from 'nats';
import { backfill, defaultStream } from '../src/index.js';
import { type NatsServer, startNatsServer } from '../src/nats-server/index.js';
import { streamConfig } from '../src/nats/stream-config.js';
import {
  appendEvents,
  asOperator,
  brokerOn,
  positionsIn,
  right,
  withSession,
} from './relay-set-up.js';
import { RECORDED } from './stored-events.js';

// Goal: the stream is a copy of the log and of nothing else, and nobody makes holes in it. Method: a real nats-server,
// as an operator has prepared it.

let server: NatsServer;
let store: EventStore;

beforeEach(async () => {
  server = await startNatsServer();
  store = makeInMemoryEventStore({ clock: () => RECORDED });
});
afterEach(async () => {
  await store.close();
  await server.dispose();
});

const fill = () => backfill({ store, broker: brokerOn(server), window: 4 });

const addStreams = (...configs: readonly (Partial<StreamConfig> & { name: string })[]) =>
  asOperator(server, async (connection) => {
    const manager = await connection.jetstreamManager();
    for (const config of configs) await manager.streams.add(config);
  });

const origin = { name: 'ORIGIN', subjects: ['origin.>'] };

it('a stream refuses to have single messages deleted, also from an operator', async () => {
  const positions = await appendEvents(store, 8);
  right(await fill());
  const deleting = asOperator(server, async (connection) =>
    (await connection.jetstreamManager()).streams.deleteMessage('DAYBOOK', 2),
  );
  await expect(deleting).rejects.toThrow('message delete not permitted');
  expect(await positionsIn(brokerOn(server))).toStrictEqual(positions);
});

it('a stream that could be thinned out is not written', async () => {
  await addStreams({ ...streamConfig(defaultStream), deny_delete: false });
  expect(await fill()).toStrictEqual(
    E.left({
      _tag: 'StreamMismatch',
      stream: 'DAYBOOK',
      differences: [{ setting: 'deny_delete', wanted: 'true', found: 'false' }],
    }),
  );
});

it('a mirror of another stream is not written', async () => {
  const mirror = { ...streamConfig(defaultStream), mirror: { name: 'ORIGIN' } };
  // A mirror has no subjects of its own.
  delete mirror.subjects;
  await addStreams(origin, mirror);
  const refused = await fill();
  expect(E.isLeft(refused) && refused.left).toMatchObject({ _tag: 'StreamMismatch' });
  expect(
    E.isLeft(refused) && 'differences' in refused.left && refused.left.differences,
  ).toContainEqual({ setting: 'mirror', wanted: 'none', found: 'a mirror of another stream' });
});

it('a stream that takes messages from another one is not written', async () => {
  await addStreams(origin, { ...streamConfig(defaultStream), sources: [{ name: 'ORIGIN' }] });
  expect(await fill()).toStrictEqual(
    E.left({
      _tag: 'StreamMismatch',
      stream: 'DAYBOOK',
      differences: [{ setting: 'sources', wanted: 'none', found: 'other streams' }],
    }),
  );
});

it('is read page by page: no message is sent before somebody asks for its page', async () => {
  await appendEvents(store, 2_000);
  right(await backfill({ store, broker: brokerOn(server), window: 128 }));
  const handedOut = () =>
    asOperator(server, async (connection) => {
      const manager = await connection.jetstreamManager();
      const [reader] = await manager.consumers.list('DAYBOOK').next();
      return reader?.delivered.stream_seq;
    });
  const seen: unknown[] = [];
  await withSession(brokerOn(server), async (session) => {
    for await (const page of session.read(1)) {
      seen.push([right(page).at(-1)?.sequence, await handedOut()]);
      if (seen.length === 2) return;
    }
  });
  expect(seen).toStrictEqual([
    [500, 500],
    [1_000, 1_000],
  ]);
});
