import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { type EventStore, makeCommitSignal, makeReadSide } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guardReads } from './guard-reads.js';
import { makeLogReader } from './log-reader.js';
import { noDatabase, type OpenError, toOpenError } from './open-error.js';
import { LOG_FILE, openLogForReading } from './schema.js';
import { makeTail } from './tail.js';

/** The read side of the port. */
export type SqliteEventReader = Omit<EventStore, 'append'> & Readonly<{ directory: string }>;

export type SqliteEventReaderOptions = Readonly<{
  directory: string;
  /** How often a waiting subscription looks for commits of the writer. Default 2 ms. */
  pollMs?: number;
}>;

const POLL_MS = 2;

const openReader = (options: SqliteEventReaderOptions): SqliteEventReader => {
  const directory = resolve(options.directory);
  const db = openLogForReading(join(directory, LOG_FILE));
  const commits = makeCommitSignal();
  const reader = makeLogReader(db);
  const { pages, head, close } = guardReads({ reader, directory, commits });
  const tail = makeTail({ db, reader, commits, pollMs: options.pollMs ?? POLL_MS });
  return {
    directory,
    ...makeReadSide({
      ...pages,
      waitPast: (position, signal) => {
        const waited = pages.waitPast(position, signal);
        tail.watch();
        return waited;
      },
    }),
    head,
    close: () => {
      close();
      tail.stop();
      db.close();
      return Promise.resolve();
    },
  };
};

/**
 * Opens the log of a directory beside its writer: in another process, in a worker thread, any number of them.
 * It sees what is committed and never makes the writer wait.
 */
export const openSqliteEventReader =
  (options: SqliteEventReaderOptions): TaskEither<OpenError, SqliteEventReader> =>
  () => {
    const directory = resolve(options.directory);
    const path = join(directory, LOG_FILE);
    if (!existsSync(path)) return Promise.resolve(E.left(noDatabase(directory, path)));
    try {
      return Promise.resolve(E.right(openReader(options)));
    } catch (thrown) {
      return Promise.resolve(E.left(toOpenError(thrown, path, directory)));
    }
  };
