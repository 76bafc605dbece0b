import * as E from 'fp-ts/lib/Either.js';
import type { Fault } from '../line-problem.js';
import {
  LINE_BYTES_MAX,
  readLines,
  TRUNCATED,
  type ReadLine,
  type TextSource,
} from '../lines/text-lines.js';
import { decodeEntry, type JournalEntry, type WrittenEntry } from './entry.js';
import { makeItemNaming, TRACKED_ITEMS_MAX } from './item-naming.js';
import { jsonFault } from './json-fault.js';

export type JournalLine = ReadLine<JournalEntry>;

export type JournalOptions = Readonly<{
  /** Longest line that is read, bytes. */
  lineBytesMax?: number;
  /** Most items without id in sessions that have not ended. */
  trackedItemsMax?: number;
}>;

const brokenJson = (text: string, terminated: boolean): Fault => {
  const fault = jsonFault(text);
  const at = fault?.at ?? 0;
  if (!terminated && at === text.length) return { ...TRUNCATED, column: at + 1 };
  return {
    column: at + 1,
    reason: `is not JSON: ${fault?.reason ?? 'it cannot be parsed'}`,
    remedy: 'write each entry as one JSON object on one line',
  };
};

/** The entry of one line of a journal. `terminated` is false for a last line without line feed. */
export const parseJournalLine = (
  text: string,
  terminated = true,
): E.Either<Fault, WrittenEntry> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return E.left(brokenJson(text, terminated));
  }
  return decodeEntry(value);
};

/**
 * Reads a session journal (JSON Lines, described in the package's README): every line that is not
 * blank gives its entry or its problem, in order. Reading pulls from the source, holds one line at a
 * time, and never stops at a bad line. Errors of the source itself are thrown.
 */
export const readJournal = (
  source: TextSource,
  options: JournalOptions = {},
): AsyncIterable<JournalLine> => {
  const nameItem = makeItemNaming(options.trackedItemsMax ?? TRACKED_ITEMS_MAX);
  return readLines(source, options.lineBytesMax ?? LINE_BYTES_MAX, (text, terminated) => {
    const written = parseJournalLine(text, terminated);
    return E.isRight(written) ? nameItem(written.right) : written;
  });
};
