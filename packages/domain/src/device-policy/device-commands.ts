import type { AccessControl, InsightsSetting } from './events.js';

/** Exactly one source of policy (rulebook §2.4): the device's own, that of a named group, or none. */
export type PolicySource =
  | Readonly<{ source: 'own'; policyId: string }>
  | Readonly<{ source: 'group'; groupId: string }>
  | Readonly<{ source: 'none' }>;

export type Toggle = 'reporting' | 'insights';

export type EnrolDevice = Readonly<{ type: 'EnrolDevice'; platform: string }>;
export type ReleaseDevice = Readonly<{ type: 'ReleaseDevice' }>;
export type SetDevicePolicySource = Readonly<{ type: 'SetDevicePolicySource' }> & PolicySource;
/**
 * The device reports that it has applied a policy. The sender resolved the version and its setting
 * from the policy's stream, and `groupId` is the group it came from, null for the device's own.
 */
export type ApplyPolicy = Readonly<{
  type: 'ApplyPolicy';
  policyId: string;
  version: number;
  groupId: string | null;
  setting: InsightsSetting;
}>;
export type WithdrawPolicy = Readonly<{ type: 'WithdrawPolicy' }>;
export type SetLocalSwitch = Readonly<{
  type: 'SetLocalSwitch';
  toggle: Toggle;
  enabled: boolean;
}>;
export type SetAccessControl = Readonly<{
  type: 'SetAccessControl';
  insightsLogging: AccessControl;
}>;

export type DeviceCommand =
  | EnrolDevice
  | ReleaseDevice
  | SetDevicePolicySource
  | ApplyPolicy
  | WithdrawPolicy
  | SetLocalSwitch
  | SetAccessControl;

export type DeviceNotEnrolled = Readonly<{
  _tag: 'DeviceNotEnrolled';
  status: 'not-enrolled' | 'released';
}>;
export type DeviceAlreadyEnrolled = Readonly<{ _tag: 'DeviceAlreadyEnrolled'; platform: string }>;
/** What was offered is not what the device's source names. */
export type PolicyNotAssigned = Readonly<{
  _tag: 'PolicyNotAssigned';
  policyId: string;
  groupId: string | null;
  source: PolicySource['source'];
}>;
/** An older version than the applied one, or the applied version with another setting. */
export type PolicyVersionNotNewer = Readonly<{
  _tag: 'PolicyVersionNotNewer';
  policyId: string;
  applied: number;
  offered: number;
}>;
export type EnforcedByPolicy = Readonly<{
  _tag: 'EnforcedByPolicy';
  toggle: Toggle;
  policyId: string;
  version: number;
}>;
export type DeviceRefusal =
  | DeviceNotEnrolled
  | DeviceAlreadyEnrolled
  | PolicyNotAssigned
  | PolicyVersionNotNewer
  | EnforcedByPolicy;
