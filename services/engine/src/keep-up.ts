import type { EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { noting } from './notes-file.js';

/** A table that is filled from the log: rows and position are written together. */
export type LogReader = Readonly<{
  types: readonly string[];
  /** Everything up to here has been read. */
  read: () => number;
  /** Events in the order of the log; reading them again changes nothing. */
  apply: (events: readonly StoredEvent[], checkpoint: number) => void;
  /** Forgets everything: the log is not the one that was read. */
  clear: () => void;
}>;

type Log = Pick<EventStore, 'readAll' | 'head'>;

/**
 * Reads the log up to its end as it is now, in this call. A reader that is further than the log ends
 * belongs to another log, or to one that was restored from a backup: it starts over.
 */
export const keepUp = async (store: Log, reader: LogReader): Promise<E.Either<ReadError, void>> => {
  const head = await store.head()();
  if (E.isLeft(head)) return head;
  if (reader.read() > head.right) {
    const cleared = noting(reader.clear);
    if (E.isLeft(cleared)) return cleared;
  }
  if (reader.read() === head.right) return E.right(undefined);
  const { types } = reader;
  for await (const page of store.readAll({ after: reader.read(), filter: { types } })) {
    if (E.isLeft(page)) return page;
    const { events, checkpoint } = page.right;
    const noted = noting(() => reader.apply(events, checkpoint));
    if (E.isLeft(noted)) return noted;
    if (page.right.checkpoint >= head.right) break;
  }
  return E.right(undefined);
};
