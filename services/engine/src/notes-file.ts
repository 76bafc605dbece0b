import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { join } from 'node:path';
import type { CheckpointsUnavailable } from './checkpoints.js';
import { sqliteCodeOf } from './sqlite-code.js';

/**
 * What processes have to remember of the log: which sessions are open, what will be due and when. Each
 * table is filled from the log and knows how far; the file may be deleted and is then filled again.
 */
export type NotesFile = Readonly<{ db: Database.Database; close: () => void }>;

const FILE = 'agenda.db';

const schema = `
  CREATE TABLE IF NOT EXISTS read_up_to (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS due (
    company TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    due_at INTEGER NOT NULL, rank INTEGER NOT NULL, at INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (company, kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS due_by_time ON due (due_at, rank, company, key);
  CREATE TABLE IF NOT EXISTS open_sessions (
    company TEXT NOT NULL, session TEXT NOT NULL,
    supporter TEXT, device TEXT, position INTEGER NOT NULL,
    PRIMARY KEY (company, session)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS open_by_place ON open_sessions (company, position);
`;

const open = (path: string): NotesFile => {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  // What a crash takes away is read from the log again: the position goes with the rows.
  db.pragma('synchronous = NORMAL');
  db.exec(schema);
  return { db, close: () => void db.close() };
};

/** A notes file in memory: it is filled from the log each time. */
export const memoryNotes = (): NotesFile => open(':memory:');

const unavailable = (thrown: unknown): E.Either<CheckpointsUnavailable, never> => {
  const code = sqliteCodeOf(thrown);
  const full = code === 'SQLITE_FULL';
  const message = full
    ? `The disk is full: ${FILE} could not be written. Make room and start again; nothing is lost.`
    : `${FILE} could not be used (${code}). It may be deleted; it is filled from the log again.`;
  return E.left({ _tag: 'StoreUnavailable', reason: full ? 'disk-full' : 'io', message });
};

/** Writes into a notes file: what keeps the file from being used is told, and not thrown. */
export const noting = <A>(write: () => A): E.Either<CheckpointsUnavailable, A> => {
  try {
    return E.right(write());
  } catch (thrown) {
    return unavailable(thrown);
  }
};

export const openNotes = (directory: string): E.Either<CheckpointsUnavailable, NotesFile> =>
  noting(() => open(join(directory, FILE)));

/** How far a table has read the log. */
export type ReadUpTo = Readonly<{ read: () => number; write: (position: number) => void }>;

export const readUpTo = (db: Database.Database, name: string): ReadUpTo => {
  const select = db
    .prepare<[string], number>('SELECT position FROM read_up_to WHERE name = ?')
    .pluck();
  const upsert = db.prepare('INSERT OR REPLACE INTO read_up_to VALUES (?, ?)');
  return {
    read: () => select.get(name) ?? 0,
    write: (position) => void upsert.run(name, position),
  };
};
