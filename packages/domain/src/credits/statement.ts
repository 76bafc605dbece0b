import { invariant, monthBounds, monthOf, type Instant, type Month } from '../kernel/index.js';
import type { CreditEvent } from './events.js';
import { isGrant, makePostingSource, occurredAtOf, referenceOf } from './statement-postings.js';
import {
  emptyTally,
  figuresOf,
  lapse,
  lapseAtEnd,
  post,
  sumOf,
  type Booking,
  type LotTally,
  type StatementFigures,
  type StatementLine,
  type Tally,
} from './statement-tally.js';

/**
 * The shape of the canonical bytes, which the digest of an issued statement is of. Whoever changes the
 * shape adds a number and keeps the old one writable: an issued statement is issued again for ever.
 */
export const statementFormat = 1;

/** An event of the company's credit stream. */
export type StatementEntry = Readonly<{
  event: CreditEvent;
  eventId: string;
  /** Absent means that it was recorded in time for every issued month. */
  revision?: number;
  /** Absent means that it has been known always. */
  recordedAt?: Instant;
}>;

/** An issued month closes with the last event of the stream that it knew. */
export type Closing = Readonly<{ revision: number; timeZone: string }>;

export type StatementScope = Readonly<{
  company: string;
  month: Month;
  timeZone: string;
  /**
   * The months that have been issued (`account.statements`). An event that an issued month did not know
   * is booked in the first month that was still open, as a correction: an issued statement never changes.
   */
  issued?: Readonly<Record<Month, Closing>>;
  /** As known at this instant: what was recorded later is left out. */
  knownAt?: Instant;
}>;

/** Credits that will lapse if nobody uses them. */
export type LapseAhead = Readonly<{
  lotId: string;
  side: 'free' | 'paid';
  amount: number;
  expiresAt: Instant;
  /** The grant that set the lot's end. */
  events: readonly string[];
}>;

/**
 * A company's month `[from, to)` in whole credits. Held credits stand outside opening and closing:
 * `closing = opening + grantedFree + promotional + purchased + adjusted − usedFree − usedPaid − lapsed −
 * voided + refunded − (held − heldOpening)`, for free and paid credits apart and for both. `adjusted` is
 * signed; `voided` is what refunds and voids took away, `refunded` what reversed charges gave back. Free
 * credits lapse at the next month's first instant, so in the next statement.
 */
export type CreditStatement = StatementFigures &
  Readonly<{
    format: number;
    company: string;
    month: Month;
    timeZone: string;
    from: Instant;
    to: Instant;
    /** Free: monthly, promotional and adjusted credits. */
    free: StatementFigures;
    /** Paid: purchased credits. */
    paid: StatementFigures;
    lines: readonly StatementLine[];
    /** What the closing consists of, by when it ends; no part of any sum. */
    lapsesAhead: readonly LapseAhead[];
  }>;

type IssuedMonth = Readonly<{ end: Instant; revision: number }>;

/** Issued months, oldest first, with their ends computed once and not per event. */
const issuedMonthsOf = ({ issued = {} }: StatementScope): readonly IssuedMonth[] =>
  Object.entries(issued)
    .map(([month, { revision, timeZone }]) => ({ revision, end: monthBounds(month, timeZone).end }))
    .sort((a, b) => a.end - b.end);

const bookingOf = (
  entry: StatementEntry,
  issued: readonly IssuedMonth[],
  timeZone: string,
): Booking => {
  const occurredAt = occurredAtOf(entry.event);
  const { revision = -1 } = entry;
  let bookedAt = occurredAt;
  // An issued month closes those before it too: they are in what it opens with.
  for (const month of issued) {
    if (bookedAt < month.end && revision > month.revision) bookedAt = month.end;
  }
  const correctionOf = bookedAt === occurredAt ? null : monthOf(occurredAt, timeZone);
  const reference = referenceOf(entry.event);
  return { bookedAt, occurredAt, correctionOf, reference, events: [entry.eventId] };
};

const compareEnds = (a: LotTally, b: LotTally): number =>
  a.expiresAt - b.expiresAt || (a.lotId < b.lotId ? -1 : 1);

const lapsesAheadOf = (lots: Iterable<LotTally>): readonly LapseAhead[] =>
  [...lots]
    .filter(({ available }) => available > 0)
    .sort(compareEnds)
    .map(({ lotId, side, available, expiresAt, grantId }) => ({
      lotId,
      side,
      amount: available,
      expiresAt,
      events: [grantId],
    }));

const closed = (tally: Tally, { company, month, timeZone }: StatementScope): CreditStatement => {
  const { lots, lines, start, end } = tally;
  for (const lot of lots.values()) lapseAtEnd(tally, lot);
  const free = figuresOf(tally.free);
  const paid = figuresOf(tally.paid);
  const sum = sumOf(free, paid);
  let balance = 0;
  for (const lot of lots.values()) {
    invariant(lot.available >= 0 && lot.held >= 0, 'no lot is below zero at the end of a month');
    invariant(lot.expiresAt >= end || lot.available === 0, 'a lot that has ended is worth nothing');
    balance += lot.available;
  }
  invariant(sum.closing === balance, 'a statement closes with what its lots have left');
  return {
    format: statementFormat,
    company,
    month,
    timeZone,
    from: start,
    to: end,
    ...sum,
    free,
    paid,
    lines: lines.toSorted((a, b) => a.bookedAt - b.bookedAt),
    lapsesAhead: lapsesAheadOf(lots.values()),
  };
};

/** A statement that is being added up: entries in stream order, from the stream's beginning. */
export type StatementFold = Readonly<{
  add: (entry: StatementEntry) => void;
  /** The statement; call it once, after the last entry. */
  close: () => CreditStatement;
}>;

const openLot = (tally: Tally, { event, eventId }: StatementEntry): void => {
  if (!isGrant(event)) return;
  const { lotId, expiresAt } = event.data;
  const side = event.type === 'CreditsPurchased' ? 'paid' : 'free';
  const nothing = { endsWith: 0, available: 0, held: 0 };
  tally.lots.set(lotId, { lotId, grantId: eventId, expiresAt, side, ...nothing });
};

/** Adds up one month's statement. Memory: its own lines, the lots, and the holds that are open. */
export const openStatement = (scope: StatementScope): StatementFold => {
  const { start, end } = monthBounds(scope.month, scope.timeZone);
  const tally = emptyTally(start, end);
  const postingsOf = makePostingSource();
  const issued = issuedMonthsOf(scope);
  return {
    add: (entry) => {
      const { event, recordedAt = 0 } = entry;
      if (recordedAt > (scope.knownAt ?? Infinity)) return;
      openLot(tally, entry);
      const booking = bookingOf(entry, issued, scope.timeZone);
      const postings = postingsOf(event);
      for (const posting of postings) post(tally, posting, booking);
      // Held credits that are used were gone before: a capture leaves nothing to lapse.
      if (event.type === 'HoldCaptured') return;
      for (const posting of postings) lapse(tally, posting, booking);
    },
    close: () => closed(tally, scope),
  };
};

/** The statement of one month from the events of the whole stream, in stream order (rulebook §5). */
export const creditStatement = (
  entries: Iterable<StatementEntry>,
  scope: StatementScope,
): CreditStatement => {
  const fold = openStatement(scope);
  for (const entry of entries) fold.add(entry);
  return fold.close();
};
