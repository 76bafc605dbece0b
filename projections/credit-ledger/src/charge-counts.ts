import type { Database } from 'better-sqlite3';
import type { ChargeStatus } from './rows.js';

export type ChargeCounts = Readonly<Record<ChargeStatus, number>>;
export type ChargeCountsQuery = (company: string) => ChargeCounts;

/** How many charges of a company stand where. */
export const prepareChargeCounts = (db: Database): ChargeCountsQuery => {
  const statement = db.prepare<[string], { status: ChargeStatus; charges: number }>(
    'SELECT status, count(*) AS charges FROM charges WHERE company = ? GROUP BY status',
  );
  return (company) => {
    const counts = { held: 0, captured: 0, released: 0, reversed: 0 };
    for (const { status, charges } of statement.all(company)) counts[status] = charges;
    return counts;
  };
};
