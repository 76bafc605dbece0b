import { assertNever, invariant, type DomainEvent } from '../kernel/index.js';
import { defaultAccessControl } from './access-control.js';
import type { PolicySource, Toggle } from './device-commands.js';
import type { AccessControl, DeviceEvent } from './events.js';

type DataOf<Type extends DeviceEvent['type']> = Extract<DeviceEvent, DomainEvent<Type>>['data'];

export type AppliedPolicy = Readonly<DataOf<'PolicyApplied'>>;

/** What the local user last chose, and whether that was after the policy in effect was applied. */
export type LocalSwitch = Readonly<{ enabled: boolean; sinceApplied: boolean }>;
export type LocalSwitches = Readonly<Record<Toggle, LocalSwitch | null>>;

/** What belongs to the machine and not to the company's account: it outlives a release. */
export type MachineSettings = Readonly<{
  local: LocalSwitches;
  /** Access control "Session Insights logging" of this device. */
  insightsLogging: AccessControl;
}>;

export type EnrolledDevice = MachineSettings &
  Readonly<{
    status: 'enrolled';
    platform: string;
    policySource: PolicySource;
    /** The one policy in effect: applied and neither replaced nor withdrawn since. */
    applied: AppliedPolicy | null;
  }>;
export type ReleasedDevice = MachineSettings & Readonly<{ status: 'released' }>;
export type DeviceState = Readonly<{ status: 'not-enrolled' }> | EnrolledDevice | ReleasedDevice;

const untouched: MachineSettings = {
  local: { reporting: null, insights: null },
  insightsLogging: defaultAccessControl,
};

const machineSettingsOf = (state: DeviceState): MachineSettings =>
  state.status === 'not-enrolled'
    ? untouched
    : { local: state.local, insightsLogging: state.insightsLogging };

export const deviceNotEnrolled = (): DeviceState => ({ status: 'not-enrolled' });

const sourceFrom = ({ source, policyId, groupId }: DataOf<'DevicePolicySourceSet'>) => {
  switch (source) {
    case 'own':
      invariant(policyId !== null, 'a policy source of its own names the policy');
      return { source, policyId };
    case 'group':
      invariant(groupId !== null, 'an inherited policy source names the group');
      return { source, groupId };
    case 'none':
      return { source };
    default:
      return assertNever(source);
  }
};

const beforeApplied = (local: LocalSwitch | null): LocalSwitch | null =>
  local === null ? null : { ...local, sinceApplied: false };

/** Each application sets the values anew; the local user may change them again afterwards *(ours)*. */
const apply = (state: EnrolledDevice, applied: AppliedPolicy): EnrolledDevice => ({
  ...state,
  applied,
  local: {
    reporting: beforeApplied(state.local.reporting),
    insights: beforeApplied(state.local.insights),
  },
});

export const evolveDevice = (state: DeviceState, event: DeviceEvent): DeviceState => {
  if (event.type === 'DeviceEnrolled')
    return {
      ...machineSettingsOf(state),
      status: 'enrolled',
      platform: event.data.platform,
      policySource: { source: 'none' },
      applied: null,
    };
  invariant(state.status === 'enrolled', `${event.type} happens to an enrolled device`);
  switch (event.type) {
    case 'DeviceReleased':
      return { ...machineSettingsOf(state), status: 'released' };
    case 'DevicePolicySourceSet':
      return { ...state, policySource: sourceFrom(event.data) };
    case 'PolicyApplied':
      return apply(state, event.data);
    case 'PolicyWithdrawn':
      return { ...state, applied: null };
    case 'LocalSwitchSet': {
      const { toggle, enabled } = event.data;
      return { ...state, local: { ...state.local, [toggle]: { enabled, sinceApplied: true } } };
    }
    case 'AccessControlSet':
      return { ...state, insightsLogging: event.data.insightsLogging };
    default:
      return assertNever(event);
  }
};
