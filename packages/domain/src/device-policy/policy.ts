import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { assertNever, invariant, type Decider } from '../kernel/index.js';
import type { InsightsSetting, PolicyEvent } from './events.js';
import { isSameSetting, isWellFormed } from './insights-setting.js';

export type DefinePolicy = Readonly<{ type: 'DefinePolicy'; setting: InsightsSetting }>;
export type RevisePolicy = Readonly<{ type: 'RevisePolicy'; setting: InsightsSetting }>;
export type PolicyCommand = DefinePolicy | RevisePolicy;

export type PolicyNotDefined = Readonly<{ _tag: 'PolicyNotDefined' }>;
/** Defined before with another setting; `version` is the policy's current one. */
export type PolicyAlreadyDefined = Readonly<{ _tag: 'PolicyAlreadyDefined'; version: number }>;
/** The setting says absent and yet switches a toggle on. */
export type AbsentSettingWithValues = Readonly<{
  _tag: 'AbsentSettingWithValues';
  reporting: boolean;
  insights: boolean;
}>;
export type PolicyRefusal = PolicyNotDefined | PolicyAlreadyDefined | AbsentSettingWithValues;

export type DefinedPolicy = Readonly<{
  status: 'defined';
  /** 1 for the definition, one more for each revision. */
  version: number;
  setting: InsightsSetting;
  /** The setting of version 1, which a repeated definition is compared with. */
  firstSetting: InsightsSetting;
}>;
export type PolicyState = Readonly<{ status: 'not-defined' }> | DefinedPolicy;

type Decision<Refusal> = Either<Refusal, readonly PolicyEvent[]>;

const absentWithValues = ({ reporting, insights }: InsightsSetting): AbsentSettingWithValues => ({
  _tag: 'AbsentSettingWithValues',
  reporting,
  insights,
});

export const definePolicy = (
  { setting }: DefinePolicy,
  state: PolicyState,
): Decision<PolicyAlreadyDefined | AbsentSettingWithValues> => {
  if (!isWellFormed(setting)) return E.left(absentWithValues(setting));
  if (state.status === 'not-defined')
    return E.right([{ type: 'PolicyDefined', data: { version: 1, setting } }]);
  return isSameSetting(state.firstSetting, setting)
    ? E.right([])
    : E.left({ _tag: 'PolicyAlreadyDefined', version: state.version });
};

export const revisePolicy = (
  { setting }: RevisePolicy,
  state: PolicyState,
): Decision<PolicyNotDefined | AbsentSettingWithValues> => {
  if (!isWellFormed(setting)) return E.left(absentWithValues(setting));
  if (state.status === 'not-defined') return E.left({ _tag: 'PolicyNotDefined' });
  if (isSameSetting(state.setting, setting)) return E.right([]);
  return E.right([{ type: 'PolicyRevised', data: { version: state.version + 1, setting } }]);
};

const decide = (command: PolicyCommand, state: PolicyState): Decision<PolicyRefusal> => {
  switch (command.type) {
    case 'DefinePolicy':
      return definePolicy(command, state);
    case 'RevisePolicy':
      return revisePolicy(command, state);
    default:
      return assertNever(command);
  }
};

const evolve = (state: PolicyState, event: PolicyEvent): PolicyState => {
  switch (event.type) {
    case 'PolicyDefined':
      return { status: 'defined', ...event.data, firstSetting: event.data.setting };
    case 'PolicyRevised':
      invariant(state.status === 'defined', 'PolicyRevised follows PolicyDefined');
      return { ...state, ...event.data };
    default:
      return assertNever(event);
  }
};

/** A policy and its versions. Insights without reporting may be said; it has no effect (rulebook §2.4). */
export const policy: Decider<PolicyState, PolicyCommand, PolicyEvent, PolicyRefusal> = {
  initialState: () => ({ status: 'not-defined' }),
  evolve,
  decide,
};
