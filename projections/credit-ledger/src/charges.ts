import type { LotAmount } from '@daybook/domain/credits';
import type { Database } from 'better-sqlite3';
import type { ChargeRow, ChargeStatus } from './rows.js';

export type Charge = Readonly<{
  chargeId: string;
  sessionId: string;
  /** 0 for the session's first charge. */
  generation: number;
  status: ChargeStatus;
  amount: number;
  allocations: readonly LotAmount[];
  tariff: string;
  heldAt: number;
  timesOutAt: number;
  settledAt: number | null;
  reason: string | null;
}>;

export type ChargesOfSessionQuery = (company: string, sessionId: string) => readonly Charge[];

const toCharge = (row: ChargeRow): Charge => ({
  chargeId: row.charge_id,
  sessionId: row.session_id,
  generation: row.generation,
  status: row.status,
  amount: row.amount,
  allocations: JSON.parse(row.allocations) as readonly LotAmount[],
  tariff: row.tariff,
  heldAt: row.held_at,
  timesOutAt: row.times_out_at,
  settledAt: row.settled_at,
  reason: row.reason,
});

export const prepareChargesOfSession = (db: Database): ChargesOfSessionQuery => {
  const statement = db.prepare<[string, string], ChargeRow>(
    'SELECT * FROM charges WHERE company = ? AND session_id = ? ORDER BY generation, charge_id',
  );
  return (company, sessionId) => statement.all(company, sessionId).map(toCharge);
};
