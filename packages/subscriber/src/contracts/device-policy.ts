// Written by write-contracts.mjs from the contracts of the publisher.
import * as t from 'io-ts';
import { Whole } from '../whole.js';

export const devicePolicy = {
  'daybook.device-policy.access-control-set.v1': t.type({
    deviceId: t.string,
    insightsLogging: t.keyof({ allowed: null, denied: null, 'after-confirmation': null }),
  }),
  'daybook.device-policy.device-enrolled.v1': t.type({ deviceId: t.string, platform: t.string }),
  'daybook.device-policy.device-group-created.v1': t.type({ groupId: t.string }),
  'daybook.device-policy.device-policy-source-set.v1': t.type({
    deviceId: t.string,
    source: t.keyof({ own: null, group: null, none: null }),
    policyId: t.union([t.string, t.null]),
    groupId: t.union([t.string, t.null]),
  }),
  'daybook.device-policy.device-released.v1': t.type({ deviceId: t.string }),
  'daybook.device-policy.group-policy-assigned.v1': t.type({
    groupId: t.string,
    policyId: t.string,
  }),
  'daybook.device-policy.group-policy-removed.v1': t.type({
    groupId: t.string,
    policyId: t.string,
  }),
  'daybook.device-policy.local-switch-set.v1': t.type({
    deviceId: t.string,
    toggle: t.keyof({ reporting: null, insights: null }),
    enabled: t.boolean,
  }),
  'daybook.device-policy.policy-applied.v1': t.type({
    deviceId: t.string,
    policyId: t.string,
    version: Whole,
    groupId: t.union([t.string, t.null]),
    setting: t.type({
      state: t.keyof({ absent: null, set: null, enforced: null }),
      reporting: t.boolean,
      insights: t.boolean,
    }),
  }),
  'daybook.device-policy.policy-defined.v1': t.type({
    policyId: t.string,
    version: Whole,
    setting: t.type({
      state: t.keyof({ absent: null, set: null, enforced: null }),
      reporting: t.boolean,
      insights: t.boolean,
    }),
  }),
  'daybook.device-policy.policy-revised.v1': t.type({
    policyId: t.string,
    version: Whole,
    setting: t.type({
      state: t.keyof({ absent: null, set: null, enforced: null }),
      reporting: t.boolean,
      insights: t.boolean,
    }),
  }),
  'daybook.device-policy.policy-withdrawn.v1': t.type({
    deviceId: t.string,
    policyId: t.string,
    version: Whole,
  }),
};
