import type { CompanyCommand } from '@daybook/engine';
import {
  count,
  flag,
  id,
  instant,
  nullable,
  object,
  said,
  text,
  word,
  type JsonSchema,
} from './common.js';

type Fields = Readonly<Record<string, JsonSchema>>;
type Described = Readonly<{ fields: Fields; optional?: Fields }>;

const plan = word('business', 'premium', 'corporate', 'tensor');
const anyPlan = word('business', 'premium', 'corporate', 'tensor', 'remote-access', 'free');
const role = word('administrator', 'auditor', 'supporter');
const credits: JsonSchema = { type: 'integer', minimum: 1 };
const setting = object({
  state: word('absent', 'set', 'enforced'),
  reporting: flag,
  insights: flag,
});

const givenByHand = { amount: credits, effectiveAt: instant, expiresAt: instant, reason: text };

/** What each command carries: the engine's own codecs decide, and a test holds the two together. */
export const commandFields: Readonly<Record<CompanyCommand['command'], Described>> = {
  RegisterCompany: { fields: { plan, timeZone: text }, optional: { companyId: id } },
  ChangePlan: { fields: { plan: anyPlan } },
  ActivateAi: { fields: { termsVersion: text } },
  DeactivateAi: { fields: {} },
  SetSummariesOption: { fields: { path: word('outgoing', 'incoming'), enabled: flag } },
  RegisterUser: { fields: { userId: id, role } },
  AssignUserRole: { fields: { userId: id, role } },
  SetSessionLogging: { fields: { userId: id, enabled: flag } },
  DefinePolicy: { fields: { policyId: id, setting } },
  RevisePolicy: { fields: { policyId: id, setting } },
  CreateGroup: { fields: { groupId: id } },
  AssignGroupPolicy: { fields: { groupId: id, policyId: id } },
  RemoveGroupPolicy: { fields: { groupId: id } },
  EnrolDevice: { fields: { deviceId: id, platform: text } },
  ReleaseDevice: { fields: { deviceId: id } },
  SetDevicePolicySource: {
    fields: { deviceId: id, source: word('own', 'group', 'none') },
    optional: { policyId: nullable(id), groupId: nullable(id) },
  },
  ApplyPolicy: {
    fields: { deviceId: id },
    optional: { policyId: id, version: count, groupId: nullable(id) },
  },
  WithdrawPolicy: { fields: { deviceId: id } },
  SetLocalSwitch: {
    fields: { deviceId: id, toggle: word('reporting', 'insights'), enabled: flag },
  },
  SetAccessControl: {
    fields: { deviceId: id, insightsLogging: word('allowed', 'denied', 'after-confirmation') },
  },
  PurchaseCredits: {
    fields: { orderNumber: id, amount: credits },
    optional: { priority: count },
  },
  RefundPurchase: { fields: { orderNumber: id } },
  GrantPromotion: { fields: { grantId: id, ...givenByHand }, optional: { priority: count } },
  AddCredits: { fields: { adjustmentId: id, ...givenByHand }, optional: { priority: count } },
  DeductCredits: { fields: { adjustmentId: id, amount: credits, reason: text } },
  VoidLot: {
    fields: {
      voidId: id,
      lotId: text,
      reason: word('dispute', 'granted-in-error', 'agreement-ended'),
    },
  },
  ReverseCharge: {
    fields: { chargeId: text, reason: word('charged-in-error', 'nothing-delivered') },
  },
};

const commandSchema = (name: string, { fields, optional = {} }: Described): JsonSchema => ({
  title: name,
  ...object({ command: { const: name }, ...fields, ...optional, ...said }, [
    ...Object.keys(optional),
    ...Object.keys(said),
  ]),
});

export const commandBody: JsonSchema = {
  oneOf: Object.entries(commandFields).map(([name, fields]) => commandSchema(name, fields)),
};

const { fields, optional = {} } = commandFields.PurchaseCredits;
export const purchaseBody: JsonSchema = object({ ...fields, ...optional, ...said }, [
  ...Object.keys(optional),
  ...Object.keys(said),
]);
