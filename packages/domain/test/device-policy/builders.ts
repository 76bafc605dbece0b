import type {
  AccessControl,
  ApplyPolicy,
  DeviceEvent,
  InsightsSetting,
  PolicySource,
  SetLocalSwitch,
  Toggle,
} from '../../src/device-policy/index.js';

export const absent: InsightsSetting = { state: 'absent', reporting: false, insights: false };
export const setOn: InsightsSetting = { state: 'set', reporting: true, insights: true };
export const enforcedOn: InsightsSetting = { state: 'enforced', reporting: true, insights: true };

export const ownP1: PolicySource = { source: 'own', policyId: 'p1' };
export const fromG1: PolicySource = { source: 'group', groupId: 'g1' };
export const noSource: PolicySource = { source: 'none' };

type Offer = Partial<Pick<ApplyPolicy, 'policyId' | 'version' | 'groupId'>>;

export const enrolled: DeviceEvent = { type: 'DeviceEnrolled', data: { platform: 'windows' } };
export const released: DeviceEvent = { type: 'DeviceReleased', data: {} };
export const sourceSet = (source: PolicySource): DeviceEvent => ({
  type: 'DevicePolicySourceSet',
  data: { policyId: null, groupId: null, ...source },
});
export const applied = (setting: InsightsSetting = setOn, over: Offer = {}): DeviceEvent => ({
  type: 'PolicyApplied',
  data: { policyId: 'p1', version: 1, groupId: null, setting, ...over },
});
export const withdrawn = (version = 1): DeviceEvent => ({
  type: 'PolicyWithdrawn',
  data: { policyId: 'p1', version },
});
export const switched = (toggle: Toggle, enabled: boolean): DeviceEvent => ({
  type: 'LocalSwitchSet',
  data: { toggle, enabled },
});
export const accessSet = (insightsLogging: AccessControl): DeviceEvent => ({
  type: 'AccessControlSet',
  data: { insightsLogging },
});

export const apply = (setting: InsightsSetting = setOn, over: Offer = {}): ApplyPolicy => ({
  type: 'ApplyPolicy',
  policyId: 'p1',
  version: 1,
  groupId: null,
  setting,
  ...over,
});
export const switchLocally = (toggle: Toggle, enabled: boolean): SetLocalSwitch => ({
  type: 'SetLocalSwitch',
  toggle,
  enabled,
});
