/** What a context offers where folding a stream from its beginning would take too long. */
export type Snapshots<State> = Readonly<{
  /** Raise it when the parts' shape changes, or what `evolve` makes of events that are stored. */
  version: number;
  /** A snapshot is due after this many events, and never before the stream has grown by an eighth. */
  everyEvents: number;
  /** The state as JSON values that share nothing with it: it goes on changing while they are written. */
  encode: (state: State) => readonly unknown[];
  /** The state that the values were made of; null where they are none. */
  decode: (parts: readonly unknown[]) => State | null;
}>;

/** One snapshot: complete once its head is stored. */
export type SnapshotHead = Readonly<{
  stream: string;
  /** Revision of the last event that is folded in. */
  revision: number;
  /** Id of that event, as the log has it. */
  eventId: string;
  version: number;
  /** SHA-256, hexadecimal, of the head, the event's place in the log, and every part. */
  hash: string;
}>;

/**
 * Where snapshots are kept. Nothing here is precious: a store may lose, damage or forget any of them
 * at any time, and no answer changes. So nothing needs to be synced, and a failure may be thrown.
 */
export type SnapshotStore = Readonly<{
  /** The snapshot of a stream with the highest revision below `before`; null: there is none. */
  latest: (stream: string, before: number) => SnapshotHead | null;
  /** JSON texts in their order. */
  parts: (head: SnapshotHead) => readonly string[];
  /** Parts come before the head; those of an unfinished snapshot are replaced by the next attempt. */
  addPart: (
    key: Pick<SnapshotHead, 'stream' | 'revision'>,
    part: Readonly<{ ordinal: number; text: string }>,
  ) => void;
  /** Makes the snapshot visible; older ones of the stream may go. */
  finish: (head: SnapshotHead) => void;
}>;

/** Why a snapshot was passed over, or not made: for a log line, never an error. */
export type SnapshotProblem = Readonly<{
  stream: string;
  revision: number;
  problem: 'damaged' | 'other-version' | 'not-of-this-log' | 'unreadable' | 'not-written';
}>;

export type SnapshotOptions = Readonly<{
  store: SnapshotStore;
  /** Hears of every snapshot that was ignored. */
  onProblem: (problem: SnapshotProblem) => void;
}>;
