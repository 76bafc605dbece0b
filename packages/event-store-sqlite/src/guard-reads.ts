import {
  type CommitSignal,
  type EventStore,
  type LogPages,
  type ReadError,
} from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { LogReader } from './log-reader.js';
import { closedStore, toReadError } from './sqlite-error.js';

export type GuardedReads = Readonly<{
  pages: LogPages;
  head: EventStore['head'];
  /** Refuses every later read and wakes who waits, so that they learn it. */
  close: () => void;
}>;

/** Turns what SQLite throws, and reads after close, into the port's errors. */
export const guardReads = (
  parts: Readonly<{ reader: LogReader; directory: string; commits: CommitSignal }>,
): GuardedReads => {
  const { reader, directory, commits } = parts;
  let isClosed = false;
  const guard = <A>(read: () => A): E.Either<ReadError, A> => {
    if (isClosed) return E.left(closedStore);
    try {
      return E.right(read());
    } catch (thrown) {
      return E.left(toReadError(thrown, directory));
    }
  };
  return {
    pages: {
      streamPage: (request) => guard(() => reader.streamPage(request)),
      allPage: (request) => guard(() => reader.allPage(request)),
      waitPast: (position, signal) =>
        isClosed ? Promise.resolve() : commits.waitPast(position, signal),
    },
    head: () => () => Promise.resolve(guard(() => reader.head())),
    close: () => {
      isClosed = true;
      commits.wakeAll();
    },
  };
};
