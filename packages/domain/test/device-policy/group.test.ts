import { specificationFor } from '@daybook/testing';
import { group, type GroupCommand, type GroupEvent } from '../../src/device-policy/index.js';

const given = specificationFor(group);

const created: GroupEvent = { type: 'DeviceGroupCreated', data: {} };
const assigned = (policyId: string): GroupEvent => ({
  type: 'GroupPolicyAssigned',
  data: { policyId },
});
const removed = (policyId: string): GroupEvent => ({
  type: 'GroupPolicyRemoved',
  data: { policyId },
});
const assign = (policyId: string): GroupCommand => ({ type: 'AssignGroupPolicy', policyId });
const remove: GroupCommand = { type: 'RemoveGroupPolicy' };

describe('a device group', () => {
  it('is created once', () => {
    given().when({ type: 'CreateDeviceGroup' }).then(created);
    given(created, assigned('p1')).when({ type: 'CreateDeviceGroup' }).thenNothing();
  });
  it('is given a policy, which another one replaces', () => {
    given(created).when(assign('p1')).then(assigned('p1'));
    given(created, assigned('p1')).when(assign('p2')).then(assigned('p2'));
    given(created, assigned('p1')).when(assign('p1')).thenNothing();
  });
  it('gives its policy up', () => {
    given(created, assigned('p1')).when(remove).then(removed('p1'));
    given(created, assigned('p1'), removed('p1')).when(remove).thenNothing();
    given(created).when(remove).thenNothing();
    given(created, assigned('p1'), removed('p1')).when(assign('p1')).then(assigned('p1'));
  });
  it('must exist first', () => {
    given().when(assign('p1')).thenRefused({ _tag: 'DeviceGroupNotCreated' });
    given().when(remove).thenRefused({ _tag: 'DeviceGroupNotCreated' });
  });
  it('knows every event and command; an impossible or forgotten one is a bug', () => {
    const { initialState, evolve, decide } = group;
    expect(() => evolve(initialState(), assigned('p1'))).toThrow('follows DeviceGroupCreated');
    const forgotten = { type: 'DeviceGroupRenamed', data: {} } as unknown as GroupEvent;
    expect(() => evolve(evolve(initialState(), created), forgotten)).toThrow(
      'Unhandled case: DeviceGroupRenamed',
    );
    const unknown = { type: 'RenameDeviceGroup' } as unknown as GroupCommand;
    expect(() => decide(unknown, initialState())).toThrow('RenameDeviceGroup');
  });
});
