import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventToAppend, StoredEvent } from '@daybook/event-store';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import {
  type OpenError,
  openSqliteEventReader,
  openSqliteEventStore,
  type SqliteEventStore,
} from '../src/index.js';
import { temporaryDirectory } from './temporary-directory.js';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const place = temporaryDirectory();
let directory = '';
let count = 0;

beforeEach(() => {
  count += 1;
  directory = join(place.path, String(count));
});
afterAll(() => place.remove());

const tryOpen = (clock = (): number => NOON): Promise<E.Either<OpenError, SqliteEventStore>> =>
  openSqliteEventStore({ directory, clock, walBytes: 0 })();

const open = async (clock?: () => number): Promise<SqliteEventStore> => {
  const opened = await tryOpen(clock);
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

const refusal = async (): Promise<OpenError | 'opened'> => {
  const opened = await tryOpen();
  if (E.isLeft(opened)) return opened.left;
  await opened.right.close();
  return 'opened';
};

const event = (n: number): EventToAppend => ({
  id: `00000000-0000-4000-8000-00000000000${String(n)}`,
  type: 'NoteTaken',
  data: '{}',
  metadata: '{}',
});

const readLog = async (store: Pick<SqliteEventStore, 'readAll'>): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const page of store.readAll()) {
    if (E.isLeft(page)) throw new Error(page.left.message);
    for (const stored of page.right.events) events.push(stored);
  }
  return events;
};

describe('A log that is opened again', () => {
  it('has its events, its revisions and its positions', async () => {
    const first = await open();
    await first.append('note-1', 'no-stream', [event(1), event(2)])();
    await first.close();
    const second = await open();
    expect(await second.append('note-1', 1, [event(3)])()).toStrictEqual(
      E.right({ revision: 2, position: 3 }),
    );
    expect(await second.append('note-1', 'no-stream', [event(1), event(2)])()).toStrictEqual(
      E.right({ revision: 1, position: 2 }),
    );
    expect((await readLog(second)).map(({ id }) => id)).toStrictEqual(
      [event(1), event(2), event(3)].map(({ id }) => id),
    );
    await second.close();
  });

  it('never records a time before the last one', async () => {
    const first = await open(() => NOON);
    await first.append('note-1', 'no-stream', [event(1)])();
    await first.close();
    const second = await open(() => NOON - 60_000);
    await second.append('note-1', 0, [event(2)])();
    expect((await readLog(second)).map(({ recordedAt }) => recordedAt)).toStrictEqual([NOON, NOON]);
    await second.close();
  });

  it('is marked as a log, and keeps a write-ahead log', async () => {
    const store = await open();
    await store.append('note-1', 'no-stream', [event(1)])();
    await store.close();
    const closed = new Database(join(directory, 'log.db'), { readonly: true });
    expect(closed.pragma('application_id', { simple: true })).toBe(0x44617962);
    expect(closed.pragma('user_version', { simple: true })).toBe(1);
    expect(closed.pragma('journal_mode', { simple: true })).toBe('wal');
    closed.close();
  });

  it('commits what was in line when it was closed', async () => {
    const store = await open();
    const waiting = [1, 2, 3].map((n) =>
      store.append(`note-${String(n)}`, 'no-stream', [event(n)])(),
    );
    await store.close();
    expect((await Promise.all(waiting)).every(E.isRight)).toBe(true);
    const again = await open();
    expect(await readLog(again)).toHaveLength(3);
    await again.close();
  });
});

describe('A directory that another store writes', () => {
  it('refuses a second writer, naming the directory, the holder and the remedy', async () => {
    const first = await open();
    const holder = { holderPid: process.pid, holderSince: '2026-03-01T12:00:00.000Z' };
    expect(await refusal()).toStrictEqual({
      _tag: 'SecondWriter',
      directory,
      ...holder,
      message: `process ${String(process.pid)} (since ${holder.holderSince}) already writes the log in ${directory}. Stop it, or use another data directory; the lock goes with its process, there is no file to delete.`,
    });
    await first.append('note-1', 'no-stream', [event(1)])();
    await first.close();
    expect(await refusal()).toBe('opened');
  });

  it('still refuses when the note of the holder is gone', async () => {
    const first = await open();
    writeFileSync(join(directory, 'writer.json'), '{"pi');
    expect(await refusal()).toMatchObject({ _tag: 'SecondWriter', holderPid: undefined });
    await first.close();
  });

  it('lets readers in', async () => {
    const writer = await open();
    await writer.append('note-1', 'no-stream', [event(1)])();
    const reader = await openSqliteEventReader({ directory })();
    if (E.isLeft(reader)) throw new Error(reader.left.message);
    expect(await readLog(reader.right)).toStrictEqual(await readLog(writer));
    await reader.right.close();
    await writer.close();
  });
});

describe('What is no log', () => {
  const path = (): string => join(directory, 'log.db');

  it('is refused when the directory is a file', async () => {
    writeFileSync(directory, '');
    expect(await refusal()).toMatchObject({ _tag: 'NotADirectory', path: directory });
  });

  it('is refused when the file is no database', async () => {
    mkdirSync(directory);
    writeFileSync(path(), 'not a database, but long enough to have a header '.repeat(100));
    expect(await refusal()).toMatchObject({
      _tag: 'CorruptDatabase',
      path: path(),
      problem: 'not-a-database',
    });
  });

  it('is refused when another program made it, and left as it was', async () => {
    mkdirSync(directory);
    const other = new Database(path());
    other.exec('CREATE TABLE cats(name)');
    other.close();
    const before = readFileSync(path());
    expect(await refusal()).toMatchObject({ problem: 'other-application', path: path() });
    expect(readFileSync(path()).equals(before)).toBe(true);
  });

  it('is refused when a newer version wrote it', async () => {
    await (await open()).close();
    const newer = new Database(path());
    newer.pragma('user_version = 2');
    newer.close();
    expect(await refusal()).toMatchObject({ problem: 'newer-schema', path: path() });
    const reader = await openSqliteEventReader({ directory })();
    expect(reader).toMatchObject({ left: { problem: 'newer-schema' } });
  });

  it('is refused when a table is missing', async () => {
    await (await open()).close();
    const torn = new Database(path());
    torn.exec('DROP TABLE types');
    torn.close();
    expect(await refusal()).toMatchObject({ problem: 'damaged', path: path() });
  });

  it('is refused when its pages are overwritten, and the lock is given back', async () => {
    await (await open()).close();
    const bytes = readFileSync(path());
    bytes.fill(0x5a, 100, 4096);
    writeFileSync(path(), bytes);
    expect(await refusal()).toMatchObject({ problem: 'damaged', path: path() });
    expect(await refusal()).toMatchObject({ problem: 'damaged', path: path() });
  });

  it('is refused to a reader that comes before the writer', async () => {
    const expected = { left: { _tag: 'NoDatabase', path: path() } };
    expect(await openSqliteEventReader({ directory })()).toMatchObject(expected);
    mkdirSync(directory);
    writeFileSync(path(), '');
    expect(await openSqliteEventReader({ directory })()).toMatchObject(expected);
  });
});

describe('A log that is damaged while it is open', () => {
  it('answers a read with a value, not an exception', async () => {
    const store = await open();
    for (let n = 1; n <= 9; n += 1) {
      const data = JSON.stringify('x'.repeat(4_000));
      await store.append(`note-${String(n)}`, 'no-stream', [{ ...event(n), data }])();
    }
    await store.close();
    const path = join(directory, 'log.db');
    const bytes = readFileSync(path);
    // The schema stays readable; the pages of the events do not.
    bytes.fill(0x5a, 10 * 4096);
    writeFileSync(path, bytes);
    const reader = await openSqliteEventReader({ directory })();
    if (E.isLeft(reader)) throw new Error(reader.left.message);
    const pages: unknown[] = [];
    for await (const page of reader.right.readAll()) pages.push(page);
    expect(pages).toMatchObject([{ left: { _tag: 'CorruptStore' } }]);
    await reader.right.close();
  });
});
