import type { Either } from 'fp-ts/lib/Either.js';
import type { DeliveryFailure } from './failure.js';
import type { NoteMarker } from './note/marker.js';

/** By what a record of a remote system may be found for a session. No text, nothing personal: ids only. */
export type SessionReference = Readonly<{
  sessionId: string;
  deviceId: string | null;
  supporterId: string | null;
}>;

/** A note as it is sent. `text` ends with the marker's line. */
export type Note = Readonly<{ text: string; marker: NoteMarker }>;

export type Posted = Readonly<{
  noteId: string;
  /** `found`: an earlier attempt had its effect, though its answer never came. */
  how: 'created' | 'updated' | 'found';
}>;

/** What a deletion could not take back. `id` names it in the remote system. */
export type Unrecalled = Readonly<{ what: string; id: string | null; why: string }>;

export type Retracted = Readonly<{
  /** The note that says so, where the remote system keeps one. */
  noteId: string | null;
  recalled: number;
  unrecalled: readonly Unrecalled[];
  /** A note's text still stands where it was: somebody must look. */
  isTextLeft: boolean;
}>;

type Answer<A> = Promise<Either<DeliveryFailure, A>>;

/**
 * A remote system as the connector uses it. Each call may be repeated: it looks for its own marker before it
 * writes, so that an answer that was lost does not lead to a second note.
 */
export type Remote = Readonly<{
  find: (session: SessionReference) => Answer<string>;
  post: (recordId: string, note: Note) => Answer<Posted>;
  /** `noteIds`: notes that are known to have been written, also where none is found by its marker any more. */
  retract: (
    recordId: string,
    retraction: Readonly<{ note: Note; noteIds: readonly string[] }>,
  ) => Answer<Retracted>;
  /** Until when its limits ask for quiet though nothing was refused; null: go on. */
  quietUntil: () => number | null;
}>;
