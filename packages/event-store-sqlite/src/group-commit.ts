import type { AppendError, Position, StoreUnavailable } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { AppendAnswer, AppendRequest, LogWriter } from './log-writer.js';
import { closedStore, overloadedStore, sqliteCode, toStoreUnavailable } from './sqlite-error.js';

/** One commit at most: beyond it the other appends wait for the next turn, and I/O gets a turn between. */
const BATCH_EVENTS_MAX = 4_096;
const BATCH_CHARACTERS_MAX = 8 * 1024 * 1024;
/** Appends in line. More would only hide that the disk does not keep up. */
const QUEUE_APPENDS_MAX = 65_536;

type Waiting = Readonly<{
  request: AppendRequest;
  answer: (answer: AppendAnswer) => void;
}>;

export type GroupCommit = Readonly<{
  append: (request: AppendRequest) => Promise<AppendAnswer>;
  /** Appends go on waiting in line until `resume`: the checkpointer needs a moment without writes. */
  pause: () => void;
  resume: () => void;
  /** Refuses what comes, commits what waits. */
  close: () => void;
}>;

export type GroupCommitOptions = Readonly<{
  directory: string;
  writer: LogWriter;
  onCommit: (head: Position) => void;
}>;

const charactersOf = ({ events }: AppendRequest): number =>
  events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);

/** How many of the waiting appends go into the next commit: one at least. */
const batchLength = (queue: readonly Waiting[]): number => {
  let events = 0;
  let characters = 0;
  for (const [index, { request }] of queue.entries()) {
    events += request.events.length;
    characters += charactersOf(request);
    if (events >= BATCH_EVENTS_MAX || characters >= BATCH_CHARACTERS_MAX) return index + 1;
  }
  return queue.length;
};

/**
 * Appends that arrive in one turn of the event loop share one transaction and one sync. The promises settle
 * after COMMIT has returned, never before; a failed commit fails the whole batch.
 */
export const makeGroupCommit = (options: GroupCommitOptions): GroupCommit => {
  const { directory, writer, onCommit } = options;
  let queue: Waiting[] = [];
  let isScheduled = false;
  let isPaused = false;
  let refusal: StoreUnavailable | undefined;

  const failureOf = (thrown: unknown): AppendError => {
    const failure = toStoreUnavailable(thrown, directory);
    // After a failed sync the kernel may drop what it could not write: only a reopened log is certain.
    if (sqliteCode(thrown) === 'SQLITE_IOERR_FSYNC') refusal = failure;
    return failure;
  };

  const commit = (batch: readonly Waiting[]): void => {
    try {
      const answers = writer.write(batch.map(({ request }) => request));
      for (const [index, answer] of answers.entries()) batch[index]?.answer(answer);
    } catch (thrown) {
      const failure = E.left(failureOf(thrown));
      for (const { answer } of batch) answer(failure);
      return;
    }
    onCommit(writer.head());
  };

  const flush = (): void => {
    isScheduled = false;
    if (isPaused || queue.length === 0) return;
    const length = batchLength(queue);
    const batch = queue.slice(0, length);
    queue = queue.slice(length);
    commit(batch);
    schedule();
  };

  const schedule = (): void => {
    if (isScheduled || isPaused || queue.length === 0) return;
    isScheduled = true;
    setImmediate(flush);
  };

  return {
    append: (request) => {
      if (refusal !== undefined) return Promise.resolve(E.left(refusal));
      if (queue.length >= QUEUE_APPENDS_MAX) return Promise.resolve(E.left(overloadedStore));
      return new Promise((answer) => {
        queue.push({ request, answer });
        schedule();
      });
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      schedule();
    },
    close: () => {
      refusal = closedStore;
      isPaused = false;
      while (queue.length > 0) flush();
    },
  };
};
