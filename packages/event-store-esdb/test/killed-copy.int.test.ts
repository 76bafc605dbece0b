/**
 * A log is copied from SQLite over the wire to SQLite while the copying program, the server, and both at once are
 * killed with SIGKILL at moments that nobody chose. Then the same copy is run to its end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@daybook/event-store';
import { openSqliteEventStore, verifySqliteLog } from '@daybook/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { type Program, start } from './program.js';
import { clientOf, rightOf, urlOf } from './served.js';

const EVENTS = 4_000;
const STREAMS = 40;

const fill = async (directory: string): Promise<void> => {
  const store = rightOf(await openSqliteEventStore({ directory, clock: Date.now, walBytes: 0 })());
  const appends = Array.from({ length: EVENTS }, (_, n) => {
    const revision = Math.floor(n / STREAMS);
    const id = `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
    const event = { id, type: 'NoteTaken', data: `{ "n": ${String(n)}.0 }`, metadata: ' {}' };
    const expected = revision === 0 ? 'no-stream' : revision - 1;
    return store.append(`note-${String(n % STREAMS)}`, expected, [event])();
  });
  for (const answer of await Promise.all(appends)) rightOf(answer);
  await store.close();
};

const reaches = async (store: EventStore, position: number): Promise<void> => {
  for (;;) {
    const head = await store.head()();
    if (E.isRight(head) && head.right >= position) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daybook-killed-copy-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('is complete, equal and in order after any of them was killed, and writes nothing twice', async () => {
  const [source, target] = [join(directory, 'source'), join(directory, 'target')];
  await fill(source);
  let server = start('serve-sqlite.mjs', target, '0');
  const port = Number(await server.firstLine);
  const store = clientOf({ port });
  const copy = (): Program => start('copy-log.mjs', source, urlOf({ port }));
  const restart = async (): Promise<void> => {
    server = start('serve-sqlite.mjs', target, String(port));
    await server.firstLine;
  };

  let copying = copy();
  await reaches(store, 300);
  await copying.kill();

  copying = copy();
  await reaches(store, 1_200);
  await Promise.all([server.kill(), copying.kill()]);
  await restart();

  copying = copy();
  await reaches(store, 2_400);
  await server.kill();
  await restart();

  // The copy that lost its server goes on with the next one.
  const first = JSON.parse(await copying.firstLine) as unknown;
  expect(first).toMatchObject({ _tag: 'Right', right: { source: { events: EVENTS } } });
  const second = JSON.parse(await copy().firstLine) as Readonly<{
    right: Readonly<{ appended: number; source: unknown; target: unknown }>;
  }>;
  expect(second.right.appended).toBe(0);
  expect(second.right.target).toStrictEqual(second.right.source);
  await store.close();
  await server.kill();
  expect(rightOf(await verifySqliteLog({ directory: target })())).toStrictEqual({
    directory: target,
    events: EVENTS,
    streams: STREAMS,
    problems: [],
  });
});
