import type { LogEntry } from '@daybook/projection/contract';
import * as fc from 'fast-check';

type Of<Type extends LogEntry['type']> = Extract<LogEntry, { type: Type }>['data'];
type Setting = Of<'PolicyDefined'>['setting'];

export const setting = (fields: Partial<Setting> = {}): Setting => ({
  state: 'set',
  reporting: true,
  insights: true,
  ...fields,
});

/** An event of a device, `d1` of `acme` unless said otherwise. */
export const device = (entry: DeviceEntry, id = 'd1', company = 'acme'): LogEntry => ({
  ...entry,
  stream: `device-${company}_${id}`,
});
type DeviceType =
  | 'DeviceEnrolled'
  | 'DeviceReleased'
  | 'DevicePolicySourceSet'
  | 'PolicyApplied'
  | 'PolicyWithdrawn'
  | 'LocalSwitchSet'
  | 'AccessControlSet';
type DeviceEntry = { [Type in DeviceType]: { type: Type; data: Of<Type> } }[DeviceType];

export const enrolled: DeviceEntry = { type: 'DeviceEnrolled', data: { platform: 'windows' } };
export const released: DeviceEntry = { type: 'DeviceReleased', data: {} };
export const inherits = (groupId: string): DeviceEntry => ({
  type: 'DevicePolicySourceSet',
  data: { source: 'group', policyId: null, groupId },
});
export const owns = (policyId: string): DeviceEntry => ({
  type: 'DevicePolicySourceSet',
  data: { source: 'own', policyId, groupId: null },
});
export const applied = (
  fields: Partial<Setting> = {},
  groupId: string | null = null,
): DeviceEntry => ({
  type: 'PolicyApplied',
  data: { policyId: 'p1', version: 1, groupId, setting: setting(fields) },
});
export const withdrawn: DeviceEntry = {
  type: 'PolicyWithdrawn',
  data: { policyId: 'p1', version: 1 },
};
export const switched = (toggle: 'reporting' | 'insights', enabled: boolean): DeviceEntry => ({
  type: 'LocalSwitchSet',
  data: { toggle, enabled },
});
export const access = (
  insightsLogging: Of<'AccessControlSet'>['insightsLogging'],
): DeviceEntry => ({
  type: 'AccessControlSet',
  data: { insightsLogging },
});
export const policyDefined = (id = 'p1', company = 'acme'): LogEntry => ({
  stream: `policy-${company}_${id}`,
  type: 'PolicyDefined',
  data: { version: 1, setting: setting() },
});
export const policyRevised = (version: number, fields: Partial<Setting>): LogEntry => ({
  stream: 'policy-acme_p1',
  type: 'PolicyRevised',
  data: { version, setting: setting(fields) },
});
export const groupCreated = (id = 'g1', company = 'acme'): LogEntry => ({
  stream: `group-${company}_${id}`,
  type: 'DeviceGroupCreated',
  data: {},
});
export const groupAssigned = (policyId: string, id = 'g1'): LogEntry => ({
  stream: `group-acme_${id}`,
  type: 'GroupPolicyAssigned',
  data: { policyId },
});
export const groupRemoved = (policyId: string, id = 'g1'): LogEntry => ({
  stream: `group-acme_${id}`,
  type: 'GroupPolicyRemoved',
  data: { policyId },
});

const anySetting = fc.oneof(
  fc.constant<Setting>({ state: 'absent', reporting: false, insights: false }),
  fc.record({
    state: fc.constantFrom('set' as const, 'enforced' as const),
    reporting: fc.boolean(),
    insights: fc.boolean(),
  }),
);

/** What happens to an enrolled device, in any order. */
export const anyDeviceEntry: fc.Arbitrary<DeviceEntry> = fc.oneof(
  anySetting.map((fields) => applied(fields)),
  fc.constant(withdrawn),
  fc.constantFrom(inherits('g1'), owns('p1')),
  fc
    .tuple(fc.constantFrom('reporting' as const, 'insights' as const), fc.boolean())
    .map(([toggle, enabled]) => switched(toggle, enabled)),
  fc.constantFrom(access('allowed'), access('denied')),
);

/** Well-formed events in any order, as a reader with gaps might see them. */
export const anyLog: fc.Arbitrary<readonly LogEntry[]> = fc.array(
  fc.oneof(
    fc
      .tuple(
        fc.oneof(anyDeviceEntry, fc.constantFrom(enrolled, released)),
        fc.constantFrom('d1', 'd2'),
      )
      .map(([entry, id]) => device(entry, id)),
    fc.constantFrom(policyDefined(), policyRevised(2, {}), policyRevised(2, { insights: false })),
    fc.constantFrom(groupCreated(), groupAssigned('p1'), groupRemoved('p1')),
  ),
  { maxLength: 30 },
);
