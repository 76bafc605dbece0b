import { specificationFor } from '@daybook/testing';
import { device, type DeviceCommand, type DeviceEvent } from '../../src/device-policy/index.js';
import {
  absent,
  accessSet,
  applied,
  apply,
  enforcedOn,
  enrolled,
  fromG1,
  noSource,
  ownP1,
  released,
  setOn,
  sourceSet,
  switched,
  switchLocally,
  withdrawn,
} from './builders.js';

const given = specificationFor(device);
const enrol: DeviceCommand = { type: 'EnrolDevice', platform: 'windows' };
const release: DeviceCommand = { type: 'ReleaseDevice' };
const withdraw: DeviceCommand = { type: 'WithdrawPolicy' };

const stateAfter = (...events: readonly DeviceEvent[]) =>
  events.reduce(device.evolve, device.initialState());

describe('enrolling a device', () => {
  it('records the platform, once', () => {
    given().when(enrol).then(enrolled);
    given(enrolled, sourceSet(ownP1)).when(enrol).thenNothing();
  });
  it('refuses another platform for an enrolled device', () => {
    given(enrolled)
      .when({ type: 'EnrolDevice', platform: 'macos' })
      .thenRefused({ _tag: 'DeviceAlreadyEnrolled', platform: 'windows' });
  });
  it('takes a released device back without a policy, with the settings of the machine', () => {
    const history = [
      ...[enrolled, sourceSet(ownP1), applied(), switched('insights', false)],
      ...[accessSet('denied'), withdrawn(), released],
    ];
    given(...history)
      .when({ type: 'EnrolDevice', platform: 'macos' })
      .then({ type: 'DeviceEnrolled', data: { platform: 'macos' } });
    expect(stateAfter(...history, enrolled)).toStrictEqual({
      status: 'enrolled',
      platform: 'windows',
      policySource: { source: 'none' },
      applied: null,
      local: { reporting: null, insights: { enabled: false, sinceApplied: true } },
      insightsLogging: 'denied',
    });
  });
});

describe('releasing a device', () => {
  it('is recorded once', () => {
    given(enrolled).when(release).then(released);
    given(enrolled, released).when(release).thenNothing();
  });
  it('withdraws the applied policy first', () => {
    given(enrolled, sourceSet(ownP1), applied()).when(release).then(withdrawn(), released);
  });
  it('is refused for a device that was never enrolled', () => {
    given().when(release).thenRefused({ _tag: 'DeviceNotEnrolled', status: 'not-enrolled' });
  });
});

describe('a device that is not enrolled', () => {
  it('is refused everything but enrolment and a repeated release', () => {
    const commands: readonly DeviceCommand[] = [
      { type: 'SetDevicePolicySource', ...ownP1 },
      apply(),
      withdraw,
      switchLocally('reporting', true),
      { type: 'SetAccessControl', insightsLogging: 'allowed' },
    ];
    for (const command of commands) {
      given().when(command).thenRefused({ _tag: 'DeviceNotEnrolled', status: 'not-enrolled' });
      given(enrolled, released)
        .when(command)
        .thenRefused({ _tag: 'DeviceNotEnrolled', status: 'released' });
    }
  });
});

describe('the source of policy', () => {
  it('is the own policy, a named group, or none: always exactly one', () => {
    given(enrolled)
      .when({ type: 'SetDevicePolicySource', ...ownP1 })
      .then(sourceSet(ownP1));
    given(enrolled, sourceSet(ownP1))
      .when({ type: 'SetDevicePolicySource', ...fromG1 })
      .then(sourceSet(fromG1));
    given(enrolled, sourceSet(fromG1))
      .when({ type: 'SetDevicePolicySource', ...noSource })
      .then(sourceSet(noSource));
  });
  it('is none for a fresh device', () => {
    given(enrolled)
      .when({ type: 'SetDevicePolicySource', ...noSource })
      .thenNothing();
  });
  it('changes nothing when it names the same policy or group', () => {
    given(enrolled, sourceSet(ownP1))
      .when({ type: 'SetDevicePolicySource', ...ownP1 })
      .thenNothing();
    given(enrolled, sourceSet(fromG1))
      .when({ type: 'SetDevicePolicySource', ...fromG1 })
      .thenNothing();
  });
  it('is recorded anew for another policy or another group', () => {
    const ownP2 = { source: 'own', policyId: 'p2' } as const;
    const fromG2 = { source: 'group', groupId: 'g2' } as const;
    given(enrolled, sourceSet(ownP1))
      .when({ type: 'SetDevicePolicySource', ...ownP2 })
      .then(sourceSet(ownP2));
    given(enrolled, sourceSet(fromG1))
      .when({ type: 'SetDevicePolicySource', ...fromG2 })
      .then(sourceSet(fromG2));
  });
});

describe('applying a policy', () => {
  it('records what was applied and where it came from', () => {
    given(enrolled, sourceSet(ownP1)).when(apply()).then(applied());
    given(enrolled, sourceSet(fromG1))
      .when(apply(setOn, { groupId: 'g1', policyId: 'p7', version: 3 }))
      .then(applied(setOn, { groupId: 'g1', policyId: 'p7', version: 3 }));
  });
  it('changes nothing when that version from there is applied', () => {
    given(enrolled, sourceSet(ownP1), applied()).when(apply()).thenNothing();
  });
  it('is refused when the device has no source of policy', () => {
    given(enrolled)
      .when(apply())
      .thenRefused({ _tag: 'PolicyNotAssigned', policyId: 'p1', groupId: null, source: 'none' });
  });
  it('is refused when the source names another policy or another group', () => {
    given(enrolled, sourceSet(ownP1))
      .when(apply(setOn, { policyId: 'p2' }))
      .thenRefused({ _tag: 'PolicyNotAssigned', policyId: 'p2', groupId: null, source: 'own' });
    given(enrolled, sourceSet(fromG1))
      .when(apply(setOn, { groupId: 'g2' }))
      .thenRefused({ _tag: 'PolicyNotAssigned', policyId: 'p1', groupId: 'g2', source: 'group' });
  });
  it('is refused when the right policy comes by the wrong way', () => {
    given(enrolled, sourceSet(ownP1))
      .when(apply(setOn, { groupId: 'g1' }))
      .thenRefused({ _tag: 'PolicyNotAssigned', policyId: 'p1', groupId: 'g1', source: 'own' });
    given(enrolled, sourceSet(fromG1))
      .when(apply())
      .thenRefused({ _tag: 'PolicyNotAssigned', policyId: 'p1', groupId: null, source: 'group' });
  });
  it('takes newer versions, and refuses an older one that arrives late', () => {
    given(enrolled, sourceSet(ownP1), applied())
      .when(apply(enforcedOn, { version: 2 }))
      .then(applied(enforcedOn, { version: 2 }));
    given(enrolled, sourceSet(ownP1), applied(enforcedOn, { version: 2 }))
      .when(apply())
      .thenRefused({ _tag: 'PolicyVersionNotNewer', policyId: 'p1', applied: 2, offered: 1 });
  });
  it('refuses the applied version with another setting: a version names one setting', () => {
    given(enrolled, sourceSet(ownP1), applied())
      .when(apply(enforcedOn))
      .thenRefused({ _tag: 'PolicyVersionNotNewer', policyId: 'p1', applied: 1, offered: 1 });
  });
  it('replaces another policy, whose versions count apart', () => {
    given(enrolled, applied(setOn, { version: 5 }), sourceSet({ source: 'own', policyId: 'p2' }))
      .when(apply(enforcedOn, { policyId: 'p2' }))
      .then(applied(enforcedOn, { policyId: 'p2' }));
  });
  it('records the same version again when it now comes from a group', () => {
    given(enrolled, sourceSet(ownP1), applied(), sourceSet(fromG1))
      .when(apply(setOn, { groupId: 'g1' }))
      .then(applied(setOn, { groupId: 'g1' }));
  });
  it('takes any version after a withdrawal', () => {
    given(enrolled, sourceSet(ownP1), applied(setOn, { version: 2 }), withdrawn(2))
      .when(apply())
      .then(applied());
  });
});

describe('withdrawing the policy', () => {
  it('names what was applied, once', () => {
    given(enrolled, sourceSet(ownP1), applied(setOn, { version: 2 }))
      .when(withdraw)
      .then(withdrawn(2));
    given(enrolled, sourceSet(ownP1), applied(), withdrawn()).when(withdraw).thenNothing();
    given(enrolled).when(withdraw).thenNothing();
  });
});

describe('a local switch', () => {
  it('is recorded when no policy is applied, and nothing when repeated', () => {
    given(enrolled).when(switchLocally('reporting', true)).then(switched('reporting', true));
    given(enrolled).when(switchLocally('insights', false)).then(switched('insights', false));
    given(enrolled, switched('reporting', true))
      .when(switchLocally('reporting', true))
      .thenNothing();
  });
  it('is the local user’s own under a set policy, also when it says the same as before it', () => {
    given(enrolled, sourceSet(ownP1), switched('insights', false), applied())
      .when(switchLocally('insights', false))
      .then(switched('insights', false));
  });
  it('stays what it is under an absent setting', () => {
    given(enrolled, sourceSet(ownP1), switched('insights', false), applied(absent))
      .when(switchLocally('insights', false))
      .thenNothing();
  });
  it('is refused while the setting is enforced, even to the value that it already has', () => {
    for (const enabled of [true, false])
      given(enrolled, sourceSet(ownP1), switched('insights', false), applied(enforcedOn))
        .when(switchLocally('insights', enabled))
        .thenRefused({
          _tag: 'EnforcedByPolicy',
          toggle: 'insights',
          policyId: 'p1',
          version: 1,
        });
  });
  it('is free again once the enforcing policy is withdrawn', () => {
    given(enrolled, sourceSet(ownP1), applied(enforcedOn), withdrawn())
      .when(switchLocally('insights', false))
      .then(switched('insights', false));
  });
});

describe('access control', () => {
  it('is After confirmation until somebody sets it', () => {
    given(enrolled)
      .when({ type: 'SetAccessControl', insightsLogging: 'after-confirmation' })
      .thenNothing();
    given(enrolled)
      .when({ type: 'SetAccessControl', insightsLogging: 'denied' })
      .then(accessSet('denied'));
    given(enrolled, accessSet('denied'))
      .when({ type: 'SetAccessControl', insightsLogging: 'denied' })
      .thenNothing();
  });
});

describe('the state of a device', () => {
  it('keeps only what belongs to the machine after a release', () => {
    expect(stateAfter(enrolled, sourceSet(fromG1), accessSet('allowed'), released)).toStrictEqual({
      status: 'released',
      local: { reporting: null, insights: null },
      insightsLogging: 'allowed',
    });
  });
  it('cannot be what the deciders never write: such a history is a bug', () => {
    expect(() => stateAfter(applied())).toThrow('PolicyApplied happens to an enrolled device');
    expect(() => stateAfter(enrolled, released, switched('reporting', true))).toThrow(
      'LocalSwitchSet happens to an enrolled device',
    );
    const nameless = (source: 'own' | 'group' | 'other'): DeviceEvent =>
      ({
        type: 'DevicePolicySourceSet',
        data: { source, policyId: null, groupId: null },
      }) as DeviceEvent;
    expect(() => stateAfter(enrolled, nameless('own'))).toThrow('names the policy');
    expect(() => stateAfter(enrolled, nameless('group'))).toThrow('names the group');
    expect(() => stateAfter(enrolled, nameless('other'))).toThrow('Unhandled case: other');
  });
  it('knows every event, command, status and source; a forgotten one is a bug', () => {
    const forgotten = { type: 'DeviceRenamed', data: {} } as unknown as DeviceEvent;
    expect(() => stateAfter(enrolled, forgotten)).toThrow('Unhandled case: DeviceRenamed');
    const unknown = { type: 'RenameDevice' } as unknown as DeviceCommand;
    expect(() => device.decide(unknown, stateAfter(enrolled))).toThrow('RenameDevice');
    type State = ReturnType<typeof device.initialState>;
    const lost = { status: 'lost' } as unknown as State;
    expect(() => device.decide(release, lost)).toThrow('Unhandled case: lost');
    const elsewhere = { ...stateAfter(enrolled), policySource: { source: 'cloud' } };
    expect(() => device.decide(apply(), elsewhere as unknown as State)).toThrow('cloud');
  });
});
