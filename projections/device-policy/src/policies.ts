import type { InsightsSetting } from '@daybook/domain/device-policy';
import type { Database } from 'better-sqlite3';

/** One version of a policy. */
export type PolicyVersion = Readonly<{
  policyId: string;
  version: number;
  setting: InsightsSetting;
  occurredAt: number;
  position: number;
}>;
/** Every version of every policy of a company, or of one policy; by policy, then by version. */
export type PoliciesQuery = (company: string, policyId?: string) => readonly PolicyVersion[];

type Row = Omit<PolicyVersion, 'setting'> & {
  state: InsightsSetting['state'];
  reporting: number;
  insights: number;
};

export const preparePolicies = (db: Database): PoliciesQuery => {
  const statement = db.prepare<[{ company: string; policyId: string | null }], Row>(
    `SELECT policy_id AS policyId, version, state, reporting, insights,
      occurred_at AS occurredAt, position
    FROM policy_versions
    WHERE company = :company AND (:policyId IS NULL OR policy_id = :policyId)
    ORDER BY policy_id, version`,
  );
  return (company, policyId) =>
    statement
      .all({ company, policyId: policyId ?? null })
      .map(({ state, reporting, insights, ...version }) => ({
        ...version,
        setting: { state, reporting: reporting === 1, insights: insights === 1 },
      }));
};
