import type { Actor } from '../kernel/index.js';
import type { AdministratorRequired } from './authority.js';
import type { AnyPlan, Plan } from './events.js';

/** `timeZone`: an IANA name or a fixed offset; it decides when the company's months begin (rulebook §5). */
export type RegisterCompany = Readonly<{
  type: 'RegisterCompany';
  plan: Plan;
  timeZone: string;
  actor: Actor;
}>;
export type ChangePlan = Readonly<{ type: 'ChangePlan'; plan: AnyPlan; actor: Actor }>;
export type ActivateAi = Readonly<{ type: 'ActivateAi'; termsVersion: string; actor: Actor }>;
export type DeactivateAi = Readonly<{ type: 'DeactivateAi'; actor: Actor }>;
export type SetSummariesOption = Readonly<{
  type: 'SetSummariesOption';
  path: 'outgoing' | 'incoming';
  enabled: boolean;
  actor: Actor;
}>;

export type CompanyCommand =
  RegisterCompany | ChangePlan | ActivateAi | DeactivateAi | SetSummariesOption;

export type UnknownTimeZone = Readonly<{ _tag: 'UnknownTimeZone'; timeZone: string }>;
/** Registered before with other content; the refusal carries what was registered then. */
export type CompanyAlreadyRegistered = Readonly<{
  _tag: 'CompanyAlreadyRegistered';
  plan: Plan;
  timeZone: string;
}>;
export type CompanyNotRegistered = Readonly<{ _tag: 'CompanyNotRegistered' }>;
/** The options appear only once AI is activated (rulebook §2.1). */
export type AiNotActivated = Readonly<{ _tag: 'AiNotActivated'; path: 'outgoing' | 'incoming' }>;

export type CompanyRefusal =
  | AdministratorRequired
  | UnknownTimeZone
  | CompanyAlreadyRegistered
  | CompanyNotRegistered
  | AiNotActivated;
