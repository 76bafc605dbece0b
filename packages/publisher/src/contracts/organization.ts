import { Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { type Contract, contractsOf, type StoredData } from './contract.js';
import { Token, word } from './values.js';

const contract = contractsOf('organization');

const Role = Word('administrator', 'auditor', 'supporter');
export const Plan = Word('business', 'premium', 'corporate', 'tensor');

const AnyPlan = Word('business', 'premium', 'corporate', 'tensor', 'remote-access', 'free');
const PlanChange = t.strict({ from: AnyPlan, to: AnyPlan });

/** Two stored shapes, one published: subscribers need not know when a plan got its word. */
const planChanged = {
  event: 'plan-changed',
  summary: 'The company’s plan changed; an upgrade raises the month’s free credits.',
  data: PlanChange,
  toPublished: ({ from, to }: StoredData<'PlanChangedV2'>): t.TypeOf<typeof PlanChange> => ({
    from,
    to,
  }),
};

export const organizationContracts: readonly Contract[] = [
  contract('CompanyRegistered', {
    event: 'company-registered',
    summary: 'A company was registered with its plan and the time zone of its months.',
    data: t.strict({ plan: Plan, timeZone: Token }),
    toPublished: ({ plan, timeZone }) => ({ plan, timeZone }),
  }),
  contract('PlanChanged', planChanged),
  contract('PlanChangedV2', planChanged),
  contract('AiActivated', {
    event: 'ai-activated',
    summary: 'An administrator switched AI on and accepted a version of the terms.',
    data: t.strict({ termsVersion: Token }),
    toPublished: ({ termsVersion }) => ({ termsVersion: word(termsVersion) }),
  }),
  contract('AiDeactivated', {
    event: 'ai-deactivated',
    summary: 'An administrator switched AI off.',
    data: t.strict({}),
    toPublished: () => ({}),
  }),
  contract('SummariesOptionSet', {
    event: 'summaries-option-set',
    summary: 'Summaries of outgoing or incoming connections were switched on or off.',
    data: t.strict({ path: Word('outgoing', 'incoming'), enabled: t.boolean }),
    toPublished: ({ path, enabled }) => ({ path, enabled }),
  }),
  contract('UserRegistered', {
    event: 'user-registered',
    summary: 'A user was registered with a role; the id is opaque.',
    data: t.strict({ userId: Token, role: Role }),
    toPublished: ({ role }, { id }) => ({ userId: id, role }),
  }),
  contract('UserRoleAssigned', {
    event: 'user-role-assigned',
    summary: 'A user has another role from now on.',
    data: t.strict({ userId: Token, from: Role, to: Role }),
    toPublished: ({ from, to }, { id }) => ({ userId: id, from, to }),
  }),
  contract('SessionLoggingSet', {
    event: 'session-logging-set',
    summary: 'Logging of a user’s sessions for connection reporting was switched on or off.',
    data: t.strict({ userId: Token, enabled: t.boolean }),
    toPublished: ({ enabled }, { id }) => ({ userId: id, enabled }),
  }),
];
