import * as t from 'io-ts';
import { Count, Nullable, Word, type EventOf } from '../kernel/index.js';

// Stored shapes: a released one never changes; a new shape is a new type beside it, with an upcast.

/**
 * The setting "connection reporting and Session Insights (AI)" of a policy (rulebook §2.4). Both
 * toggles are false when the setting is absent.
 */
export const InsightsSetting = t.strict({
  state: Word('absent', 'set', 'enforced'),
  reporting: t.boolean,
  insights: t.boolean,
});
export type InsightsSetting = t.TypeOf<typeof InsightsSetting>;

export const AccessControl = Word('allowed', 'denied', 'after-confirmation');
export type AccessControl = t.TypeOf<typeof AccessControl>;

export const policyEvents = {
  PolicyDefined: t.strict({ version: Count, setting: InsightsSetting }),
  PolicyRevised: t.strict({ version: Count, setting: InsightsSetting }),
};
export type PolicyEvent = EventOf<typeof policyEvents>;

export const groupEvents = {
  DeviceGroupCreated: t.strict({}),
  GroupPolicyAssigned: t.strict({ policyId: t.string }),
  GroupPolicyRemoved: t.strict({ policyId: t.string }),
};
export type GroupEvent = EventOf<typeof groupEvents>;

export const deviceEvents = {
  DeviceEnrolled: t.strict({ platform: t.string }),
  DeviceReleased: t.strict({}),
  DevicePolicySourceSet: t.strict({
    source: Word('own', 'group', 'none'),
    policyId: Nullable(t.string),
    groupId: Nullable(t.string),
  }),
  PolicyApplied: t.strict({
    policyId: t.string,
    version: Count,
    groupId: Nullable(t.string),
    setting: InsightsSetting,
  }),
  PolicyWithdrawn: t.strict({ policyId: t.string, version: Count }),
  LocalSwitchSet: t.strict({ toggle: Word('reporting', 'insights'), enabled: t.boolean }),
  AccessControlSet: t.strict({ insightsLogging: AccessControl }),
};
export type DeviceEvent = EventOf<typeof deviceEvents>;
