import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  UNFINISHED_SCHEMA,
  unfinishedIn,
  unfinishedReader,
  type Unfinished,
  type UnfinishedCounts,
  type UnfinishedFilter,
  type UnfinishedWork,
} from './parked.js';
import { sqliteCodeOf } from './sqlite-code.js';

/** The file of the checkpoints could not be used. It can be deleted: every process then starts over, harmlessly. */
export type CheckpointsUnavailable = Readonly<{
  _tag: 'StoreUnavailable';
  reason: 'disk-full' | 'io';
  message: string;
}>;

/**
 * How far each process has handled the log. Written after the effects, so a crash between the two
 * makes a process handle events again, which its command ids make harmless.
 */
export type Checkpoints = Readonly<{
  read: (name: string) => number;
  write: (name: string, position: number) => E.Either<CheckpointsUnavailable, void>;
  /** What a process has passed without having done it, in the same file. */
  unfinished: Unfinished<CheckpointsUnavailable>;
  close: () => void;
}>;

const unavailable = (path: string, thrown: unknown): E.Either<CheckpointsUnavailable, never> => {
  const code = sqliteCodeOf(thrown);
  const full = code === 'SQLITE_FULL';
  const message = full
    ? `The disk is full: ${path} could not be written. Make room and start again; nothing is lost.`
    : `${path} could not be used (${code}). It may be deleted; the processes then start over.`;
  return E.left({ _tag: 'StoreUnavailable', reason: full ? 'disk-full' : 'io', message });
};

const onFile = (path: string): Checkpoints => {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    'CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  );
  db.exec(UNFINISHED_SCHEMA);
  const select = db
    .prepare<[string], number>('SELECT position FROM checkpoints WHERE name = ?')
    .pluck();
  const upsert = db.prepare(
    // An import may drive a process that also follows the log: the one behind never sets the other back.
    `INSERT INTO checkpoints VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET position = max(position, excluded.position)`,
  );
  const guard = <A>(effect: () => A): E.Either<CheckpointsUnavailable, A> => {
    try {
      return E.right(effect());
    } catch (thrown) {
      return unavailable(path, thrown);
    }
  };
  return {
    read: (name) => select.get(name) ?? 0,
    write: (name, position) => guard(() => void upsert.run(name, position)),
    unfinished: unfinishedIn(db, guard),
    close: () => void db.close(),
  };
};

/** Checkpoints that live as long as the program. */
export const openCheckpointsInMemory = (): Checkpoints => onFile(':memory:');

const pathIn = (directory: string): string => join(directory, 'processes.db');

export const openCheckpoints = (
  directory: string,
): E.Either<CheckpointsUnavailable, Checkpoints> => {
  const path = pathIn(directory);
  try {
    return E.right(onFile(path));
  } catch (thrown) {
    return unavailable(path, thrown);
  }
};

/** What no process has done, by process, and the first of what is parked. */
export type UnfinishedReport = Readonly<{
  counts: readonly UnfinishedCounts[];
  parked: readonly UnfinishedWork[];
}>;

const readingList = <A>(
  dataDirectory: string,
  read: (list: ReturnType<typeof unfinishedReader>) => A,
): A | null => {
  const path = pathIn(dataDirectory);
  if (!existsSync(path)) return null;
  const db = new Database(path, { readonly: true });
  try {
    // The file of an earlier version has no such list yet; the next writer adds it.
    const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'unfinished'").get();
    return known === undefined ? null : read(unfinishedReader(db));
  } finally {
    db.close();
  }
};

/** Looks at a data directory, beside its writer or without one. */
export const readUnfinished = (dataDirectory: string, limit: number): UnfinishedReport =>
  readingList(dataDirectory, ({ counts, list }) => ({
    counts: counts(),
    parked: list({ state: 'parked', limit }),
  })) ?? { counts: [], parked: [] };

/** The same for a part of the list. */
export const readUnfinishedList = (
  dataDirectory: string,
  filter: UnfinishedFilter,
): readonly UnfinishedWork[] => readingList(dataDirectory, ({ list }) => list(filter)) ?? [];
