import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { assertNever, type Decider } from '../kernel/index.js';
import type * as C from './device-commands.js';
import {
  deviceNotEnrolled,
  evolveDevice,
  type AppliedPolicy,
  type DeviceState,
  type EnrolledDevice,
} from './device-state.js';
import { localChoice } from './effective-setting.js';
import type { DeviceEvent } from './events.js';
import { isSameSetting } from './insights-setting.js';

type Decision<Refusal> = Either<Refusal, readonly DeviceEvent[]>;

export const enrolDevice = (
  { platform }: C.EnrolDevice,
  state: DeviceState,
): Decision<C.DeviceAlreadyEnrolled> => {
  if (state.status !== 'enrolled') return E.right([{ type: 'DeviceEnrolled', data: { platform } }]);
  return state.platform === platform
    ? E.right([])
    : E.left({ _tag: 'DeviceAlreadyEnrolled', platform: state.platform });
};

const withdrawn = (state: EnrolledDevice): readonly DeviceEvent[] => {
  if (state.applied === null) return [];
  const { policyId, version } = state.applied;
  return [{ type: 'PolicyWithdrawn', data: { policyId, version } }];
};

/** A device that leaves the company leaves its policies: written down, so every reader sees it *(ours)*. */
export const releaseDevice = (state: DeviceState): Decision<C.DeviceNotEnrolled> => {
  switch (state.status) {
    case 'not-enrolled':
      return E.left({ _tag: 'DeviceNotEnrolled', status: 'not-enrolled' });
    case 'released':
      return E.right([]);
    case 'enrolled':
      return E.right([...withdrawn(state), { type: 'DeviceReleased', data: {} }]);
    default:
      return assertNever(state);
  }
};

const policyIdOf = (source: C.PolicySource): string | null =>
  source.source === 'own' ? source.policyId : null;
const groupIdOf = (source: C.PolicySource): string | null =>
  source.source === 'group' ? source.groupId : null;

export const setDevicePolicySource = (
  command: C.SetDevicePolicySource,
  { policySource }: EnrolledDevice,
): Decision<never> => {
  const { source } = command;
  const policyId = policyIdOf(command);
  const groupId = groupIdOf(command);
  return source === policySource.source &&
    policyId === policyIdOf(policySource) &&
    groupId === groupIdOf(policySource)
    ? E.right([])
    : E.right([{ type: 'DevicePolicySourceSet', data: { source, policyId, groupId } }]);
};

const isAssigned = ({ policyId, groupId }: C.ApplyPolicy, source: C.PolicySource): boolean => {
  switch (source.source) {
    case 'own':
      return groupId === null && policyId === source.policyId;
    case 'group':
      return groupId === source.groupId;
    case 'none':
      return false;
    default:
      return assertNever(source);
  }
};

/** Versions of one policy are applied in their order, and a version names one setting. */
const isNotNewer = (command: C.ApplyPolicy, applied: AppliedPolicy): boolean =>
  command.policyId === applied.policyId &&
  (command.version < applied.version ||
    (command.version === applied.version && !isSameSetting(command.setting, applied.setting)));

const isApplied = (command: C.ApplyPolicy, applied: AppliedPolicy): boolean =>
  command.policyId === applied.policyId &&
  command.version === applied.version &&
  command.groupId === applied.groupId;

export const applyPolicy = (
  command: C.ApplyPolicy,
  { policySource, applied }: EnrolledDevice,
): Decision<C.PolicyNotAssigned | C.PolicyVersionNotNewer> => {
  const { policyId, version, groupId, setting } = command;
  if (!isAssigned(command, policySource))
    return E.left({ _tag: 'PolicyNotAssigned', policyId, groupId, source: policySource.source });
  if (applied !== null && isNotNewer(command, applied))
    return E.left({
      _tag: 'PolicyVersionNotNewer',
      policyId,
      applied: applied.version,
      offered: version,
    });
  if (applied !== null && isApplied(command, applied)) return E.right([]);
  return E.right([{ type: 'PolicyApplied', data: { policyId, version, groupId, setting } }]);
};

export const withdrawPolicy = (state: EnrolledDevice): Decision<never> => E.right(withdrawn(state));

export const setLocalSwitch = (
  { toggle, enabled }: C.SetLocalSwitch,
  state: EnrolledDevice,
): Decision<C.EnforcedByPolicy> => {
  if (state.applied?.setting.state === 'enforced') {
    const { policyId, version } = state.applied;
    return E.left({ _tag: 'EnforcedByPolicy', toggle, policyId, version });
  }
  if (localChoice(state, toggle) === enabled) return E.right([]);
  return E.right([{ type: 'LocalSwitchSet', data: { toggle, enabled } }]);
};

export const setAccessControl = (
  { insightsLogging }: C.SetAccessControl,
  state: EnrolledDevice,
): Decision<never> =>
  state.insightsLogging === insightsLogging
    ? E.right([])
    : E.right([{ type: 'AccessControlSet', data: { insightsLogging } }]);

const decideEnrolled = (
  command: Exclude<C.DeviceCommand, C.EnrolDevice | C.ReleaseDevice>,
  state: EnrolledDevice,
): Decision<C.DeviceRefusal> => {
  switch (command.type) {
    case 'SetDevicePolicySource':
      return setDevicePolicySource(command, state);
    case 'ApplyPolicy':
      return applyPolicy(command, state);
    case 'WithdrawPolicy':
      return withdrawPolicy(state);
    case 'SetLocalSwitch':
      return setLocalSwitch(command, state);
    case 'SetAccessControl':
      return setAccessControl(command, state);
    default:
      return assertNever(command);
  }
};

const decide = (command: C.DeviceCommand, state: DeviceState): Decision<C.DeviceRefusal> => {
  if (command.type === 'EnrolDevice') return enrolDevice(command, state);
  if (command.type === 'ReleaseDevice') return releaseDevice(state);
  return state.status === 'enrolled'
    ? decideEnrolled(command, state)
    : E.left({ _tag: 'DeviceNotEnrolled', status: state.status });
};

/** A managed device: policy source, the policy applied on it, local switches, access control (rulebook §2.4–2.5). */
export const device: Decider<DeviceState, C.DeviceCommand, DeviceEvent, C.DeviceRefusal> = {
  initialState: deviceNotEnrolled,
  evolve: evolveDevice,
  decide,
};
