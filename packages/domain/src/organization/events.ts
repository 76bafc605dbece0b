import * as t from 'io-ts';
import { Word, type EventOf } from '../kernel/index.js';

// Stored shapes: a released one never changes; a new shape is a new type beside it, with an upcast.

export const Plan = Word('business', 'premium', 'corporate', 'tensor');
export type Plan = t.TypeOf<typeof Plan>;

/** Every plan that a company may have; which of them include Session Insights is dated rule data. */
export const AnyPlan = Word('business', 'premium', 'corporate', 'tensor', 'remote-access', 'free');
export type AnyPlan = t.TypeOf<typeof AnyPlan>;

export const Role = Word('administrator', 'auditor', 'supporter');
export type Role = t.TypeOf<typeof Role>;

export const companyEvents = {
  CompanyRegistered: t.strict({ plan: Plan, timeZone: t.string }),
  PlanChanged: t.strict({ from: Plan, to: Plan }),
  /** Written only where a plan is named that the first shape has no word for. */
  PlanChangedV2: t.strict({ from: AnyPlan, to: AnyPlan }),
  AiActivated: t.strict({ termsVersion: t.string }),
  AiDeactivated: t.strict({}),
  SummariesOptionSet: t.strict({ path: Word('outgoing', 'incoming'), enabled: t.boolean }),
};
export type CompanyEvent = EventOf<typeof companyEvents>;

export const userEvents = {
  UserRegistered: t.strict({ role: Role }),
  UserRoleAssigned: t.strict({ from: Role, to: Role }),
  SessionLoggingSet: t.strict({ enabled: t.boolean }),
};
export type UserEvent = EventOf<typeof userEvents>;
