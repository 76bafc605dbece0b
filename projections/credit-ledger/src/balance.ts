import type { LotKind } from '@daybook/domain/credits';
import type { Database } from 'better-sqlite3';
import { addTo, type EntryKind } from './movements.js';
import type { LotRow } from './rows.js';

/** One lot at an instant. `granted = used + lapsed + voided + held + available + upcoming`, always. */
export type LotAsOf = Readonly<{
  lotId: string;
  kind: LotKind;
  month: string | null;
  orderNumber: string | null;
  priority: number;
  effectiveAt: number;
  expiresAt: number;
  granted: number;
  used: number;
  held: number;
  voided: number;
  /** What was left at `expiresAt`, from that instant on, whether or not a lapse was written down. */
  lapsed: number;
  /** What can pay at the instant: only inside `[effectiveAt, expiresAt)`. */
  available: number;
  /** What can pay later: the lot begins after the instant. */
  upcoming: number;
}>;

/** Whole credits. `available = free + paid`; held credits stand beside it. */
export type BalanceAsOf = Readonly<{
  available: number;
  free: number;
  paid: number;
  held: number;
  /** First instant at which some of the available credits end. */
  nextExpiryAt: number | null;
  /** Every lot that existed, in the order in which lots pay (rulebook §5). */
  lots: readonly LotAsOf[];
}>;

export type BalanceQuery = (company: string, asOf: number) => BalanceAsOf;

const asOfInstant = (row: LotRow, asOf: number): LotAsOf => {
  const { granted, used, held, voided } = row;
  const left = granted - used - held - voided;
  const ended = row.expires_at <= asOf;
  const begun = row.effective_at <= asOf;
  return {
    lotId: row.lot_id,
    kind: row.kind,
    month: row.month,
    orderNumber: row.order_number,
    priority: row.priority,
    effectiveAt: row.effective_at,
    expiresAt: row.expires_at,
    granted,
    used,
    held,
    voided,
    lapsed: ended ? left : 0,
    available: begun && !ended ? left : 0,
    upcoming: begun || ended ? 0 : left,
  };
};

const totals = (lots: readonly LotAsOf[]): BalanceAsOf => {
  let free = 0;
  let paid = 0;
  let held = 0;
  let nextExpiryAt: number | null = null;
  for (const lot of lots) {
    held += lot.held;
    if (lot.kind === 'purchased') paid += lot.available;
    else free += lot.available;
    if (lot.available > 0) nextExpiryAt = Math.min(nextExpiryAt ?? lot.expiresAt, lot.expiresAt);
  }
  return { available: free + paid, free, paid, held, nextExpiryAt, lots };
};

/** The domain's burn order; `kind` is one of four words. */
const rankOfKind = `CASE kind WHEN 'free' THEN 0 WHEN 'promotional' THEN 1 WHEN 'adjustment' THEN 2 ELSE 3 END`;

type Later = Readonly<{ lot_id: string; kind: EntryKind; amount: number }>;

/**
 * The balance as it was true at an instant, from everything recorded so far: the sums of today less what occurred after it.
 * An answer about now reads no entry at all.
 */
export const prepareBalance = (db: Database): BalanceQuery => {
  const lotsOf = db.prepare<[string], LotRow>(`SELECT * FROM lots WHERE company = ?
    ORDER BY priority, expires_at, ${rankOfKind}, effective_at, position, lot_id`);
  const laterThan = db.prepare<[string, number], Later>(
    `SELECT lot_id, kind, sum(amount) AS amount FROM entries
    WHERE company = ? AND occurred_at > ? GROUP BY lot_id, kind`,
  );
  return (company, asOf) => {
    const lots = new Map(lotsOf.all(company).map((row) => [row.lot_id, row]));
    for (const { lot_id: lotId, kind, amount } of laterThan.all(company, asOf)) {
      const lot = lots.get(lotId);
      if (lot !== undefined) addTo(lot, kind, -amount);
    }
    const existing = [...lots.values()].filter(({ granted }) => granted > 0);
    return totals(existing.map((row) => asOfInstant(row, asOf)));
  };
};
