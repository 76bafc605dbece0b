import * as E from 'fp-ts/lib/Either.js';
import type { Either } from 'fp-ts/lib/Either.js';
import { assertNever, isTimeZone, type Decider } from '../kernel/index.js';
import {
  administratorRequired,
  isAdministrator,
  mayProvision,
  type AdministratorRequired,
} from './authority.js';
import type * as C from './company-commands.js';
import {
  companyNotRegistered,
  evolveCompany,
  type CompanyState,
  type RegisteredCompany,
} from './company-state.js';
import { Plan, type AnyPlan, type CompanyEvent } from './events.js';

type Decision<Refusal> = Either<Refusal, readonly CompanyEvent[]>;

export const registerCompany = (
  { plan, timeZone, actor }: C.RegisterCompany,
  state: CompanyState,
): Decision<AdministratorRequired | C.UnknownTimeZone | C.CompanyAlreadyRegistered> => {
  if (!mayProvision(actor)) return E.left(administratorRequired(actor));
  if (!isTimeZone(timeZone)) return E.left({ _tag: 'UnknownTimeZone', timeZone });
  if (state.status === 'not-registered')
    return E.right([{ type: 'CompanyRegistered', data: { plan, timeZone } }]);
  return state.registeredPlan === plan && state.timeZone === timeZone
    ? E.right([])
    : E.left({
        _tag: 'CompanyAlreadyRegistered',
        plan: state.registeredPlan,
        timeZone: state.timeZone,
      });
};

/** Old readers keep what they know: the first shape is written wherever it has words for both plans. */
const planChanged = (from: AnyPlan, to: AnyPlan): CompanyEvent =>
  Plan.is(from) && Plan.is(to)
    ? { type: 'PlanChanged', data: { from, to } }
    : { type: 'PlanChangedV2', data: { from, to } };

export const changePlan = (
  { plan, actor }: C.ChangePlan,
  state: RegisteredCompany,
): Decision<AdministratorRequired> => {
  if (!mayProvision(actor)) return E.left(administratorRequired(actor));
  if (state.plan === plan) return E.right([]);
  return E.right([planChanged(state.plan, plan)]);
};

/** Other terms are accepted by activating again; the same terms change nothing. */
export const activateAi = (
  { termsVersion, actor }: C.ActivateAi,
  state: RegisteredCompany,
): Decision<AdministratorRequired> => {
  if (!isAdministrator(actor)) return E.left(administratorRequired(actor));
  if (state.aiActivated && state.termsVersion === termsVersion) return E.right([]);
  return E.right([{ type: 'AiActivated', data: { termsVersion } }]);
};

/**
 * Options that are on are switched off first, so that activating again, perhaps under other terms,
 * starts no summaries that nobody asked for *(ours)*.
 */
export const deactivateAi = (
  { actor }: C.DeactivateAi,
  state: RegisteredCompany,
): Decision<AdministratorRequired> => {
  if (!isAdministrator(actor)) return E.left(administratorRequired(actor));
  if (!state.aiActivated) return E.right([]);
  const events: CompanyEvent[] = [];
  for (const path of ['outgoing', 'incoming'] as const) {
    if (state[path]) events.push({ type: 'SummariesOptionSet', data: { path, enabled: false } });
  }
  events.push({ type: 'AiDeactivated', data: {} });
  return E.right(events);
};

export const setSummariesOption = (
  { path, enabled, actor }: C.SetSummariesOption,
  state: RegisteredCompany,
): Decision<AdministratorRequired | C.AiNotActivated> => {
  if (!isAdministrator(actor)) return E.left(administratorRequired(actor));
  if (!state.aiActivated) return E.left({ _tag: 'AiNotActivated', path });
  if (state[path] === enabled) return E.right([]);
  return E.right([{ type: 'SummariesOptionSet', data: { path, enabled } }]);
};

const decide = (command: C.CompanyCommand, state: CompanyState): Decision<C.CompanyRefusal> => {
  if (command.type === 'RegisterCompany') return registerCompany(command, state);
  if (state.status === 'not-registered') return E.left({ _tag: 'CompanyNotRegistered' });
  switch (command.type) {
    case 'ChangePlan':
      return changePlan(command, state);
    case 'ActivateAi':
      return activateAi(command, state);
    case 'DeactivateAi':
      return deactivateAi(command, state);
    case 'SetSummariesOption':
      return setSummariesOption(command, state);
    default:
      return assertNever(command);
  }
};

/** A company: its plan, its AI activation and its two summaries options (rulebook §2.1–2.2). */
export const company: Decider<CompanyState, C.CompanyCommand, CompanyEvent, C.CompanyRefusal> = {
  initialState: companyNotRegistered,
  evolve: evolveCompany,
  decide,
};
