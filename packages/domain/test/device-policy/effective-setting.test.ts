import {
  device,
  effectiveSetting,
  incomingDeviceFacts,
  moreRestrictive,
  type AccessControl,
  type DeviceEvent,
  type EffectiveSetting,
  type InsightsSetting,
} from '../../src/device-policy/index.js';
import {
  absent,
  applied,
  enforcedOn,
  enrolled,
  fromG1,
  noSource,
  ownP1,
  released,
  setOn,
  sourceSet,
  switched,
  withdrawn,
} from './builders.js';

const deviceAfter = (...events: readonly DeviceEvent[]) =>
  events.reduce(device.evolve, device.initialState());
const settingAfter = (...events: readonly DeviceEvent[]): EffectiveSetting =>
  effectiveSetting(deviceAfter(enrolled, ...events));

const nobody = { enabled: false, from: 'none' };
const byP1 = { policyId: 'p1', version: 1 };

describe('without a policy that has the setting', () => {
  it('nothing is on until the local user says so', () => {
    expect(settingAfter()).toStrictEqual({ reporting: nobody, insights: nobody });
  });
  it('the local value counts', () => {
    expect(settingAfter(switched('reporting', true))).toStrictEqual({
      reporting: { enabled: true, from: 'local' },
      insights: nobody,
    });
  });
  it('an absent setting leaves the local value, from before or after the application', () => {
    expect(
      settingAfter(
        sourceSet(ownP1),
        switched('reporting', true),
        applied(absent),
        switched('insights', true),
      ),
    ).toStrictEqual({
      reporting: { enabled: true, from: 'local' },
      insights: { enabled: true, from: 'local' },
    });
  });
  it('assigning a source changes nothing: a policy takes effect when it is applied', () => {
    expect(settingAfter(sourceSet(fromG1))).toStrictEqual({ reporting: nobody, insights: nobody });
  });
  it('a device that is not enrolled has no setting at all', () => {
    const none = { reporting: nobody, insights: nobody };
    expect(effectiveSetting(deviceAfter())).toStrictEqual(none);
    expect(
      effectiveSetting(deviceAfter(enrolled, switched('reporting', true), released)),
    ).toStrictEqual(none);
  });
});

describe('with a set policy', () => {
  it('its values replace what was chosen before', () => {
    expect(settingAfter(switched('insights', false), applied())).toStrictEqual({
      reporting: { enabled: true, from: 'policy-set', ...byP1 },
      insights: { enabled: true, from: 'policy-set', ...byP1 },
    });
  });
  it('the local user may change a toggle afterwards, the other stays the policy’s', () => {
    expect(settingAfter(applied(), switched('insights', false))).toStrictEqual({
      reporting: { enabled: true, from: 'policy-set', ...byP1 },
      insights: { enabled: false, from: 'local', ...byP1 },
    });
  });
  it('a newer version sets the values anew', () => {
    const { insights } = settingAfter(
      applied(),
      switched('insights', false),
      applied(setOn, { version: 2 }),
    );
    expect(insights).toStrictEqual({
      enabled: true,
      from: 'policy-set',
      policyId: 'p1',
      version: 2,
    });
  });
  it('the group that it came from is named', () => {
    expect(settingAfter(applied(setOn, { groupId: 'g1' })).reporting).toStrictEqual({
      enabled: true,
      from: 'policy-set',
      ...byP1,
      groupId: 'g1',
    });
  });
  it('it stays in effect when the source changes, until the withdrawal is recorded', () => {
    const history = [sourceSet(ownP1), applied(), sourceSet(noSource)];
    expect(settingAfter(...history).reporting.from).toBe('policy-set');
    expect(settingAfter(...history, withdrawn())).toStrictEqual({
      reporting: nobody,
      insights: nobody,
    });
  });
  it('its withdrawal brings the local user’s last choice back', () => {
    expect(
      settingAfter(switched('reporting', true), applied(), withdrawn()).reporting,
    ).toStrictEqual({ enabled: true, from: 'local' });
  });
});

describe('with an enforced policy', () => {
  it('its values hold whatever the local user chose', () => {
    const off: InsightsSetting = { state: 'enforced', reporting: true, insights: false };
    expect(settingAfter(switched('insights', true), applied(off))).toStrictEqual({
      reporting: { enabled: true, from: 'policy-enforced', ...byP1 },
      insights: { enabled: false, from: 'policy-enforced', ...byP1 },
    });
  });
});

describe('what the incoming path asks of a device', () => {
  const factsAfter = (...events: readonly DeviceEvent[]) =>
    incomingDeviceFacts(deviceAfter(...events));
  const allOn = {
    deviceManaged: true,
    policyApplied: true,
    reportingOn: true,
    insightsOn: true,
    switchedOffLocally: false,
  };

  it('a managed device with an applied policy that switches both on passes', () => {
    expect(factsAfter(enrolled, applied())).toStrictEqual(allOn);
    expect(factsAfter(enrolled, applied(enforcedOn))).toStrictEqual(allOn);
  });
  it('a device of nobody or of the past is not managed', () => {
    const none = {
      deviceManaged: false,
      policyApplied: false,
      reportingOn: false,
      insightsOn: false,
      switchedOffLocally: false,
    };
    expect(factsAfter()).toStrictEqual(none);
    expect(factsAfter(enrolled, released)).toStrictEqual(none);
  });
  it('an absent setting is no policy with the setting, whatever is on locally', () => {
    expect(
      factsAfter(
        enrolled,
        applied(absent),
        switched('reporting', true),
        switched('insights', true),
      ),
    ).toStrictEqual({ ...allOn, policyApplied: false });
  });
  it('what the policy leaves off is off by policy, also if the local user agrees', () => {
    const reportingOnly: InsightsSetting = { state: 'set', reporting: true, insights: false };
    expect(factsAfter(enrolled, applied(reportingOnly))).toStrictEqual({
      ...allOn,
      insightsOn: false,
    });
    expect(factsAfter(enrolled, applied(reportingOnly), switched('insights', false))).toStrictEqual(
      { ...allOn, insightsOn: false },
    );
  });
  it('what the local user switched off is switched off locally, either toggle', () => {
    for (const toggle of ['reporting', 'insights'] as const)
      expect(factsAfter(enrolled, applied(), switched(toggle, false))).toStrictEqual({
        ...allOn,
        switchedOffLocally: true,
      });
  });
  it('what the local user switched on counts as on', () => {
    const off: InsightsSetting = { state: 'set', reporting: false, insights: false };
    expect(
      factsAfter(enrolled, applied(off), switched('reporting', true), switched('insights', true)),
    ).toStrictEqual(allOn);
  });
});

describe('access control of the two ends', () => {
  const ordered: readonly AccessControl[] = ['allowed', 'after-confirmation', 'denied'];

  it('the more restrictive value holds, whichever end has it', () => {
    for (const [i, a] of ordered.entries())
      for (const [j, b] of ordered.entries())
        expect(moreRestrictive(a, b)).toBe(ordered[Math.max(i, j)]);
  });
});
