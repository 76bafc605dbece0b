import type { Database } from 'better-sqlite3';

/** A device group, the policy assigned to it, and how many managed devices inherit from it. */
export type Group = Readonly<{ groupId: string; policyId: string | null; devices: number }>;
export type GroupsQuery = (company: string) => readonly Group[];

export const prepareGroups = (db: Database): GroupsQuery => {
  const statement = db.prepare<[string], Group>(
    `SELECT groups.group_id AS groupId, groups.policy_id AS policyId,
      count(devices.device_id) AS devices
    FROM groups LEFT JOIN devices ON devices.company = groups.company
      AND devices.source_group_id = groups.group_id AND devices.status = 'enrolled'
    WHERE groups.company = ? GROUP BY groups.group_id ORDER BY groups.group_id`,
  );
  return (company) => statement.all(company);
};
