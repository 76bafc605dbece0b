import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type EventStore, makeCommitSignal, makeReadSide, rejectionOf } from '@daybook/event-store';
import type Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type LogFrames, startCheckpointer } from './checkpointer.js';
import { makeGroupCommit } from './group-commit.js';
import { makeLogReader } from './log-reader.js';
import { makeLogWriter } from './log-writer.js';
import { type OpenError, toOpenError } from './open-error.js';
import { LOG_FILE, openLogForWriting } from './schema.js';
import { preallocateWal } from './preallocate-wal.js';
import { guardReads } from './guard-reads.js';
import { takeWriterLock, type WriterLock } from './writer-lock.js';

export type SqliteEventStoreOptions = Readonly<{
  /** Made when it does not exist. It belongs to the log alone. */
  directory: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Size that the write-ahead log has from the start. Default 48 MiB; 0 lets it grow as needed. */
  walBytes?: number;
}>;

export type SqliteEventStore = EventStore & Readonly<{ directory: string }>;

/** When the checkpointing thread is lost the writer does it, and some commits take tens of milliseconds. */
const FALLBACK_AUTOCHECKPOINT_PAGES = 4_000;

/** A little more than the length at which the checkpointer makes it begin again. */
const WAL_BYTES = 48 * 1024 * 1024;

const syncDirectory = (path: string): void => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Makes a directory and those above it, one by one: the recursive form of Node 20 never returns where the
 * system answers that a parent is missing though it is there, as under /proc. A new directory is only
 * there after a power cut when the one above it was synced.
 */
const makeDirectories = (directory: string): void => {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  makeDirectories(parent);
  try {
    mkdirSync(directory);
  } catch (thrown) {
    // Another process may have been faster; anything else in its place is found out below.
    if (!existsSync(directory)) throw thrown;
  }
  syncDirectory(parent);
};

const makeDirectory = (directory: string): void => {
  makeDirectories(directory);
  // A file in its place is no directory, and root may write where permissions say no, but not on a
  // disk that is mounted read-only.
  readdirSync(directory);
  accessSync(directory, constants.W_OK);
};

type Opened = Readonly<{ db: Database.Database; lock: WriterLock; path: string }>;

const openFiles = (options: SqliteEventStoreOptions): E.Either<OpenError, Opened> => {
  const { directory, clock, walBytes = WAL_BYTES } = options;
  const path = join(directory, LOG_FILE);
  let at = directory;
  let lock: WriterLock | undefined;
  let opened: Database.Database | undefined;
  try {
    makeDirectory(directory);
    lock = takeWriterLock(directory, clock());
    at = path;
    const db = openLogForWriting(path);
    opened = db;
    preallocateWal(`${path}-wal`, walBytes);
    return E.right({ db, lock, path });
  } catch (thrown) {
    opened?.close();
    lock?.release();
    return E.left(toOpenError(thrown, at, directory));
  }
};

const makeStore = (opened: Opened, options: SqliteEventStoreOptions): SqliteEventStore => {
  const { db, lock, path } = opened;
  const { directory, clock } = options;
  const commits = makeCommitSignal();
  const writer = makeLogWriter(db, clock);
  const guarded = guardReads({ reader: makeLogReader(db), directory, commits });
  const appends = makeGroupCommit({
    directory,
    writer,
    onCommit: (head) => {
      checkpointer.committed();
      commits.announce(head);
    },
  });
  db.pragma('wal_autocheckpoint = 0');
  // NOOP moves nothing: it only tells how long the write-ahead log is, in about 2 µs.
  const selectFrames = db.prepare<[], LogFrames>('PRAGMA wal_checkpoint(NOOP)');
  const checkpointer = startCheckpointer({
    path,
    frames: () => selectFrames.get() ?? { log: 0, checkpointed: 0 },
    pause: appends.pause,
    resume: appends.resume,
    onLost: () => db.pragma(`wal_autocheckpoint = ${String(FALLBACK_AUTOCHECKPOINT_PAGES)}`),
  });

  const closeAll = async (): Promise<void> => {
    appends.close();
    guarded.close();
    await checkpointer.close();
    db.close();
    lock.release();
  };
  let closing: Promise<void> | undefined;

  return {
    directory,
    ...makeReadSide(guarded.pages),
    head: guarded.head,
    append: (stream, expected, events) => () => {
      const rejection = rejectionOf(stream, expected, events);
      if (rejection !== undefined) return Promise.resolve(E.left(rejection));
      return appends.append({ stream, expected, events });
    },
    close: () => (closing ??= closeAll()),
  };
};

/** Opens the log of a directory for its one writer, and makes it when there is none. */
export const openSqliteEventStore =
  (given: SqliteEventStoreOptions): TaskEither<OpenError, SqliteEventStore> =>
  () => {
    const options = { ...given, directory: resolve(given.directory) };
    const opened = openFiles(options);
    return Promise.resolve(E.isLeft(opened) ? opened : E.right(makeStore(opened.right, options)));
  };
