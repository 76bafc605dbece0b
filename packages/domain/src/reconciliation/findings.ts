import type { Instant, Month } from '../kernel/index.js';
import type { EventRef, PortalStatus } from './facts.js';

/** A field in which lines of one order contradict each other. */
export type DifferingField = 'credits' | 'purchased at' | 'price' | 'currency' | 'invoice number';

type Found<Class extends string, Detail> = Readonly<{ class: Class }> &
  Readonly<Detail> &
  Readonly<{
    /** Lines of the portal's export, ascending. */
    lines: readonly number[];
    /** Events of the log, in its order. */
    events: readonly EventRef[];
  }>;

type Order<Detail = unknown> = Detail & { orderNumber: string };
type Session<Detail = unknown> = Detail & { sessionId: string };

/** One disagreement, with everything that shows it. */
export type Finding =
  | Found<
      'portal-line-unreadable',
      { orderNumber: string | null; column: string | null; reason: string; remedy: string }
    >
  | Found<
      'purchase-missing-in-ledger',
      Order<{ credits: number; purchasedAt: Instant; status: PortalStatus }>
    >
  | Found<'purchase-missing-in-portal', Order<{ credits: number; purchasedAt: Instant }>>
  | Found<'duplicate-order-differs', Order<{ differsIn: readonly DifferingField[] }>>
  | Found<'order-twice-in-ledger', Order<{ credits: number }>>
  | Found<'amount-differs', Order<{ portalCredits: number; ledgerCredits: number }>>
  | Found<'instant-differs', Order<{ portalDay: string; ledgerDay: string }>>
  | Found<'refund-missing-in-ledger', Order>
  | Found<'refund-missing-in-portal', Order>
  | Found<'month-without-grant', { month: Month; dueAt: Instant }>
  | Found<'session-charged-twice', Session<{ charged: number; owed: number }>>
  | Found<'charged-without-ai-use', Session<{ charged: number }>>
  | Found<'ai-use-without-charge', Session<{ charged: number; owed: number }>>
  | Found<'summary-without-charge', Session>;

export type FindingClass = Finding['class'];

const summaries: Readonly<Record<FindingClass, string>> = {
  'portal-line-unreadable': 'lines of the portal that cannot be read',
  'purchase-missing-in-ledger': 'purchases that the ledger does not have',
  'purchase-missing-in-portal': 'purchases that the portal does not have',
  'duplicate-order-differs': 'orders that the portal lists more than once, with other content',
  'order-twice-in-ledger': 'orders that the ledger has more than once',
  'amount-differs': 'purchases of another amount',
  'instant-differs': 'purchases of another day',
  'refund-missing-in-ledger': 'refunds that the ledger does not have',
  'refund-missing-in-portal': 'refunds that the portal does not have',
  'month-without-grant': 'months without their free credits',
  'session-charged-twice': 'sessions that are charged more than they owe',
  'charged-without-ai-use': 'sessions that are charged and used no AI',
  'ai-use-without-charge': 'sessions that used the assistant and are not charged for it',
  'summary-without-charge': 'sessions with a summary and no charge',
};

/** Every class, in the order of a report, with what it counts. */
export const findingClasses = Object.entries(summaries) as readonly (readonly [
  FindingClass,
  string,
])[];
