import * as E from 'fp-ts/lib/Either.js';
import type { Fault } from '../line-problem.js';
import type { JournalEntry, WrittenEntry } from './entry.js';

/** Most unnamed items of sessions that have not ended, kept to tell equal instants apart (about 60 MB). */
export const TRACKED_ITEMS_MAX = 1_000_000;

export type ItemNaming = (entry: WrittenEntry) => E.Either<Fault, JournalEntry>;

const ITEM_KINDS = ['chat', 'action', 'assistant-message'];

const tooManyItems: Fault = {
  field: 'item',
  reason: 'is missing, and too many sessions before it have not ended to derive it',
  remedy: 'give the line an item id, or end each session with session-ended',
};

/** Items without an id so far, by kind and instant: what tells one from the next. */
type Seen = Map<number, number>;

/**
 * Gives an item without id the id `<entry>-<epoch milliseconds>-<n>`: the n-th unnamed item of its kind at that
 * instant in its session. So the id rests on what the line says of itself: repairing, removing or
 * adding other lines leaves it, unless they are of the same kind at the same millisecond. It does not
 * rest on the text, whose hash would outlive the text's deletion.
 */
export const makeItemNaming = (trackedItemsMax: number = TRACKED_ITEMS_MAX): ItemNaming => {
  const sessions = new Map<string, Seen>();
  let tracked = 0;

  const forget = (session: string): void => {
    tracked -= sessions.get(session)?.size ?? 0;
    sessions.delete(session);
  };

  /** Ordinal of an unnamed item, or nothing when no more can be told apart. */
  const ordinalOf = (session: string, key: number): number | undefined => {
    const seen = sessions.get(session) ?? new Map<number, number>();
    const before = seen.get(key);
    if (before === undefined) {
      if (tracked >= trackedItemsMax) return undefined;
      tracked += 1;
    }
    const ordinal = (before ?? 0) + 1;
    seen.set(key, ordinal);
    sessions.set(session, seen);
    return ordinal;
  };

  return (entry) => {
    switch (entry.entry) {
      case 'chat':
      case 'action':
      case 'assistant-message': {
        if (entry.item !== undefined) return E.right({ ...entry, item: entry.item });
        const key = entry.at * ITEM_KINDS.length + ITEM_KINDS.indexOf(entry.entry);
        const ordinal = ordinalOf(entry.session, key);
        if (ordinal === undefined) return E.left(tooManyItems);
        return E.right({ ...entry, item: `${entry.entry}-${entry.at}-${ordinal}` });
      }
      case 'session-ended':
        forget(entry.session);
        return E.right(entry);
      case 'session-started':
      case 'prompt-answered':
      case 'prompt-timed-out':
      case 'consent-withdrawn':
        return E.right(entry);
    }
  };
};
