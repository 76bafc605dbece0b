import * as E from 'fp-ts/lib/Either.js';
import type { JournalEntry, JournalOptions, LineProblem } from '../src/index.js';
import { readJournal } from '../src/index.js';

/** A source that gives these chunks. */
export async function* sourceOf(
  ...chunks: readonly (string | Buffer)[]
): AsyncGenerator<string | Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

export const collect = async <A>(lines: AsyncIterable<A>): Promise<A[]> => {
  const all: A[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

/** Entries and problems of a journal, in order, without the wrapping. */
export const journalOf = async (
  chunks: readonly (string | Buffer)[],
  options?: JournalOptions,
): Promise<(JournalEntry | LineProblem)[]> =>
  (await collect(readJournal(sourceOf(...chunks), options))).map(({ result }) =>
    E.isRight(result) ? result.right : result.left,
  );

/** The problem of a single line, which must have one. */
export const problemOf = async (line: string | Buffer): Promise<LineProblem> => {
  const [first] = await journalOf([line, '\n']);
  if (first === undefined || 'entry' in first) throw new Error('The line was accepted');
  return first;
};
