import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, Position, ReadError, StoredEvent } from '../event-store.js';

/** A failed read, on its way to the one place that makes a value of it. */
export class ReadFailed extends Error {
  override readonly name = 'ReadFailed';
  constructor(
    readonly error: ReadError,
    readonly end: 'source' | 'target',
  ) {
    super(error.message);
  }
}

/** The events of a log one by one, with one page in memory. */
export type EventCursor = Readonly<{
  /** The event at the cursor; undefined at the end of the page or before the first. */
  current: () => StoredEvent | undefined;
  advance: () => void;
  /** Reads on when the page is used up; false at the end of the log. Throws `ReadFailed`. */
  fill: () => Promise<boolean>;
  close: () => Promise<void>;
}>;

export const openCursor = (
  store: Pick<EventStore, 'readAll'>,
  end: 'source' | 'target',
  after: Position,
): EventCursor => {
  const pages = store.readAll({ after })[Symbol.asyncIterator]();
  let events: readonly StoredEvent[] = [];
  let index = 0;
  const fill = async (): Promise<boolean> => {
    while (index >= events.length) {
      const next = await pages.next();
      if (next.done === true) return false;
      if (E.isLeft(next.value)) throw new ReadFailed(next.value.left, end);
      events = next.value.right.events;
      index = 0;
    }
    return true;
  };
  return {
    current: () => events[index],
    advance: () => {
      index += 1;
    },
    fill,
    close: async () => {
      await pages.return?.();
    },
  };
};
