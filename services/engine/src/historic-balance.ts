import type { HandlingFailure } from '@daybook/command-handling';
import { creditsAsOf, type HistoricBalance, type StatementEntry } from '@daybook/domain/credits';
import { creditsStream } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { decodedEvents, type StreamReader } from './fold-stream.js';

export type HistoricBalanceAnswer = Readonly<{
  balance: HistoricBalance;
  /** Position of the last event that was known. */
  position: number;
}>;

/**
 * The balance on both time axes (rulebook §5): as it was true at `asOf`, from what had been recorded by
 * `knownAt`. Read from the account's own stream, whose events are held while it is added up.
 */
export const readHistoricBalance =
  (reader: StreamReader) =>
  async (
    company: string,
    point: Readonly<{ asOf: number; knownAt: number }>,
  ): Promise<E.Either<HandlingFailure, HistoricBalanceAnswer>> => {
    const entries: StatementEntry[] = [];
    let position = 0;
    for await (const page of decodedEvents(reader, aggregates.accounts, creditsStream(company))) {
      if (E.isLeft(page)) return page;
      for (const { stored, event } of page.right) {
        const { id: eventId, revision, recordedAt } = stored;
        if (recordedAt > point.knownAt) continue;
        entries.push({ event, eventId, revision, recordedAt });
        position = stored.position;
      }
    }
    return E.right({ balance: creditsAsOf(entries, point), position });
  };
