import type { DeviceEvent as StoredChange } from '@daybook/domain/device-policy';
import { assertNever } from '@daybook/domain/kernel';
import type { DeviceEvent } from './events.js';
import { bit, nothingApplied, type DeviceRow } from './rows.js';

type Of<Type extends DeviceEvent['type']> = Extract<DeviceEvent, { type: Type }>['data'];

/** An application sets the values anew: what the local user chose before counts no longer where a policy speaks. */
const applied = (data: Of<'PolicyApplied'>): Partial<DeviceRow> => ({
  applied_policy_id: data.policyId,
  applied_version: data.version,
  applied_group_id: data.groupId,
  applied_state: data.setting.state,
  applied_reporting: bit(data.setting.reporting),
  applied_insights: bit(data.setting.insights),
  local_reporting_since_applied: 0,
  local_insights_since_applied: 0,
});

const switched = ({ toggle, enabled }: Of<'LocalSwitchSet'>): Partial<DeviceRow> =>
  toggle === 'reporting'
    ? { local_reporting: bit(enabled), local_reporting_since_applied: 1 }
    : { local_insights: bit(enabled), local_insights_since_applied: 1 };

/** The columns that an event changes. Local switches and access control belong to the machine and outlive a release. */
export const deviceChange = (event: DeviceEvent): Partial<DeviceRow> => {
  switch (event.type) {
    case 'DeviceEnrolled':
      return {
        status: 'enrolled',
        platform: event.data.platform,
        source: 'none',
        source_policy_id: null,
        source_group_id: null,
        ...nothingApplied,
      };
    case 'DeviceReleased':
      return { status: 'released', ...nothingApplied };
    case 'DevicePolicySourceSet':
      return {
        source: event.data.source,
        source_policy_id: event.data.policyId,
        source_group_id: event.data.groupId,
      };
    case 'PolicyApplied':
      return applied(event.data);
    case 'PolicyWithdrawn':
      return nothingApplied;
    case 'LocalSwitchSet':
      return switched(event.data);
    case 'AccessControlSet':
      return { access_control: event.data.insightsLogging };
    default:
      return assertNever(event);
  }
};

const onOff = (enabled: boolean): string => (enabled ? 'on' : 'off');

const sourceInWords = ({ source, policyId, groupId }: Of<'DevicePolicySourceSet'>): string => {
  if (source === 'own') return `Takes its policy from itself: ${policyId ?? 'none named'}`;
  if (source === 'group') return `Takes its policy from group ${groupId ?? 'none named'}`;
  return 'Takes no policy';
};

const appliedInWords = ({ policyId, version, setting }: Of<'PolicyApplied'>): string =>
  setting.state === 'absent'
    ? `Policy ${policyId} version ${version} applied: leaves the setting to the device`
    : `Policy ${policyId} version ${version} applied: ${setting.state}, reporting ${onOff(setting.reporting)}, insights ${onOff(setting.insights)}`;

/** What changed, for people. */
export const deviceChangeInWords = (event: StoredChange): string => {
  switch (event.type) {
    case 'DeviceEnrolled':
      return `Enrolled, platform ${event.data.platform}`;
    case 'DeviceReleased':
      return 'Released from the company';
    case 'DevicePolicySourceSet':
      return sourceInWords(event.data);
    case 'PolicyApplied':
      return appliedInWords(event.data);
    case 'PolicyWithdrawn':
      return `Policy ${event.data.policyId} version ${event.data.version} withdrawn`;
    case 'LocalSwitchSet':
      return `Local user switched ${event.data.toggle} ${onOff(event.data.enabled)}`;
    case 'AccessControlSet':
      return `Session Insights logging: ${event.data.insightsLogging}`;
    default:
      return assertNever(event);
  }
};
