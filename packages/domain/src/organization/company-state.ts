import { assertNever, invariant, type DomainEvent } from '../kernel/index.js';
import type { AnyPlan, CompanyEvent, Plan } from './events.js';

export type RegisteredCompany = Readonly<{
  status: 'registered';
  plan: AnyPlan;
  timeZone: string;
  /** The plan of the registration, which a repeated registration is compared with. */
  registeredPlan: Plan;
  aiActivated: boolean;
  /** The terms accepted last, also after a deactivation; null before the first activation. */
  termsVersion: string | null;
  /** Summaries for outgoing connections. Never true while AI is not activated. */
  outgoing: boolean;
  /** Summaries for incoming connections. Never true while AI is not activated. */
  incoming: boolean;
}>;

export type CompanyState = Readonly<{ status: 'not-registered' }> | RegisteredCompany;

export const companyNotRegistered = (): CompanyState => ({ status: 'not-registered' });

type Registration = Extract<CompanyEvent, DomainEvent<'CompanyRegistered'>>['data'];

const registered = ({ plan, timeZone }: Registration): RegisteredCompany => ({
  status: 'registered',
  plan,
  timeZone,
  registeredPlan: plan,
  aiActivated: false,
  termsVersion: null,
  outgoing: false,
  incoming: false,
});

export const evolveCompany = (state: CompanyState, event: CompanyEvent): CompanyState => {
  if (event.type === 'CompanyRegistered') return registered(event.data);
  invariant(state.status === 'registered', `${event.type} follows CompanyRegistered`);
  switch (event.type) {
    case 'PlanChanged':
    case 'PlanChangedV2':
      return { ...state, plan: event.data.to };
    case 'AiActivated':
      return { ...state, aiActivated: true, termsVersion: event.data.termsVersion };
    case 'AiDeactivated':
      return { ...state, aiActivated: false };
    case 'SummariesOptionSet':
      return { ...state, [event.data.path]: event.data.enabled };
    default:
      return assertNever(event);
  }
};
