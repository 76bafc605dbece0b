import {
  defaultAccessControl,
  type AccessControl,
  type InsightsSetting,
} from '@daybook/domain/device-policy';
import { pageRows, type PageRows } from '@daybook/projection';
import type { Database } from 'better-sqlite3';

/** SQLite's boolean. */
export type Bit = 0 | 1;
export const bit = (value: boolean): Bit => (value ? 1 : 0);

export type DeviceRow = {
  company: string;
  device_id: string;
  status: 'enrolled' | 'released';
  platform: string;
  source: 'own' | 'group' | 'none';
  source_policy_id: string | null;
  source_group_id: string | null;
  applied_policy_id: string | null;
  applied_version: number | null;
  applied_group_id: string | null;
  applied_state: InsightsSetting['state'] | null;
  applied_reporting: Bit | null;
  applied_insights: Bit | null;
  local_reporting: Bit | null;
  /** The local user chose after the policy in effect was applied. */
  local_reporting_since_applied: Bit;
  local_insights: Bit | null;
  local_insights_since_applied: Bit;
  access_control: AccessControl;
  revision: number;
  position: number;
};

export type GroupRow = {
  company: string;
  group_id: string;
  policy_id: string | null;
  revision: number;
  position: number;
};

/** Nothing is applied to a device. */
export const nothingApplied = {
  applied_policy_id: null,
  applied_version: null,
  applied_group_id: null,
  applied_state: null,
  applied_reporting: null,
  applied_insights: null,
} as const;

/** A device that is seen for the first time, whatever happened to it. */
export const newDevice = (company: string, deviceId: string): DeviceRow => ({
  company,
  device_id: deviceId,
  status: 'enrolled',
  platform: 'unknown',
  source: 'none',
  source_policy_id: null,
  source_group_id: null,
  ...nothingApplied,
  local_reporting: null,
  local_reporting_since_applied: 0,
  local_insights: null,
  local_insights_since_applied: 0,
  access_control: defaultAccessControl,
  revision: 0,
  position: 0,
});

export const deviceRows = (db: Database): PageRows<DeviceRow> => {
  const load = db.prepare<[string, string], DeviceRow>(
    'SELECT * FROM devices WHERE company = ? AND device_id = ?',
  );
  const save = db.prepare<[DeviceRow]>(`INSERT OR REPLACE INTO devices VALUES (
    :company, :device_id, :status, :platform, :source, :source_policy_id, :source_group_id,
    :applied_policy_id, :applied_version, :applied_group_id, :applied_state, :applied_reporting,
    :applied_insights, :local_reporting, :local_reporting_since_applied, :local_insights,
    :local_insights_since_applied, :access_control, :revision, :position)`);
  return pageRows({
    load: ([company, deviceId = '']) => load.get(company, deviceId),
    save: (row) => save.run(row),
  });
};

export const groupRows = (db: Database): PageRows<GroupRow> => {
  const load = db.prepare<[string, string], GroupRow>(
    'SELECT * FROM groups WHERE company = ? AND group_id = ?',
  );
  const save = db.prepare<[GroupRow]>(
    'INSERT OR REPLACE INTO groups VALUES (:company, :group_id, :policy_id, :revision, :position)',
  );
  return pageRows({
    load: ([company, groupId = '']) => load.get(company, groupId),
    save: (row) => save.run(row),
  });
};
