import type { Either } from 'fp-ts/lib/Either.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/**
 * The store port. What every adapter guarantees, and the contract suite (`./contract`) proves:
 *
 * - `append` is atomic per stream, and acknowledged only when the events are on disk (fsync).
 * - Revisions start at 0 in every stream and have no gaps. Positions grow with the order of the log;
 *   they may have gaps, and a reader never sees a position appear below one that it has read.
 * - A repeat of the same event ids at the same expected revision succeeds with the first answer,
 *   also when the stream has grown since. Any other expected revision that does not match is a
 *   `RevisionConflict` that carries the current one; nothing is written.
 * - Any non-empty text is a stream name, kept as it is. Its category is what stands before its first `-`,
 *   or all of it.
 * - Data and metadata are kept byte for byte, as JSON text. Nothing here parses them.
 * - Reads come by page, one `Either` per page, never per event; a reader that stops early leaks nothing.
 */
export type EventStore = Readonly<{
  append: (
    stream: string,
    expected: ExpectedRevision,
    events: ReadonlyNonEmptyArray<EventToAppend>,
  ) => TaskEither<AppendError, Appended>;
  readStream: (
    stream: string,
    options?: ReadStreamOptions,
  ) => AsyncIterable<Either<ReadError, StreamPage>>;
  readAll: (options?: ReadAllOptions) => AsyncIterable<Either<ReadError, AllPage>>;
  /** Catch-up from `after`, then live, until the signal aborts. Pages are pulled: a slow reader slows itself. */
  subscribe: (options: SubscribeOptions) => AsyncIterable<Either<ReadError, AllPage>>;
  /** Position of the last event in the log, or `START` when it is empty. */
  head: () => TaskEither<ReadError, Position>;
  close: () => Promise<void>;
}>;

/** Zero-based revision of an event in its stream. */
export type Revision = number;
/** Place of an event in the whole log: a safe integer, 1 or more. */
export type Position = number;
/** Before the first event of the log. */
export const START: Position = 0;

/** The revision that the writer read, or `no-stream` when it read nothing. */
export type ExpectedRevision = Revision | 'no-stream';

export type EventToAppend = Readonly<{
  /** UUID in lower case. Deterministic, so that a retried append is the same write. */
  id: string;
  type: string;
  /** JSON text. */
  data: string;
  /** JSON text. */
  metadata: string;
}>;

export type StoredEvent = EventToAppend &
  Readonly<{
    stream: string;
    revision: Revision;
    position: Position;
    /** When the store wrote it down, epoch milliseconds. Never decreases along the log. */
    recordedAt: number;
  }>;

/** Revision and position of the last event of the append. */
export type Appended = Readonly<{ revision: Revision; position: Position }>;

export type Direction = 'forwards' | 'backwards';

export type ReadStreamOptions = Readonly<{
  /** First revision to read, inclusive. Default: the first (forwards) or the last (backwards). */
  from?: Revision;
  direction?: Direction;
  pageSize?: number;
  /** Most events to read in all. */
  limit?: number;
}>;

/** Both lists empty or absent means everything; given both, an event must match both. */
export type ReadFilter = Readonly<{
  categories?: readonly string[];
  types?: readonly string[];
}>;

export type ReadAllOptions = Readonly<{
  /** Forwards: events after this position. Backwards: events before it. Default: the whole log. */
  after?: Position;
  direction?: Direction;
  filter?: ReadFilter;
  pageSize?: number;
  limit?: number;
}>;

export type SubscribeOptions = Readonly<{
  after: Position;
  filter?: ReadFilter;
  pageSize?: number;
  signal: AbortSignal;
}>;

export type StreamPage = Readonly<{ events: readonly StoredEvent[] }>;

export type AllPage = Readonly<{
  events: readonly StoredEvent[];
  /**
   * Forwards: everything up to here, inclusive, was looked at; resume with `after: checkpoint`. It may be past the last event
   * of the page when a filter passed others over. Backwards: the position of the last event looked at.
   */
  checkpoint: Position;
  /** Nothing was left after this page when it was read. A subscription then waits for more. */
  caughtUp: boolean;
}>;

export type AppendError = RevisionConflict | StoreUnavailable | AppendRejected;
export type ReadError = StoreUnavailable | CorruptStore;

export type RevisionConflict = Readonly<{
  _tag: 'RevisionConflict';
  stream: string;
  expected: ExpectedRevision;
  actual: ExpectedRevision;
}>;
/** The store could not do it now; nothing was acknowledged. `reason` is fit for a log line. */
export type StoreUnavailable = Readonly<{
  _tag: 'StoreUnavailable';
  reason: 'disk-full' | 'read-only' | 'closed' | 'busy' | 'io';
  message: string;
}>;
export type CorruptStore = Readonly<{ _tag: 'CorruptStore'; message: string }>;
/** The append itself is malformed (an id that is no UUID, an empty stream name): a caller's error. */
export type AppendRejected = Readonly<{ _tag: 'AppendRejected'; message: string }>;

/** The part of a stream name before its first `-`; a name without one is its own category. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
};
