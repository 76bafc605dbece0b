import type { InputLine } from '@daybook/engine';
import { readJournal } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';

/** The text of a journal as the engine imports it: read and checked line by line. */
export async function* inputLines(journal: AsyncIterable<string>): AsyncGenerator<InputLine> {
  for await (const { line, bytes, result } of readJournal(journal))
    yield { line, bytes, result: E.isLeft(result) ? result : E.right([result.right]) };
}
