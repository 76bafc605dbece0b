import { Actor, Count, isId, Nullable, PositiveCredits, Word } from '@daybook/domain/kernel';
import { VoidReason } from '@daybook/domain/credits';
import { AccessControl, InsightsSetting } from '@daybook/domain/device-policy';
import { AnyPlan, Plan, Role } from '@daybook/domain/organization';
import { InstantText } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

const Id = new t.Type<string>(
  'id',
  (u): u is string => typeof u === 'string' && isId(u),
  (u, context) =>
    typeof u === 'string' && isId(u)
      ? t.success(u)
      : t.failure(u, context, 'expected an id: letters, digits, . : ~ or -, at most 100'),
  t.identity,
);

const PolicySource = Word('own', 'group', 'none');

/** A lot that somebody gives by hand, with its life and the reason that an auditor reads. */
const givenByHand = {
  amount: PositiveCredits,
  effectiveAt: InstantText,
  expiresAt: InstantText,
  reason: t.string,
};

/** Payload of each command about a company, its users, policies, groups, devices and purchases. */
const payloads = {
  RegisterCompany: { plan: Plan, timeZone: t.string },
  ChangePlan: { plan: AnyPlan },
  ActivateAi: { termsVersion: t.string },
  DeactivateAi: {},
  SetSummariesOption: { path: Word('outgoing', 'incoming'), enabled: t.boolean },
  RegisterUser: { userId: Id, role: Role },
  AssignUserRole: { userId: Id, role: Role },
  SetSessionLogging: { userId: Id, enabled: t.boolean },
  DefinePolicy: { policyId: Id, setting: InsightsSetting },
  RevisePolicy: { policyId: Id, setting: InsightsSetting },
  CreateGroup: { groupId: Id },
  AssignGroupPolicy: { groupId: Id, policyId: Id },
  RemoveGroupPolicy: { groupId: Id },
  EnrolDevice: { deviceId: Id, platform: t.string },
  ReleaseDevice: { deviceId: Id },
  SetDevicePolicySource: { deviceId: Id, source: PolicySource },
  ApplyPolicy: { deviceId: Id },
  WithdrawPolicy: { deviceId: Id },
  SetLocalSwitch: { deviceId: Id, toggle: Word('reporting', 'insights'), enabled: t.boolean },
  SetAccessControl: { deviceId: Id, insightsLogging: AccessControl },
  PurchaseCredits: { orderNumber: Id, amount: PositiveCredits },
  RefundPurchase: { orderNumber: Id },
  GrantPromotion: { grantId: Id, ...givenByHand },
  AddCredits: { adjustmentId: Id, ...givenByHand },
  DeductCredits: { adjustmentId: Id, amount: PositiveCredits, reason: t.string },
  VoidLot: {
    voidId: Id,
    lotId: t.string,
    reason: VoidReason,
  },
  ReverseCharge: { chargeId: t.string, reason: Word('charged-in-error', 'nothing-delivered') },
} as const;

const optional = {
  RegisterCompany: { companyId: Id },
  SetDevicePolicySource: { policyId: Nullable(Id), groupId: Nullable(Id) },
  /** What the device says that it applied. Left out: what its source names now. */
  ApplyPolicy: { policyId: Id, version: Count, groupId: Nullable(Id) },
  PurchaseCredits: { priority: Count },
  GrantPromotion: { priority: Count },
  AddCredits: { priority: Count },
} as const;

type Payloads = typeof payloads;
type Optional = typeof optional;
type Fields<P> = { readonly [K in keyof P]: P[K] extends t.Mixed ? t.TypeOf<P[K]> : never };
type OptionalOf<K> = K extends keyof Optional ? Partial<Fields<Optional[K]>> : unknown;

/** A command about the company, as the setup file and the HTTP API carry it. */
export type CompanyCommand = {
  [K in keyof Payloads]: Readonly<{ command: K }> & Fields<Payloads[K]> & OptionalOf<K>;
}[keyof Payloads];

export type CompanyCommandName = keyof Payloads;

export const companyCommandNames = Object.keys(payloads) as readonly CompanyCommandName[];

/** What is wrong with a command from outside: the field and the remedy, never a long value. */
export type CommandProblem = Readonly<{ field: string; reason: string }>;

const problem = (field: string, reason: string): E.Either<CommandProblem, never> =>
  E.left({ field, reason });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const expectation = (errors: t.Errors): CommandProblem => {
  const [first] = errors;
  // The first two entries are the whole value and its place in the intersection, which no caller wrote.
  const field = (first?.context ?? [])
    .slice(2)
    .map((entry) => entry.key)
    .filter((key) => key !== '')
    .join('.');
  const wanted = first?.context.at(-1)?.type.name ?? 'another value';
  return { field, reason: first?.message ?? `expected ${wanted.replace(/^\(|\)$/g, '')}` };
};

const decodeFields = (
  name: CompanyCommandName,
  fields: Readonly<Record<string, unknown>>,
): E.Either<CommandProblem, CompanyCommand> => {
  const required: t.Props = payloads[name];
  const extra: t.Props = name in optional ? optional[name as keyof Optional] : {};
  const unknown = Object.keys(fields).find((key) => !(key in required) && !(key in extra));
  if (unknown !== undefined) {
    const allowed = [...Object.keys(required), ...Object.keys(extra)].join(', ');
    return problem(
      unknown,
      `unknown field; ${name} takes: ${allowed === '' ? 'nothing' : allowed}`,
    );
  }
  const decoded = t.intersection([t.strict(required), t.exact(t.partial(extra))]).decode(fields);
  if (E.isLeft(decoded)) return E.left(expectation(decoded.left));
  return E.right({ command: name, ...decoded.right } as CompanyCommand);
};

/** Checks a command from outside. Unknown commands and fields are named, so that a typo never passes. */
export const decodeCompanyCommand = (value: unknown): E.Either<CommandProblem, CompanyCommand> => {
  if (!isRecord(value)) return problem('', 'expected a JSON object');
  const { command, ...fields } = value;
  const name = companyCommandNames.find((known) => known === command);
  if (name === undefined)
    return problem('command', `unknown command; known: ${companyCommandNames.join(', ')}`);
  return decodeFields(name, fields);
};

/** Who may be named as the actor of a command from outside. */
export const decodeActor = (value: unknown): E.Either<CommandProblem, Actor> => {
  const decoded = Actor.decode(value);
  return E.isRight(decoded) ? decoded : problem('by', 'expected {kind, id}');
};
