import type { HandlingFailure } from '@daybook/command-handling';
import { openStatement, type CreditStatement } from '@daybook/domain/credits';
import { companyStream, creditsStream } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { decodedEvents, stateAt, type StreamReader } from './fold-stream.js';

export type StatementAnswer = Readonly<{
  statement: CreditStatement;
  /** Position of the last event of the account that was read. */
  position: number;
}>;

/**
 * The statement of a company's month from its credit stream, page by page: memory holds the month's
 * lines, the lots and the open holds, however long the history. Null for a company that is not registered.
 */
export const readStatement =
  (reader: StreamReader) =>
  async (
    company: string,
    month: string,
  ): Promise<E.Either<HandlingFailure, StatementAnswer | null>> => {
    const at = { stream: companyStream(company), revision: Number.MAX_SAFE_INTEGER };
    const state = await stateAt(reader, aggregates.companies, at);
    if (E.isLeft(state)) return state;
    if (state.right.status !== 'registered') return E.right(null);
    const { timeZone } = state.right;
    const fold = openStatement({ company, month, timeZone });
    let position = 0;
    const stream = creditsStream(company);
    for await (const page of decodedEvents(reader, aggregates.accounts, stream)) {
      if (E.isLeft(page)) return page;
      for (const { stored, event } of page.right) {
        fold.add({ event, eventId: stored.id });
        position = stored.position;
      }
    }
    return E.right({ statement: fold.close(), position });
  };
