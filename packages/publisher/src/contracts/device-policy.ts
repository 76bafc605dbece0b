import { Count, Nullable, Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { type Contract, contractsOf } from './contract.js';
import { Token, word } from './values.js';

const contract = contractsOf('device-policy');

/** The setting "connection reporting and Session Insights (AI)". */
export const InsightsSetting = t.strict({
  state: Word('absent', 'set', 'enforced'),
  reporting: t.boolean,
  insights: t.boolean,
});

const policyVersion = t.strict({ policyId: Token, version: Count, setting: InsightsSetting });

export const devicePolicyContracts: readonly Contract[] = [
  contract('PolicyDefined', {
    event: 'policy-defined',
    summary: 'A policy was defined with its first setting.',
    data: policyVersion,
    toPublished: ({ version, setting }, { id }) => ({ policyId: id, version, setting }),
  }),
  contract('PolicyRevised', {
    event: 'policy-revised',
    summary:
      'A policy has a new version; it takes effect on a device when it has been applied there.',
    data: policyVersion,
    toPublished: ({ version, setting }, { id }) => ({ policyId: id, version, setting }),
  }),
  contract('DeviceGroupCreated', {
    event: 'device-group-created',
    summary: 'A group of devices was created.',
    data: t.strict({ groupId: Token }),
    toPublished: (_, { id }) => ({ groupId: id }),
  }),
  contract('GroupPolicyAssigned', {
    event: 'group-policy-assigned',
    summary: 'A policy was assigned to a group: it reaches the devices that inherit from it.',
    data: t.strict({ groupId: Token, policyId: Token }),
    toPublished: ({ policyId }, { id }) => ({ groupId: id, policyId }),
  }),
  contract('GroupPolicyRemoved', {
    event: 'group-policy-removed',
    summary: 'A policy was taken from a group.',
    data: t.strict({ groupId: Token, policyId: Token }),
    toPublished: ({ policyId }, { id }) => ({ groupId: id, policyId }),
  }),
  contract('DeviceEnrolled', {
    event: 'device-enrolled',
    summary: 'A device belongs to the company’s account from now on.',
    data: t.strict({ deviceId: Token, platform: Token }),
    toPublished: ({ platform }, { id }) => ({ deviceId: id, platform: word(platform) }),
  }),
  contract('DeviceReleased', {
    event: 'device-released',
    summary: 'A device does not belong to the company’s account any more.',
    data: t.strict({ deviceId: Token }),
    toPublished: (_, { id }) => ({ deviceId: id }),
  }),
  contract('DevicePolicySourceSet', {
    event: 'device-policy-source-set',
    summary: 'Where a device takes its policy from: its own, a named group’s, or none.',
    data: t.strict({
      deviceId: Token,
      source: Word('own', 'group', 'none'),
      policyId: Nullable(Token),
      groupId: Nullable(Token),
    }),
    toPublished: ({ source, policyId, groupId }, { id }) => ({
      deviceId: id,
      source,
      policyId,
      groupId,
    }),
  }),
  contract('PolicyApplied', {
    event: 'policy-applied',
    summary: 'A version of a policy took effect on a device.',
    data: t.strict({
      deviceId: Token,
      policyId: Token,
      version: Count,
      groupId: Nullable(Token),
      setting: InsightsSetting,
    }),
    toPublished: ({ policyId, version, groupId, setting }, { id }) => ({
      deviceId: id,
      policyId,
      version,
      groupId,
      setting,
    }),
  }),
  contract('PolicyWithdrawn', {
    event: 'policy-withdrawn',
    summary: 'A policy is in effect on a device no more.',
    data: t.strict({ deviceId: Token, policyId: Token, version: Count }),
    toPublished: ({ policyId, version }, { id }) => ({ deviceId: id, policyId, version }),
  }),
  contract('LocalSwitchSet', {
    event: 'local-switch-set',
    summary: 'The local user of a device switched reporting or insights on or off.',
    data: t.strict({
      deviceId: Token,
      toggle: Word('reporting', 'insights'),
      enabled: t.boolean,
    }),
    toPublished: ({ toggle, enabled }, { id }) => ({ deviceId: id, toggle, enabled }),
  }),
  contract('AccessControlSet', {
    event: 'access-control-set',
    summary: 'What a device’s own access control says about Session Insights logging.',
    data: t.strict({
      deviceId: Token,
      insightsLogging: Word('allowed', 'denied', 'after-confirmation'),
    }),
    toPublished: ({ insightsLogging }, { id }) => ({ deviceId: id, insightsLogging }),
  }),
];
