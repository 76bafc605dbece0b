import {
  effectiveSetting,
  type AccessControl,
  type AppliedPolicy,
  type EffectiveSetting,
  type EnrolledDevice,
  type LocalSwitch,
} from '@daybook/domain/device-policy';
import type { Database } from 'better-sqlite3';
import type { Bit, DeviceRow } from './rows.js';

/** A device as it stands: its one source of policy, what is applied, and what follows from it (rulebook §2.4–2.5). */
export type DeviceView = Readonly<{
  deviceId: string;
  /** Does it belong to the company's account? */
  managed: boolean;
  platform: string;
  policySource: Readonly<{
    source: 'own' | 'group' | 'none';
    policyId: string | null;
    groupId: string | null;
  }>;
  applied: AppliedPolicy | null;
  local: Readonly<{ reporting: LocalSwitch | null; insights: LocalSwitch | null }>;
  accessControl: AccessControl;
  /** Each toggle and where its value comes from. */
  effective: EffectiveSetting;
  /** Revision of the device's stream and position of its last change. */
  revision: number;
  position: number;
}>;

export type DeviceQuery = (company: string, deviceId: string) => DeviceView | undefined;

const appliedOf = (row: DeviceRow): AppliedPolicy | null => {
  const { applied_policy_id: policyId, applied_version: version, applied_state: state } = row;
  if (policyId === null || version === null || state === null) return null;
  const reporting = row.applied_reporting === 1;
  const insights = row.applied_insights === 1;
  return {
    policyId,
    version,
    groupId: row.applied_group_id,
    setting: { state, reporting, insights },
  };
};

const switchOf = (enabled: Bit | null, sinceApplied: Bit): LocalSwitch | null =>
  enabled === null ? null : { enabled: enabled === 1, sinceApplied: sinceApplied === 1 };

/** The domain decides what is in effect: a released device has no setting at all. */
const effectiveOf = (
  row: DeviceRow,
  facts: Pick<EnrolledDevice, 'applied' | 'local'>,
): EffectiveSetting =>
  row.status === 'released'
    ? effectiveSetting({
        status: 'released',
        local: facts.local,
        insightsLogging: row.access_control,
      })
    : effectiveSetting({
        status: 'enrolled',
        platform: row.platform,
        policySource: { source: 'none' },
        insightsLogging: row.access_control,
        ...facts,
      });

export const toDeviceView = (row: DeviceRow): DeviceView => {
  const applied = appliedOf(row);
  const local = {
    reporting: switchOf(row.local_reporting, row.local_reporting_since_applied),
    insights: switchOf(row.local_insights, row.local_insights_since_applied),
  };
  return {
    deviceId: row.device_id,
    managed: row.status === 'enrolled',
    platform: row.platform,
    policySource: {
      source: row.source,
      policyId: row.source_policy_id,
      groupId: row.source_group_id,
    },
    applied,
    local,
    accessControl: row.access_control,
    effective: effectiveOf(row, { applied, local }),
    revision: row.revision,
    position: row.position,
  };
};

export const prepareDevice = (db: Database): DeviceQuery => {
  const statement = db.prepare<[string, string], DeviceRow>(
    'SELECT * FROM devices WHERE company = ? AND device_id = ?',
  );
  return (company, deviceId) => {
    const row = statement.get(company, deviceId);
    return row === undefined ? undefined : toDeviceView(row);
  };
};
