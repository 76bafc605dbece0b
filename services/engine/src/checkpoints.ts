import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { join } from 'node:path';

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
  close: () => void;
}>;

const unavailable = (path: string, thrown: unknown): E.Either<CheckpointsUnavailable, never> => {
  if (!(thrown instanceof Database.SqliteError)) throw thrown;
  const full = thrown.code === 'SQLITE_FULL';
  const message = full
    ? `The disk is full: ${path} could not be written. Make room and start again; nothing is lost.`
    : `${path} could not be used (${thrown.code}). It may be deleted; the processes then start over.`;
  return E.left({ _tag: 'StoreUnavailable', reason: full ? 'disk-full' : 'io', message });
};

const onFile = (path: string): Checkpoints => {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    'CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  );
  const select = db
    .prepare<[string], number>('SELECT position FROM checkpoints WHERE name = ?')
    .pluck();
  const upsert = db.prepare(
    // An import may drive a process that also follows the log: the one behind never sets the other back.
    `INSERT INTO checkpoints VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET position = max(position, excluded.position)`,
  );
  return {
    read: (name) => select.get(name) ?? 0,
    write: (name, position) => {
      try {
        upsert.run(name, position);
        return E.right(undefined);
      } catch (thrown) {
        return unavailable(path, thrown);
      }
    },
    close: () => void db.close(),
  };
};

export const openCheckpoints = (
  directory: string,
): E.Either<CheckpointsUnavailable, Checkpoints> => {
  const path = join(directory, 'processes.db');
  try {
    return E.right(onFile(path));
  } catch (thrown) {
    return unavailable(path, thrown);
  }
};
