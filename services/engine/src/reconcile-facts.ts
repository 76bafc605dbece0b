import { decodeEvent, type HandlingFailure } from '@daybook/command-handling';
import type { CreditEvent } from '@daybook/domain/credits';
import {
  decodeWith,
  EventMetadata,
  invariant,
  partsOf,
  type EventTable,
} from '@daybook/domain/kernel';
import type {
  Activation,
  EventRef,
  LedgerPurchase,
  LedgerRefund,
  SessionFact,
} from '@daybook/domain/reconciliation';
import type { SessionEvent } from '@daybook/domain/session-insights';
import type { SummaryEvent } from '@daybook/domain/summaries';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';

/** What one stored event says to the reconciliation, under the order or session that it is about. */
export type LogFact =
  | Readonly<{ about: 'purchase'; key: string; fact: LedgerPurchase }>
  | Readonly<{ about: 'refund'; key: string; fact: LedgerRefund }>
  | Readonly<{ about: 'session'; key: string; fact: SessionFact }>
  | Readonly<{ about: 'grant'; month: string }>
  | Readonly<{ about: 'activation'; fact: Activation }>;

/** The types that are read; what else an account, a session or a summary records is no part of this. */
const creditTypes = [
  'MonthlyCreditsGranted',
  'CreditsPurchased',
  'PurchaseRefunded',
  'CreditsHeld',
  'HoldCaptured',
  'HoldReleased',
  'ChargeReversed',
] as const;
const useTypes = ['AssistantMessageAnswered', 'SummaryGenerated'] as const;

type ReadType = (typeof creditTypes)[number] | (typeof useTypes)[number];
type ReadEvent = Extract<CreditEvent | SessionEvent | SummaryEvent, { type: ReadType }>;

/** What the sessions and summaries say that AI was used for. */
export const useFilter = { categories: ['session', 'summary'], types: useTypes } as const;

const tables = new Map<string, EventTable>([
  ...creditTypes.map((type) => [type, aggregates.accounts.events] as const),
  ['AssistantMessageAnswered', aggregates.sessions.events],
  ['SummaryGenerated', aggregates.sessionSummaries.events],
]);

const refOf = ({ stream, revision, position, id }: StoredEvent): EventRef => ({
  stream,
  revision,
  position,
  eventId: id,
});

const ofSession = (key: string, fact: SessionFact): LogFact => ({ about: 'session', key, fact });

const logFact = ({ type, data }: ReadEvent, stored: StoredEvent): LogFact => {
  const ref = refOf(stored);
  const sessionOfStream = partsOf(stored.stream).id ?? '';
  switch (type) {
    case 'MonthlyCreditsGranted':
      return { about: 'grant', month: data.month };
    case 'CreditsPurchased': {
      const { orderNumber, amount, purchasedAt } = data;
      return { about: 'purchase', key: orderNumber, fact: { ref, credits: amount, purchasedAt } };
    }
    case 'PurchaseRefunded': {
      const { orderNumber, refundedAt } = data;
      return { about: 'refund', key: orderNumber, fact: { ref, refundedAt } };
    }
    case 'CreditsHeld': {
      const { sessionId, chargeId, amount, heldAt: at } = data;
      return ofSession(sessionId, { kind: 'held', ref, chargeId, amount, at });
    }
    case 'HoldCaptured': {
      const { sessionId, chargeId, capturedAt: at } = data;
      return ofSession(sessionId, { kind: 'captured', ref, chargeId, at });
    }
    case 'HoldReleased': {
      const { sessionId, chargeId, releasedAt: at } = data;
      return ofSession(sessionId, { kind: 'released', ref, chargeId, at });
    }
    case 'ChargeReversed': {
      const { sessionId, chargeId, reversedAt: at } = data;
      return ofSession(sessionId, { kind: 'reversed', ref, chargeId, at });
    }
    case 'AssistantMessageAnswered':
      return ofSession(sessionOfStream, { kind: 'assistant', ref, at: data.at });
    case 'SummaryGenerated':
      return ofSession(sessionOfStream, { kind: 'summary', ref, at: data.generatedAt });
  }
};

const activation = (stored: StoredEvent): LogFact => {
  const metadata = decodeWith(EventMetadata, JSON.parse(stored.metadata) as unknown);
  invariant(E.isRight(metadata), `${stored.type} in the log has readable metadata`);
  const at = metadata.right.occurredAt;
  const fact = { ref: refOf(stored), at, active: stored.type === 'AiActivated' };
  return { about: 'activation', fact };
};

/** The fact in an event of the company, credit, session or summary category; null where there is none. */
export const factOf = (stored: StoredEvent): E.Either<HandlingFailure, LogFact | null> => {
  const { type } = stored;
  if (type === 'AiActivated' || type === 'AiDeactivated') return E.right(activation(stored));
  const table = tables.get(type);
  if (table === undefined) return E.right(null);
  const event = decodeEvent(table, stored);
  return E.isLeft(event) ? event : E.right(logFact(event.right as ReadEvent, stored));
};
