import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import {
  openSqliteEventReader,
  openSqliteEventStore,
  type SqliteEventStore,
} from '../src/index.js';
import { programPath, startProgram } from './programs.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

let place: TemporaryDirectory;
beforeEach(() => {
  place = temporaryDirectory();
});
afterEach(() => place.remove());

const open = async (): Promise<SqliteEventStore> => {
  const opened = await openSqliteEventStore({ directory: place.path, clock: Date.now })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

const event = (n: number, data = '{}'): EventToAppend => ({
  id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  type: 'NoteTaken',
  data,
  metadata: '{}',
});

describe('A reader beside the writer', () => {
  it('follows it from a thread of the same process', async () => {
    const store = await open();
    const count = 3_000;
    const worker = new Worker(programPath('follow-in-thread.mjs'), {
      workerData: { directory: place.path, events: count },
    });
    // The last message and the exit may come in one turn: listen for the exit from the beginning.
    const exited = once(worker, 'exit');
    await once(worker, 'message');
    for (let n = 0; n < count; n += 10) {
      const appends = Array.from({ length: 10 }, (_, index) =>
        store.append(`note-${String(n + index)}`, 'no-stream', [event(n + index)])(),
      );
      expect((await Promise.all(appends)).every(E.isRight)).toBe(true);
    }
    const [ids] = (await once(worker, 'message')) as [unknown];
    expect(ids).toStrictEqual(Array.from({ length: count }, (_, n) => event(n).id));
    await exited;
    await store.close();
  });

  it('follows it from another process', async () => {
    const program = startProgram('append-forever.mjs', [place.path, '4']);
    await program.printed(1);
    const opened = await openSqliteEventReader({ directory: place.path })();
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    const reader = opened.right;
    const controller = new AbortController();
    const positions: number[] = [];
    const ids = new Set<string>();
    for await (const page of reader.subscribe({ after: 0, signal: controller.signal })) {
      if (E.isLeft(page)) throw new Error(page.left.message);
      for (const stored of page.right.events) {
        positions.push(stored.position);
        ids.add(stored.id);
      }
      if (positions.length >= 2_000) controller.abort();
    }
    await program.kill();
    expect(positions).toStrictEqual(positions.map((_, index) => index + 1));
    expect(ids.size).toBe(positions.length);
    await reader.close();
  });
});

describe('The write-ahead log', () => {
  it('stays bounded under a load that never rests, while a reader looks on', async () => {
    const store = await open();
    const opened = await openSqliteEventReader({ directory: place.path })();
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    const data = JSON.stringify('x'.repeat(20_000));
    const controller = new AbortController();
    const reading = (async (): Promise<number> => {
      let seen = 0;
      const { signal } = controller;
      for await (const page of opened.right.subscribe({ after: 0, signal, pageSize: 50 })) {
        if (E.isRight(page)) seen += page.right.events.length;
        if (seen >= 12_000) controller.abort();
      }
      return seen;
    })();
    // 240 MB, five times what the write-ahead log may hold.
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; n < 375; n += 1) {
        const stream = `note-${String(writer)}`;
        const expected = n === 0 ? 'no-stream' : n - 1;
        const answer = await store.append(stream, expected, [event(writer * 1_000 + n, data)])();
        if (E.isLeft(answer)) throw new Error(answer.left._tag);
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, writer) => write(writer)));
    expect(await reading).toBe(12_000);
    expect(statSync(join(place.path, 'log.db-wal')).size).toBeLessThan(128 * 1024 * 1024);
    await opened.right.close();
    await store.close();
  });
});
