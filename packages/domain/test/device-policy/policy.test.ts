import { specificationFor } from '@daybook/testing';
import {
  isSameSetting,
  policy,
  type InsightsSetting,
  type PolicyCommand,
  type PolicyEvent,
} from '../../src/device-policy/index.js';
import { absent, enforcedOn, setOn } from './builders.js';

const given = specificationFor(policy);

const define = (setting: InsightsSetting): PolicyCommand => ({ type: 'DefinePolicy', setting });
const revise = (setting: InsightsSetting): PolicyCommand => ({ type: 'RevisePolicy', setting });
const defined = (setting: InsightsSetting): PolicyEvent => ({
  type: 'PolicyDefined',
  data: { version: 1, setting },
});
const revised = (version: number, setting: InsightsSetting): PolicyEvent => ({
  type: 'PolicyRevised',
  data: { version, setting },
});

describe('defining a policy', () => {
  it('makes version 1', () => {
    given().when(define(setOn)).then(defined(setOn));
    given().when(define(absent)).then(defined(absent));
  });
  it('changes nothing when repeated, also after a revision', () => {
    given(defined(setOn)).when(define(setOn)).thenNothing();
    given(defined(setOn), revised(2, enforcedOn)).when(define(setOn)).thenNothing();
  });
  it('refuses another setting for a defined policy', () => {
    given(defined(setOn), revised(2, enforcedOn))
      .when(define(enforcedOn))
      .thenRefused({ _tag: 'PolicyAlreadyDefined', version: 2 });
  });
  it('may say insights without reporting', () => {
    const insightsOnly: InsightsSetting = { state: 'set', reporting: false, insights: true };
    given().when(define(insightsOnly)).then(defined(insightsOnly));
  });
});

describe('revising a policy', () => {
  it('makes the next version', () => {
    given(defined(setOn)).when(revise(enforcedOn)).then(revised(2, enforcedOn));
    given(defined(setOn), revised(2, enforcedOn)).when(revise(setOn)).then(revised(3, setOn));
  });
  it('changes nothing for the setting that it has', () => {
    given(defined(setOn)).when(revise(setOn)).thenNothing();
    given(defined(setOn), revised(2, enforcedOn)).when(revise(enforcedOn)).thenNothing();
  });
  it('is refused for a policy that was never defined', () => {
    given().when(revise(setOn)).thenRefused({ _tag: 'PolicyNotDefined' });
  });
});

describe('an absent setting', () => {
  it('has no values: one that switches a toggle on is refused', () => {
    const onlyReporting: InsightsSetting = { state: 'absent', reporting: true, insights: false };
    const onlyInsights: InsightsSetting = { state: 'absent', reporting: false, insights: true };
    given()
      .when(define(onlyReporting))
      .thenRefused({ _tag: 'AbsentSettingWithValues', reporting: true, insights: false });
    given(defined(setOn))
      .when(revise(onlyInsights))
      .thenRefused({ _tag: 'AbsentSettingWithValues', reporting: false, insights: true });
  });
});

describe('two settings', () => {
  it('are the same only if all three parts are', () => {
    expect(isSameSetting(setOn, { ...setOn })).toBe(true);
    expect(isSameSetting(setOn, enforcedOn)).toBe(false);
    expect(isSameSetting(setOn, { ...setOn, reporting: false })).toBe(false);
    expect(isSameSetting(setOn, { ...setOn, insights: false })).toBe(false);
  });
});

describe('the state of a policy', () => {
  it('holds the current version and setting', () => {
    expect(
      [defined(setOn), revised(2, enforcedOn)].reduce(policy.evolve, policy.initialState()),
    ).toStrictEqual({
      status: 'defined',
      version: 2,
      setting: enforcedOn,
      firstSetting: setOn,
    });
  });
  it('knows every event and command; an impossible or forgotten one is a bug', () => {
    const { initialState, evolve, decide } = policy;
    expect(() => evolve(initialState(), revised(2, setOn))).toThrow('follows PolicyDefined');
    const forgotten = { type: 'PolicyRetired', data: {} } as unknown as PolicyEvent;
    expect(() => evolve(initialState(), forgotten)).toThrow('Unhandled case: PolicyRetired');
    const unknown = { type: 'RetirePolicy' } as unknown as PolicyCommand;
    expect(() => decide(unknown, initialState())).toThrow('Unhandled case: RetirePolicy');
  });
});
