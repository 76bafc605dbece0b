import type { SnapshotHead, SnapshotOptions, SnapshotStore } from '@daybook/command-handling';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineConfig } from './config.js';

type OpenStore = Readonly<{ store: SnapshotStore; close: () => void }>;

/** The newest of a stream, and the one before it should the newest be damaged. */
const KEPT_PER_STREAM = 2;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS snapshots (
    stream TEXT NOT NULL, revision INTEGER NOT NULL, event_id TEXT NOT NULL,
    version INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (stream, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parts (
    stream TEXT NOT NULL, revision INTEGER NOT NULL, ordinal INTEGER NOT NULL, text TEXT NOT NULL,
    UNIQUE (stream, revision, ordinal)
  ) STRICT;`;

const statementsOf = (db: Database.Database) => ({
  latest: db.prepare<[string, number], SnapshotHead>(
    `SELECT stream, revision, event_id AS eventId, version, hash FROM snapshots
      WHERE stream = ? AND revision < ? ORDER BY revision DESC LIMIT 1`,
  ),
  parts: db
    .prepare<[string, number], string>(
      'SELECT text FROM parts WHERE stream = ? AND revision = ? ORDER BY ordinal',
    )
    .pluck(),
  addPart: db.prepare<[string, number, number, string]>(
    'INSERT OR REPLACE INTO parts (stream, revision, ordinal, text) VALUES (?, ?, ?, ?)',
  ),
  addHead: db.prepare<[string, number, string, number, string]>(
    'INSERT OR REPLACE INTO snapshots (stream, revision, event_id, version, hash) VALUES (?, ?, ?, ?, ?)',
  ),
  oldest: db
    .prepare<[string, number], number>(
      'SELECT revision FROM snapshots WHERE stream = ? ORDER BY revision DESC LIMIT 1 OFFSET ?',
    )
    .pluck(),
  removeHeads: db.prepare<[string, number]>(
    'DELETE FROM snapshots WHERE stream = ? AND revision <= ?',
  ),
  /** Also what an attempt that was cut off has left. */
  removeParts: db.prepare<[string, number, string, number]>(
    `DELETE FROM parts WHERE stream = ? AND (revision <= ?
      OR revision NOT IN (SELECT revision FROM snapshots WHERE stream = ?) AND revision < ?)`,
  ),
});

const storeOn = (db: Database.Database): SnapshotStore => {
  const statements = statementsOf(db);
  const finish = db.transaction((head: SnapshotHead): void => {
    const { stream, revision, eventId, version, hash } = head;
    statements.addHead.run(stream, revision, eventId, version, hash);
    const past = statements.oldest.get(stream, KEPT_PER_STREAM) ?? -1;
    statements.removeHeads.run(stream, past);
    statements.removeParts.run(stream, past, stream, revision);
  });
  return {
    latest: (stream, before) => statements.latest.get(stream, before) ?? null,
    parts: ({ stream, revision }) => statements.parts.all(stream, revision),
    addPart: ({ stream, revision }, { ordinal, text }) =>
      void statements.addPart.run(stream, revision, ordinal, text),
    finish,
  };
};

const opened = (path: string): E.Either<unknown, OpenStore> => {
  let db: Database.Database | undefined;
  try {
    db = new Database(path);
    db.pragma('journal_mode = WAL');
    // Nothing here is precious: a crash of the machine may take the newest snapshots with it.
    db.pragma('synchronous = NORMAL');
    db.exec(SCHEMA);
    const open = db;
    return E.right({ store: storeOn(open), close: () => void open.close() });
  } catch (thrown) {
    db?.close();
    return E.left(thrown);
  }
};

const remove = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(`${path}${suffix}`)) rmSync(`${path}${suffix}`, { force: true });
};

/** A file that cannot be used is replaced by an empty one. */
const openedOrReplaced = (path: string): OpenStore | null => {
  const first = opened(path);
  if (E.isRight(first)) return first.right;
  try {
    remove(path);
  } catch {
    return null;
  }
  const second = opened(path);
  return E.isRight(second) ? second.right : null;
};

/** What the command handler is given, and how it is taken away. */
export type KeptSnapshots = Readonly<{
  options: Readonly<{ snapshots?: SnapshotOptions }>;
  close: () => void;
}>;

/**
 * Opens `snapshots.db` of a data directory. It may be deleted at any time, and where it cannot be used
 * every stream is folded from its beginning: no answer depends on it.
 */
export const openSnapshots = ({
  directory,
  onSnapshotProblem = () => undefined,
}: Pick<EngineConfig, 'directory' | 'onSnapshotProblem'>): KeptSnapshots => {
  const file = openedOrReplaced(join(directory, 'snapshots.db'));
  if (file === null) {
    onSnapshotProblem({ stream: '(all)', revision: -1, problem: 'unreadable' });
    return { options: {}, close: () => undefined };
  }
  let isClosed = false;
  const snapshots: SnapshotOptions = {
    store: file.store,
    // One that was being written when the engine closed is missing, and nobody misses it.
    onProblem: (problem) => {
      if (!isClosed) onSnapshotProblem(problem);
    },
  };
  return {
    options: { snapshots },
    close: () => {
      isClosed = true;
      file.close();
    },
  };
};
