import type { Database } from 'better-sqlite3';
import type { ChargeStatus } from './rows.js';

export type ChargeCounts = Readonly<Record<ChargeStatus, number>>;
export type ChargeCountsQuery = (company: string) => ChargeCounts;

const none: ChargeCounts = { held: 0, captured: 0, released: 0, reversed: 0 };

/** How many charges of a company stand where. */
export const prepareChargeCounts = (db: Database): ChargeCountsQuery => {
  const statement = db.prepare<[string], ChargeCounts>(
    `SELECT charges_held AS held, charges_captured AS captured, charges_released AS released,
      charges_reversed AS reversed
    FROM accounts WHERE company = ?`,
  );
  return (company) => statement.get(company) ?? none;
};
