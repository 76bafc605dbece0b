import * as t from 'io-ts';
import { Word, type EventOf } from '../kernel/index.js';

// Stored shapes: a released one never changes; a new shape is a new type beside it, with an upcast.

export const Plan = Word('business', 'premium', 'corporate', 'tensor');
export type Plan = t.TypeOf<typeof Plan>;

export const companyEvents = {
  CompanyRegistered: t.strict({ plan: Plan, timeZone: t.string }),
  PlanChanged: t.strict({ from: Plan, to: Plan }),
  AiActivated: t.strict({ termsVersion: t.string }),
  AiDeactivated: t.strict({}),
  SummariesOptionSet: t.strict({ path: Word('outgoing', 'incoming'), enabled: t.boolean }),
};
export type CompanyEvent = EventOf<typeof companyEvents>;

export const userEvents = {
  UserRegistered: t.strict({ role: Word('administrator', 'auditor', 'supporter') }),
  SessionLoggingSet: t.strict({ enabled: t.boolean }),
};
export type UserEvent = EventOf<typeof userEvents>;
