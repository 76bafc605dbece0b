import type { LotKind } from '@daybook/domain/credits';
import { pageRows, type PageRows } from '@daybook/projection';
import type { Database } from 'better-sqlite3';

export type LotRow = {
  company: string;
  lot_id: string;
  kind: LotKind;
  month: string | null;
  plan: string | null;
  order_number: string | null;
  priority: number;
  effective_at: number;
  expires_at: number;
  granted: number;
  used: number;
  held: number;
  voided: number;
  /** What `CreditsLapsed` events wrote down; what has lapsed by its date is computed by the queries. */
  lapsed: number;
  position: number;
};

export type ChargeStatus = 'held' | 'captured' | 'released' | 'reversed';

export type ChargeRow = {
  company: string;
  session_id: string;
  charge_id: string;
  generation: number;
  status: ChargeStatus;
  amount: number;
  /** JSON array of `{lotId, amount}`. */
  allocations: string;
  tariff: string;
  held_at: number;
  times_out_at: number;
  settled_at: number | null;
  reason: string | null;
  position: number;
};

export type AccountRow = {
  company: string;
  revision: number;
  position: number;
} & Record<`charges_${ChargeStatus}`, number>;

/** A lot that something happened to before its grant was seen: its figures stay, its life is unknown. */
export const unknownLot = (company: string, lotId: string): LotRow => ({
  company,
  lot_id: lotId,
  kind: 'free',
  month: null,
  plan: null,
  order_number: null,
  priority: 0,
  effective_at: 0,
  expires_at: 0,
  granted: 0,
  used: 0,
  held: 0,
  voided: 0,
  lapsed: 0,
  position: 0,
});

export type LedgerRows = Readonly<{
  lots: PageRows<LotRow>;
  charges: PageRows<ChargeRow>;
  accounts: PageRows<AccountRow>;
}>;

const lotRows = (db: Database): PageRows<LotRow> => {
  const load = db.prepare<[string, string], LotRow>(
    'SELECT * FROM lots WHERE company = ? AND lot_id = ?',
  );
  const save = db.prepare<[LotRow]>(`INSERT OR REPLACE INTO lots VALUES (
    :company, :lot_id, :kind, :month, :plan, :order_number, :priority, :effective_at, :expires_at,
    :granted, :used, :held, :voided, :lapsed, :position)`);
  return pageRows({
    load: ([company, lotId = '']) => load.get(company, lotId),
    save: (row) => save.run(row),
  });
};

const chargeRows = (db: Database): PageRows<ChargeRow> => {
  const load = db.prepare<[string, string, string], ChargeRow>(
    'SELECT * FROM charges WHERE company = ? AND session_id = ? AND charge_id = ?',
  );
  const save = db.prepare<[ChargeRow]>(`INSERT OR REPLACE INTO charges VALUES (
    :company, :session_id, :charge_id, :generation, :status, :amount, :allocations, :tariff,
    :held_at, :times_out_at, :settled_at, :reason, :position)`);
  return pageRows({
    load: ([company, sessionId = '', chargeId = '']) => load.get(company, sessionId, chargeId),
    save: (row) => save.run(row),
  });
};

const accountRows = (db: Database): PageRows<AccountRow> => {
  const load = db.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE company = ?');
  const save = db.prepare<[AccountRow]>(
    `INSERT OR REPLACE INTO accounts VALUES (:company, :revision, :position,
      :charges_held, :charges_captured, :charges_released, :charges_reversed)`,
  );
  return pageRows({ load: ([company]) => load.get(company), save: (row) => save.run(row) });
};

export const ledgerRows = (db: Database): LedgerRows => ({
  lots: lotRows(db),
  charges: chargeRows(db),
  accounts: accountRows(db),
});
