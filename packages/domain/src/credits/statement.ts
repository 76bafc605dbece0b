import { invariant, monthBounds, monthOf, type Instant, type Month } from '../kernel/index.js';
import type { CreditEvent } from './events.js';
import {
  effectOnAvailable,
  isGrant,
  makePostingSource,
  occurredAtOf,
  referenceOf,
  type Posting,
  type StatementColumn,
} from './statement-postings.js';

/** An event of the company's credit stream. `recordedAt` absent means that it was on time. */
export type StatementEntry = Readonly<{
  event: CreditEvent;
  eventId: string;
  recordedAt?: Instant;
}>;

export type StatementScope = Readonly<{
  company: string;
  month: Month;
  timeZone: string;
  /**
   * When each month's statement was issued. An event recorded after its month was issued is booked in
   * the first month that was still open, as a correction: an issued statement never changes.
   */
  issuedAt?: Readonly<Record<Month, Instant>>;
  /** As known at this instant: what was recorded later is left out. */
  knownAt?: Instant;
}>;

/** One movement of one lot. Amounts are signed: a settled hold leaves `held` with a negative one. */
export type StatementLine = Readonly<{
  column: StatementColumn;
  lotId: string;
  amount: number;
  /** The instant that books it in this month; for a correction the month's first. */
  bookedAt: Instant;
  occurredAt: Instant;
  /** The issued month that this line belongs to by its date, null where it is on time. */
  correctionOf: Month | null;
  /** Order number or charge id. */
  reference: string | null;
  /** Ids of the events that prove it; a lapse by date is proved by the grant that set the lot's end. */
  events: readonly string[];
}>;

/**
 * A company's month `[from, to)` in whole credits. Held credits stand outside opening and closing:
 * `closing = opening + grantedFree + promotional + purchased + adjusted − usedFree − usedPaid − lapsed − voided + refunded −
 * (held − heldOpening)`. `voided` is what refunds of purchases took away, `refunded` what reversed
 * charges gave back. Free credits lapse at the next month's first instant, so in the next statement.
 */
export type CreditStatement = Readonly<
  Record<StatementColumn | 'opening' | 'closing' | 'heldOpening', number> & {
    company: string;
    month: Month;
    timeZone: string;
    from: Instant;
    to: Instant;
    lines: readonly StatementLine[];
  }
>;

type LotTally = {
  readonly lotId: string;
  readonly grantId: string;
  readonly expiresAt: Instant;
  /** What the lot's end finds unused, from everything booked before it. */
  endsWith: number;
  /** Balance at the month's end. */
  available: number;
  held: number;
};

type Booking = Readonly<{
  bookedAt: Instant;
  occurredAt: Instant;
  correctionOf: Month | null;
  reference: string | null;
  events: readonly string[];
}>;

const noTotals = (): Record<StatementColumn, number> => ({
  grantedFree: 0,
  promotional: 0,
  purchased: 0,
  adjusted: 0,
  usedFree: 0,
  usedPaid: 0,
  lapsed: 0,
  voided: 0,
  refunded: 0,
  held: 0,
});

const columns = Object.keys(effectOnAvailable) as readonly StatementColumn[];

const availableAfter = (
  opening: number,
  movements: Readonly<Record<StatementColumn, number>>,
): number => {
  let available = opening;
  for (const column of columns) available += effectOnAvailable[column] * movements[column];
  return available;
};

type IssuedMonth = Readonly<{ end: Instant; issuedAt: Instant }>;

/** Issued months, oldest first, with their ends computed once and not per event. */
const issuedMonthsOf = ({ issuedAt = {}, timeZone }: StatementScope): readonly IssuedMonth[] =>
  Object.entries(issuedAt)
    .map(([month, at]) => ({ issuedAt: at, end: monthBounds(month, timeZone).end }))
    .sort((a, b) => a.end - b.end);

const bookingOf = (
  entry: StatementEntry,
  issued: readonly IssuedMonth[],
  timeZone: string,
): Booking => {
  const occurredAt = occurredAtOf(entry.event);
  const { recordedAt = occurredAt } = entry;
  let bookedAt = occurredAt;
  // An issued month closes those before it too: they are in what it opens with.
  for (const { end, issuedAt } of issued) {
    if (bookedAt < end && recordedAt > issuedAt) bookedAt = end;
  }
  const correctionOf = bookedAt === occurredAt ? null : monthOf(occurredAt, timeZone);
  const reference = referenceOf(entry.event);
  return { bookedAt, occurredAt, correctionOf, reference, events: [entry.eventId] };
};

type Tally = Readonly<{
  start: Instant;
  end: Instant;
  lots: Map<string, LotTally>;
  before: Record<StatementColumn, number>;
  within: Record<StatementColumn, number>;
  lines: StatementLine[];
}>;

const lotOf = (tally: Tally, lotId: string): LotTally => {
  const lot = tally.lots.get(lotId);
  invariant(lot !== undefined, 'a lot is granted before anything else is posted to it');
  return lot;
};

const post = (tally: Tally, { lotId, column, amount }: Posting, booking: Booking): void => {
  if (booking.bookedAt >= tally.end || amount === 0) return;
  const lot = lotOf(tally, lotId);
  lot.available += effectOnAvailable[column] * amount;
  if (column === 'held') lot.held += amount;
  if (booking.bookedAt < tally.start) {
    tally.before[column] += amount;
    return;
  }
  tally.within[column] += amount;
  tally.lines.push({ column, lotId, amount, ...booking });
};

/** What reaches a lot before its end lapses there if nothing takes it; what comes later lapses at once. */
const lapse = (tally: Tally, { lotId, column, amount }: Posting, booking: Booking): void => {
  const lot = lotOf(tally, lotId);
  const change = effectOnAvailable[column] * amount;
  if (booking.bookedAt < lot.expiresAt) lot.endsWith += change;
  else post(tally, { lotId, column: 'lapsed', amount: change }, booking);
};

const lapseAtEnd = (tally: Tally, lot: LotTally): void => {
  const { lotId, expiresAt, endsWith, grantId } = lot;
  const at = { bookedAt: expiresAt, occurredAt: expiresAt };
  const booking = { ...at, correctionOf: null, reference: null, events: [grantId] };
  post(tally, { lotId, column: 'lapsed', amount: endsWith }, booking);
};

const closed = (tally: Tally, { company, month, timeZone }: StatementScope): CreditStatement => {
  const { lots, before, within, lines, start, end } = tally;
  for (const lot of lots.values()) lapseAtEnd(tally, lot);
  const opening = availableAfter(0, before);
  const closing = availableAfter(opening, within);
  let balance = 0;
  for (const lot of lots.values()) {
    invariant(lot.available >= 0 && lot.held >= 0, 'no lot is below zero at the end of a month');
    invariant(lot.expiresAt >= end || lot.available === 0, 'a lot that has ended is worth nothing');
    balance += lot.available;
  }
  invariant(closing === balance, 'a statement closes with what its lots have left');
  return {
    company,
    month,
    timeZone,
    from: start,
    to: end,
    opening,
    ...within,
    heldOpening: before.held,
    held: before.held + within.held,
    closing,
    lines: lines.toSorted((a, b) => a.bookedAt - b.bookedAt),
  };
};

/** A statement that is being added up: entries in stream order, from the stream's beginning. */
export type StatementFold = Readonly<{
  add: (entry: StatementEntry) => void;
  /** The statement; call it once, after the last entry. */
  close: () => CreditStatement;
}>;

/** Adds up one month's statement. Memory: its own lines, the lots, and the holds that are open. */
export const openStatement = (scope: StatementScope): StatementFold => {
  const { start, end } = monthBounds(scope.month, scope.timeZone);
  const lots = new Map<string, LotTally>();
  const tally: Tally = { start, end, lots, before: noTotals(), within: noTotals(), lines: [] };
  const postingsOf = makePostingSource();
  const issued = issuedMonthsOf(scope);
  return {
    add: (entry) => {
      const { event, eventId, recordedAt = 0 } = entry;
      if (recordedAt > (scope.knownAt ?? Infinity)) return;
      if (isGrant(event)) {
        const { lotId, expiresAt } = event.data;
        lots.set(lotId, { lotId, grantId: eventId, expiresAt, endsWith: 0, available: 0, held: 0 });
      }
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

/** The bytes of a statement: the same entries and scope give the same text. */
export const statementText = (statement: CreditStatement): string =>
  `${JSON.stringify(statement, null, 2)}\n`;
