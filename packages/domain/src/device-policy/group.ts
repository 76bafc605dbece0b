import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { assertNever, invariant, type Decider } from '../kernel/index.js';
import type { GroupEvent } from './events.js';

export type CreateDeviceGroup = Readonly<{ type: 'CreateDeviceGroup' }>;
/** Takes the place of the policy that the group had. */
export type AssignGroupPolicy = Readonly<{ type: 'AssignGroupPolicy'; policyId: string }>;
export type RemoveGroupPolicy = Readonly<{ type: 'RemoveGroupPolicy' }>;
export type GroupCommand = CreateDeviceGroup | AssignGroupPolicy | RemoveGroupPolicy;

export type DeviceGroupNotCreated = Readonly<{ _tag: 'DeviceGroupNotCreated' }>;
export type GroupRefusal = DeviceGroupNotCreated;

/** `policyId`: the one policy that devices which inherit from this group are to get, or null. */
export type CreatedGroup = Readonly<{ status: 'created'; policyId: string | null }>;
export type GroupState = Readonly<{ status: 'not-created' }> | CreatedGroup;

type Decision = Either<GroupRefusal, readonly GroupEvent[]>;

export const createDeviceGroup = (state: GroupState): Decision =>
  E.right(state.status === 'created' ? [] : [{ type: 'DeviceGroupCreated', data: {} }]);

export const assignGroupPolicy = ({ policyId }: AssignGroupPolicy, state: GroupState): Decision => {
  if (state.status === 'not-created') return E.left({ _tag: 'DeviceGroupNotCreated' });
  if (state.policyId === policyId) return E.right([]);
  return E.right([{ type: 'GroupPolicyAssigned', data: { policyId } }]);
};

export const removeGroupPolicy = (state: GroupState): Decision => {
  if (state.status === 'not-created') return E.left({ _tag: 'DeviceGroupNotCreated' });
  const { policyId } = state;
  return E.right(policyId === null ? [] : [{ type: 'GroupPolicyRemoved', data: { policyId } }]);
};

const decide = (command: GroupCommand, state: GroupState): Decision => {
  switch (command.type) {
    case 'CreateDeviceGroup':
      return createDeviceGroup(state);
    case 'AssignGroupPolicy':
      return assignGroupPolicy(command, state);
    case 'RemoveGroupPolicy':
      return removeGroupPolicy(state);
    default:
      return assertNever(command);
  }
};

const evolve = (state: GroupState, event: GroupEvent): GroupState => {
  if (event.type === 'DeviceGroupCreated') return { status: 'created', policyId: null };
  invariant(state.status === 'created', `${event.type} follows DeviceGroupCreated`);
  switch (event.type) {
    case 'GroupPolicyAssigned':
      return { ...state, policyId: event.data.policyId };
    case 'GroupPolicyRemoved':
      return { ...state, policyId: null };
    default:
      return assertNever(event);
  }
};

/** A group of devices and the policy it offers to those that inherit from it (rulebook §2.4). */
export const group: Decider<GroupState, GroupCommand, GroupEvent, GroupRefusal> = {
  initialState: () => ({ status: 'not-created' }),
  evolve,
  decide,
};
