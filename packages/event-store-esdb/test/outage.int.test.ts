/**
 * The process of the server is killed and stays away, with the options that every node has. Nobody who waits may be
 * told of it: not an append, a read or a subscription, nor many appends in flight over kills that come fast.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { type EventStore, type EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { makeEsdbEventStore } from '../src/index.js';
import { type Program, start } from './program.js';
import { rightOf, urlOf } from './served.js';

const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const event = (n: number): EventToAppend => ({
  id: idOf(n),
  type: 'NoteTaken',
  data: `{"n":${String(n)}}`,
  metadata: '{}',
});

let directory: string;
let server: Program;
let port: number;
let store: EventStore;
const restart = async (): Promise<void> => {
  server = start('serve-sqlite.mjs', directory, String(port));
  expect(Number(await server.firstLine)).toBe(port);
};
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daybook-outage-'));
  server = start('serve-sqlite.mjs', directory, '0');
  port = Number(await server.firstLine);
  const connectionString = urlOf({ port });
  store = rightOf(makeEsdbEventStore({ connectionString, clock: Date.now, random: Math.random }));
});
afterEach(async () => {
  await store.close();
  await server.kill();
  rmSync(directory, { recursive: true });
});

const idsFrom = async (count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  const stop = new AbortController();
  for await (const page of store.subscribe({ after: 0, signal: stop.signal })) {
    for (const { id } of rightOf(page).events) ids.push(id);
    if (ids.length >= count) stop.abort();
  }
  return ids;
};

it('is waited for by an append, a read and a subscription, and soon over when the server is back', async () => {
  rightOf(await store.append('note-1', 'no-stream', [event(0)])());
  const followed = idsFrom(2);
  await server.kill();
  const appended = store.append('note-1', 0, [event(1)])();
  const head = store.head()();
  // Longer than the first back-offs of gRPC's own (1, 1.6 and 2.6 seconds), the last of which would still run.
  await passed(3_500);
  await restart();
  expect(await appended).toStrictEqual(E.right({ revision: 1, position: 2 }));
  expect(E.isRight(await head)).toBe(true);
  expect(await followed).toStrictEqual([idOf(0), idOf(1)]);
});

it('again and again, under many appends in flight, loses nothing and writes nothing twice', async () => {
  const appends: Promise<E.Either<unknown, unknown>>[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    const expected = n < 4 ? 'no-stream' : Math.floor(n / 4) - 1;
    appends.push(store.append(`note-${String(n % 4)}`, expected, [event(n)])());
    if (n % 100 !== 99) continue;
    // Some are answered, some are under way, and some were never sent.
    await appends.at(-50);
    await server.kill();
    await restart();
  }
  expect((await Promise.all(appends)).filter(E.isLeft)).toStrictEqual([]);
  expect(await idsFrom(1_000)).toStrictEqual(Array.from({ length: 1_000 }, (_, n) => idOf(n)));
});
