import { invariant, type Instant, type Month } from '../kernel/index.js';
import { effectOnAvailable, type Posting, type StatementColumn } from './statement-postings.js';

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
  /** Number or id of the order, charge, promotion, adjustment or void. */
  reference: string | null;
  /** Ids of the events that prove it; a lapse by date is proved by the grant that set the lot's end. */
  events: readonly string[];
}>;

/** Whole credits: what moved in the month, and what was there before and after. */
export type StatementFigures = Readonly<
  Record<StatementColumn | 'opening' | 'closing' | 'heldOpening', number>
>;

/** Where a posting is booked: everything of a line but what moves. */
export type Booking = Omit<StatementLine, 'column' | 'lotId' | 'amount'>;

type Movements = Record<StatementColumn, number>;

/** Free or paid credits: what moved before the month, and inside it. */
export type Side = Readonly<{ before: Movements; within: Movements }>;

/** One lot in a statement that is being added up. */
export type LotTally = {
  readonly lotId: string;
  readonly grantId: string;
  readonly expiresAt: Instant;
  readonly side: 'free' | 'paid';
  /** What the lot's end finds unused, from everything booked before it. */
  endsWith: number;
  /** Balance at the month's end. */
  available: number;
  held: number;
};

/** A month `[start, end)` that is being added up, in stream order. */
export type Tally = Readonly<{
  start: Instant;
  end: Instant;
  lots: Map<string, LotTally>;
  free: Side;
  paid: Side;
  lines: StatementLine[];
}>;

const noMovements = (): Movements => ({
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

const emptySide = (): Side => ({ before: noMovements(), within: noMovements() });

export const emptyTally = (start: Instant, end: Instant): Tally => ({
  start,
  end,
  lots: new Map(),
  free: emptySide(),
  paid: emptySide(),
  lines: [],
});

const columns = Object.keys(effectOnAvailable) as readonly StatementColumn[];

const availableAfter = (opening: number, movements: Readonly<Movements>): number => {
  let available = opening;
  for (const column of columns) available += effectOnAvailable[column] * movements[column];
  return available;
};

/** The figures of one side. */
export const figuresOf = ({ before, within }: Side): StatementFigures => {
  const opening = availableAfter(0, before);
  return {
    opening,
    ...within,
    heldOpening: before.held,
    held: before.held + within.held,
    closing: availableAfter(opening, within),
  };
};

/** Free and paid together: every figure is the sum of the two. */
export const sumOf = (free: StatementFigures, paid: StatementFigures): StatementFigures => {
  const sum: Record<keyof StatementFigures, number> = { ...free };
  for (const key of Object.keys(free) as (keyof StatementFigures)[]) sum[key] += paid[key];
  return sum;
};

const lotOf = (tally: Tally, lotId: string): LotTally => {
  const lot = tally.lots.get(lotId);
  invariant(lot !== undefined, 'a lot is granted before anything else is posted to it');
  return lot;
};

/** Books a posting in the month, before it, or, where it comes later, not at all. */
export const post = (tally: Tally, { lotId, column, amount }: Posting, booking: Booking): void => {
  if (booking.bookedAt >= tally.end || amount === 0) return;
  const lot = lotOf(tally, lotId);
  lot.available += effectOnAvailable[column] * amount;
  if (column === 'held') lot.held += amount;
  const side = tally[lot.side];
  if (booking.bookedAt < tally.start) {
    side.before[column] += amount;
    return;
  }
  side.within[column] += amount;
  tally.lines.push({ column, lotId, amount, ...booking });
};

/** What reaches a lot before its end lapses there if nothing takes it; what comes later lapses at once. */
export const lapse = (tally: Tally, { lotId, column, amount }: Posting, booking: Booking): void => {
  const lot = lotOf(tally, lotId);
  const change = effectOnAvailable[column] * amount;
  if (booking.bookedAt < lot.expiresAt) lot.endsWith += change;
  else post(tally, { lotId, column: 'lapsed', amount: change }, booking);
};

/** What a lot's end finds unused lapses there, by the date alone. */
export const lapseAtEnd = (tally: Tally, lot: LotTally): void => {
  const { lotId, expiresAt, endsWith, grantId } = lot;
  const at = { bookedAt: expiresAt, occurredAt: expiresAt };
  const booking = { ...at, correctionOf: null, reference: null, events: [grantId] };
  post(tally, { lotId, column: 'lapsed', amount: endsWith }, booking);
};
