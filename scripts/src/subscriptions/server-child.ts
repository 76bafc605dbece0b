/**
 * A SQLite store served over the EventStoreDB protocol, in a process of its own that can be killed. Prints its
 * port when it listens. On standard input: a number of events to append by itself, or `memory`; it answers each
 * line with one of JSON.
 */
import { createInterface } from 'node:readline';
import { type EventStore, type EventToAppend } from '@daybook/event-store';
import { startEventStoreServer } from '@daybook/event-store-server';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { right } from '../synthetic/company.js';

const STREAM = 'note-subscriptions';
const AT_ONCE = 500;

const eventOf = (n: number): EventToAppend => ({
  id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  type: n % 10 === 0 ? 'NoteKept' : 'NoteTaken',
  data: JSON.stringify({ n, text: 'x'.repeat(400) }),
  metadata: '{"schema":1}',
});

const countOf = async (store: EventStore): Promise<number> => {
  for await (const page of store.readStream(STREAM, { direction: 'backwards', limit: 1 })) {
    if (E.isLeft(page)) throw new Error(page.left._tag);
    return (page.right.events[0]?.revision ?? -1) + 1;
  }
  return 0;
};

/** Numbers its events from what is there, so that a killed server's successor goes on. */
const grow = async (store: EventStore, count: number): Promise<number> => {
  const first = await countOf(store);
  for (let n = first; n < first + count; n += AT_ONCE) {
    const length = Math.min(AT_ONCE, first + count - n);
    const [head, ...rest] = Array.from({ length }, (_, index) => eventOf(n + index));
    if (head === undefined) break;
    const answer = await store.append(STREAM, n === 0 ? 'no-stream' : n - 1, [head, ...rest])();
    if (E.isLeft(answer)) throw new Error(answer.left._tag);
  }
  return first + count;
};

const memory = (): object => {
  global.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMb: Math.round(rss / 2 ** 20), heapMb: Math.round(heapUsed / 2 ** 20) };
};

const main = async (directory: string, port: number): Promise<void> => {
  const store = right(await openSqliteEventStore({ directory, clock: Date.now })());
  const server = right(await startEventStoreServer({ store, host: '127.0.0.1', port })());
  process.stdout.write(`${JSON.stringify({ port: server.port })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = line === 'memory' ? memory() : { events: await grow(store, Number(line)) };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await server.close();
  await store.close();
};

await main(process.argv[2] ?? '', Number(process.argv[3] ?? 0));
