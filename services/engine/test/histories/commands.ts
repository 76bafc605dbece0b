import fc from 'fast-check';
import type { BulkCommand } from '../../src/bulk.js';
import type { CompanyCommand } from '../../src/company-command.js';
import { DAY_MS, T0 } from './rules.js';

const user = fc.constantFrom('u-1', 'u-2');
const device = fc.constantFrom('d-1', 'd-2');
const policy = fc.constantFrom('p-1', 'p-2');
const group = fc.constantFrom('g-1', 'g-2');
/** A value that is chosen more often than the others. */
export const times = <A>(count: number, value: A): readonly A[] =>
  Array.from({ length: count }, () => value);

const flag = fc.boolean();
export const mostly = fc.oneof(
  { weight: 9, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constant(false) },
);
export const platform = fc.oneof(
  { weight: 7, arbitrary: fc.constant('windows') },
  { weight: 2, arbitrary: fc.constantFrom('macos', 'linux') },
);
const access = fc.constantFrom('allowed', 'after-confirmation', 'denied');
const setting = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ state: 'set', reporting: true, insights: true } as const) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('set', 'enforced'), flag, mostly)
      .map(([state, reporting, insights]) => ({ state, reporting, insights })),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ state: 'absent', reporting: false, insights: false } as const),
  },
);
export const plan = fc.constantFrom('business', 'premium');
const path = fc.constantFrom('outgoing', 'incoming');
const count = fc.integer({ min: 1, max: 3 });
/** Often all that a small company has. */
const left = fc.constantFrom(1, 2, 3, 5, 10);

type Commands = fc.Arbitrary<CompanyCommand>;
const named = <Name extends CompanyCommand['command']>(
  command: Name,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): Commands =>
  fc.record(
    { command: fc.constant(command), ...fields },
    { noNullPrototype: true },
  ) as unknown as Commands;

const week = (days: number): number => T0 + days * DAY_MS;
const reason = fc.constant('a test');
const byHand = {
  amount: count,
  effectiveAt: fc.integer({ min: 0, max: 2 }).map(week),
  expiresAt: fc.integer({ min: 3, max: 9 }).map(week),
  reason,
};
const chargeId = fc.constantFrom('s-1:0', 's-1:1', 's-2:0');
const lotId = fc.constantFrom('free:2026-03', 'free:2026-04', 'order:PO-1');

/** Every command about a company, its people, its devices and its credits. */
export const command: Commands = fc.oneof(
  named('RegisterCompany', { plan, timeZone: fc.constantFrom('UTC', 'Europe/Paris') }),
  named('ChangePlan', { plan }),
  named('ActivateAi', { termsVersion: fc.constantFrom('t1', 't2') }),
  named('DeactivateAi'),
  named('SetSummariesOption', { path, enabled: mostly }),
  named('RegisterUser', { userId: user, role: fc.constant('supporter') }),
  named('AssignUserRole', {
    userId: user,
    role: fc.constantFrom('supporter', 'administrator', 'auditor'),
  }),
  named('SetSessionLogging', { userId: user, enabled: mostly }),
  named('DefinePolicy', { policyId: policy, setting }),
  named('RevisePolicy', { policyId: policy, setting }),
  named('CreateGroup', { groupId: group }),
  named('AssignGroupPolicy', { groupId: group, policyId: policy }),
  named('RemoveGroupPolicy', { groupId: group }),
  named('EnrolDevice', { deviceId: device, platform }),
  named('ReleaseDevice', { deviceId: device }),
  named('SetDevicePolicySource', {
    deviceId: device,
    source: fc.constantFrom('own', 'group', 'none'),
    policyId: policy,
    groupId: group,
  }),
  named('ApplyPolicy', { deviceId: device }),
  named('ApplyPolicy', { deviceId: device, policyId: policy, version: count }),
  named('ApplyPolicy', { deviceId: device, policyId: policy, version: count, groupId: group }),
  named('WithdrawPolicy', { deviceId: device }),
  named('SetLocalSwitch', {
    deviceId: device,
    toggle: fc.constantFrom('reporting', 'insights'),
    enabled: flag,
  }),
  named('SetAccessControl', { deviceId: device, insightsLogging: access }),
  named('PurchaseCredits', { orderNumber: fc.constantFrom('PO-1', 'PO-2'), amount: count }),
  named('RefundPurchase', { orderNumber: fc.constantFrom('PO-1', 'PO-2') }),
  named('GrantPromotion', { grantId: fc.constantFrom('gr-1', 'gr-2'), ...byHand }),
  named('AddCredits', { adjustmentId: fc.constantFrom('ad-1', 'ad-2'), ...byHand }),
  named('DeductCredits', { adjustmentId: fc.constantFrom('ad-3', 'ad-4'), amount: left, reason }),
  named('VoidLot', {
    voidId: fc.constantFrom('v-1', 'v-2'),
    lotId,
    reason: fc.constant('granted-in-error'),
  }),
  named('ReverseCharge', {
    chargeId,
    reason: fc.constantFrom('charged-in-error', 'nothing-delivered'),
  }),
);

const users = fc.array(user, { maxLength: 3 });
const devices = fc.oneof(
  fc.constant({ kind: 'all' } as const),
  group.map((groupId) => ({ kind: 'group', groupId }) as const),
  fc.array(device, { maxLength: 3 }).map((ids) => ({ kind: 'list', ids }) as const),
);
/** One setting for many users or devices. */
export const manyCommands: fc.Arbitrary<BulkCommand> = fc.oneof(
  fc
    .tuple(
      mostly,
      fc.oneof(
        fc.constantFrom('all', 'all-but-me', 'me').map((kind) => ({ kind }) as const),
        users.map((ids) => ({ kind: 'list', ids }) as const),
        users.map((ids) => ({ kind: 'all-but', ids }) as const),
      ),
    )
    .map(([enabled, selected]) => ({ set: 'session-logging', enabled, users: selected }) as const),
  fc
    .tuple(fc.constantFrom('allowed', 'after-confirmation', 'denied'), devices)
    .map(([value, selected]) => ({ set: 'access-control', value, devices: selected }) as const),
  fc
    .tuple(
      fc.oneof(
        fc.constant({ source: 'none' } as const),
        policy.map((policyId) => ({ source: 'own', policyId }) as const),
        group.map((groupId) => ({ source: 'group', groupId }) as const),
      ),
      devices,
    )
    .map(([to, selected]) => ({ set: 'policy-source', to, devices: selected }) as const),
);
