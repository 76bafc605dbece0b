import type { Database } from 'better-sqlite3';
import { toDeviceView, type DeviceView } from './device.js';
import type { DeviceRow } from './rows.js';

export type DevicesRequest = Readonly<{
  managed?: boolean;
  platform?: string;
  /** Devices that inherit from this group. */
  groupId?: string;
  /** Devices on which this policy is in effect. */
  policyId?: string;
  limit: number;
  /** Last device id of the page before. */
  after?: string;
}>;
export type DevicesQuery = (company: string, request: DevicesRequest) => readonly DeviceView[];

const statusFor = (managed: boolean | undefined): 'enrolled' | 'released' | null => {
  if (managed === undefined) return null;
  return managed ? 'enrolled' : 'released';
};

/** Devices by id. */
export const prepareDevices = (db: Database): DevicesQuery => {
  const statement = db.prepare<[Record<string, string | number | null>], DeviceRow>(
    `SELECT * FROM devices WHERE company = :company AND device_id > :after
      AND (:status IS NULL OR status = :status)
      AND (:platform IS NULL OR platform = :platform)
      AND (:groupId IS NULL OR source_group_id = :groupId)
      AND (:policyId IS NULL OR applied_policy_id = :policyId)
    ORDER BY device_id LIMIT :limit`,
  );
  return (company, { managed, platform, groupId, policyId, limit, after }) =>
    statement
      .all({
        company,
        limit,
        after: after ?? '',
        status: statusFor(managed),
        platform: platform ?? null,
        groupId: groupId ?? null,
        policyId: policyId ?? null,
      })
      .map(toDeviceView);
};
