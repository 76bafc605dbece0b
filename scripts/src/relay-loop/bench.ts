import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import { backfill, toPublishedEvent } from '@daybook/publisher';
import { startNatsServer } from '@daybook/publisher/nats-server';
import { connect, StorageType } from 'nats';
import { right } from '../synthetic/company.js';
import { brokerAt } from './broker.js';
import { appendSessions } from './log.js';

const WINDOW = 256;

export type RelayBench = Readonly<{
  events: number;
  /** From the SQLite log to the stream: read, decode, publish with the fence. */
  relayPerSecond: number;
  /** The same bodies, ready made, by the same client to the same server, as many under way. */
  rawPerSecond: number;
}>;

const perSecond = async (events: number, work: () => Promise<void>): Promise<number> => {
  const started = performance.now();
  await work();
  return Math.round((events * 1_000) / (performance.now() - started));
};

/** Publishes bodies to a stream of their own without id or fence, `WINDOW` under way. */
const publishRaw = async (url: string, bodies: readonly Uint8Array[]): Promise<number> => {
  const connection = await connect({ servers: url, noAsyncTraces: true });
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name: 'RAW', subjects: ['raw.>'], storage: StorageType.File });
  const client = connection.jetstream();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let body = bodies[next]; body !== undefined; body = bodies[next]) {
      next += 1;
      await client.publish('raw.acme.session-insights.session-ended', body);
    }
  };
  const rate = await perSecond(bodies.length, async () => {
    await Promise.all(Array.from({ length: WINDOW }, lane));
  });
  await manager.streams.delete('RAW');
  await connection.close();
  return rate;
};

/** Relay against raw publishing, in one run on one server. The raw half runs first and warms the server. */
export const benchRelay = async (events: number): Promise<RelayBench> => {
  const root = mkdtempSync(join(tmpdir(), 'daybook-relay-bench-'));
  const server = await startNatsServer();
  const directory = join(root, 'log');
  const store = right(await openSqliteEventStore({ directory, clock: () => Date.now() })());
  try {
    await appendSessions(store, { from: 0, count: events });
    const bodies: Uint8Array[] = [];
    for await (const page of store.readAll())
      for (const stored of right(page).events)
        bodies.push(new TextEncoder().encode(toPublishedEvent(stored)?.body ?? ''));
    const rawPerSecond = await publishRaw(server.url, bodies);
    const broker = brokerAt(server.url, 'bench');
    const relayPerSecond = await perSecond(events, async () => {
      right(await backfill({ store, broker, window: WINDOW }));
    });
    return { events, relayPerSecond, rawPerSecond };
  } finally {
    await store.close();
    await server.dispose();
    rmSync(root, { recursive: true });
  }
};
