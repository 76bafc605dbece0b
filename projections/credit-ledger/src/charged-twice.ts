import type { Database } from 'better-sqlite3';

export type ChargedTwice = Readonly<{ sessionId: string; chargeIds: readonly string[] }>;
export type ChargedTwiceQuery = (company: string) => readonly ChargedTwice[];

/**
 * Sessions with more than one captured charge under the tariff that charges a session once (rulebook §5). Must be
 * empty; the tariff by blocks of messages charges a session again by design and does not count.
 */
export const prepareChargedTwice = (db: Database): ChargedTwiceQuery => {
  const statement = db.prepare<[string], { sessionId: string; chargeIds: string }>(
    `SELECT session_id AS sessionId, json_group_array(charge_id) AS chargeIds FROM (
      SELECT session_id, charge_id FROM charges
      WHERE company = ? AND status = 'captured' AND tariff = 'per-session'
      ORDER BY session_id, generation, charge_id)
    GROUP BY session_id HAVING count(*) > 1 ORDER BY session_id`,
  );
  return (company) =>
    statement.all(company).map(({ sessionId, chargeIds }) => ({
      sessionId,
      chargeIds: JSON.parse(chargeIds) as readonly string[],
    }));
};
