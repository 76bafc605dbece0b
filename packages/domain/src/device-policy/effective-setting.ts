import type { Toggle } from './device-commands.js';
import type { AppliedPolicy, DeviceState, EnrolledDevice } from './device-state.js';

/** What decided a toggle's value. `none`: neither a policy nor the local user ever said anything. */
export type SettingOrigin = 'policy-enforced' | 'policy-set' | 'local' | 'none';

/**
 * One toggle as it is in effect. The policy's identity stands there whenever a policy with the
 * setting is applied, also when the local user has overruled it; `groupId` only if inherited.
 */
export type EffectiveToggle = Readonly<{
  enabled: boolean;
  from: SettingOrigin;
  policyId?: string;
  version?: number;
  groupId?: string;
}>;
export type EffectiveSetting = Readonly<Record<Toggle, EffectiveToggle>>;

/** The applied policy if it contains the setting; an absent setting leaves the local value alone. */
const speaking = ({ applied }: EnrolledDevice): AppliedPolicy | null =>
  applied === null || applied.setting.state === 'absent' ? null : applied;

/**
 * The local user's choice where it counts: always where no policy has the setting, otherwise only if
 * it was made after the application (rulebook §2.4). Null when there is none that counts.
 */
export const localChoice = (device: EnrolledDevice, toggle: Toggle): boolean | null => {
  const local = device.local[toggle];
  if (local === null) return null;
  return speaking(device) === null || local.sinceApplied ? local.enabled : null;
};

const identityOf = ({ policyId, version, groupId }: AppliedPolicy) =>
  groupId === null ? { policyId, version } : { policyId, version, groupId };

const effectiveToggle = (device: EnrolledDevice, toggle: Toggle): EffectiveToggle => {
  const policy = speaking(device);
  const local = localChoice(device, toggle);
  if (policy === null)
    return local === null ? { enabled: false, from: 'none' } : { enabled: local, from: 'local' };
  const identity = identityOf(policy);
  if (policy.setting.state === 'enforced')
    return { enabled: policy.setting[toggle], from: 'policy-enforced', ...identity };
  return local === null
    ? { enabled: policy.setting[toggle], from: 'policy-set', ...identity }
    : { enabled: local, from: 'local', ...identity };
};

/**
 * The setting "connection reporting and Session Insights (AI)" in effect on a device (rulebook §2.4).
 * A device that is not enrolled has none. The toggles stand on their own here: that insights without
 * reporting has no effect is `reporting.enabled && insights.enabled`.
 */
export const effectiveSetting = (device: DeviceState): EffectiveSetting =>
  device.status === 'enrolled'
    ? {
        reporting: effectiveToggle(device, 'reporting'),
        insights: effectiveToggle(device, 'insights'),
      }
    : {
        reporting: { enabled: false, from: 'none' },
        insights: { enabled: false, from: 'none' },
      };

/** What rulebook §3 asks of a device on the incoming path, in its order. */
export type IncomingDeviceFacts = Readonly<{
  deviceManaged: boolean;
  policyApplied: boolean;
  reportingOn: boolean;
  insightsOn: boolean;
  switchedOffLocally: boolean;
}>;

/**
 * The device's part of the incoming path. A toggle that the policy switched on and the local user
 * switched off counts as on and as switched off locally, so that the failing reason names who did it.
 */
export const incomingDeviceFacts = (device: DeviceState): IncomingDeviceFacts => {
  const policy = device.status === 'enrolled' ? speaking(device) : null;
  const { reporting, insights } = effectiveSetting(device);
  const offLocally = (toggle: Toggle, { enabled, from }: EffectiveToggle): boolean =>
    from === 'local' && !enabled && policy?.setting[toggle] === true;
  const reportingOffLocally = offLocally('reporting', reporting);
  const insightsOffLocally = offLocally('insights', insights);
  return {
    deviceManaged: device.status === 'enrolled',
    policyApplied: policy !== null,
    reportingOn: reporting.enabled || reportingOffLocally,
    insightsOn: insights.enabled || insightsOffLocally,
    switchedOffLocally: reportingOffLocally || insightsOffLocally,
  };
};
