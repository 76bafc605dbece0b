import { ruleBook as shippedRuleBook } from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';
import {
  isRecord,
  list,
  oneOf,
  optional,
  problem,
  record,
  required,
  type Read,
  type RecordOf,
  type ScenarioProblem,
} from './fields.js';
import {
  anyText,
  changeOfCredits,
  creditsByPlan,
  idText,
  instantText,
  timeZoneText,
  wholeFrom,
} from './values.js';

/** What may be tried: the part of a rule set that credits go by. */
const ruleFields = {
  /** First instant of the change; without it the change holds at all times. */
  from: optional(instantText),
  tariff: optional(oneOf('per-session', 'assistant-blocks')),
  assistantBlockMessages: optional(wholeFrom(1)),
  monthlyCredits: optional(creditsByPlan),
  purchaseLifeMonths: optional(wholeFrom(1)),
  holdTimeoutMs: optional(wholeFrom(1)),
};
export type RuleChange = RecordOf<typeof ruleFields>;

const lotFields = {
  lot: required(idText),
  kind: required(oneOf('free', 'promotional', 'adjustment', 'purchased')),
  credits: required(wholeFrom(1)),
  effectiveAt: required(instantText),
  /** Default: the next month's first instant (free), otherwise the life of a purchase by the rules. */
  expiresAt: optional(instantText),
  /** Not of a month's free credits: low pays first, default 0. */
  priority: optional(wholeFrom(0)),
};
export type ScenarioLot = RecordOf<typeof lotFields>;

const common = { at: required(instantText), recordedAt: optional(instantText) };
const ofSession = { ...common, session: required(idText) };
const ofCharge = { ...ofSession, generation: optional(wholeFrom(0)) };
/** What the session owes in all: `credits` as they are, or what it has used so far, by the tariff. */
const aiUse = {
  ...ofSession,
  credits: optional(wholeFrom(1)),
  summaries: optional(wholeFrom(0)),
  assistantMessages: optional(wholeFrom(0)),
};

const operationFields = {
  use: { op: required(oneOf('use')), ...aiUse },
  hold: { op: required(oneOf('hold')), ...aiUse },
  capture: { op: required(oneOf('capture')), ...ofCharge },
  release: {
    op: required(oneOf('release')),
    ...ofCharge,
    reason: optional(oneOf('nothing-succeeded', 'consent-withdrawn')),
  },
  reverse: {
    op: required(oneOf('reverse')),
    ...ofCharge,
    reason: optional(oneOf('charged-in-error', 'nothing-delivered')),
  },
  purchase: {
    op: required(oneOf('purchase')),
    ...common,
    order: required(idText),
    credits: required(wholeFrom(1)),
    priority: optional(wholeFrom(0)),
  },
  refund: { op: required(oneOf('refund')), ...common, order: required(idText) },
  void: {
    op: required(oneOf('void')),
    ...common,
    lot: required(idText),
    reason: optional(oneOf('dispute', 'granted-in-error', 'agreement-ended')),
  },
  promote: {
    op: required(oneOf('promote')),
    ...common,
    id: required(idText),
    credits: required(wholeFrom(1)),
    expiresAt: required(instantText),
    priority: optional(wholeFrom(0)),
  },
  adjust: {
    op: required(oneOf('adjust')),
    ...common,
    id: required(idText),
    /** Below zero takes credits away. */
    credits: required(changeOfCredits),
    /** Of what is added; default: the life of a purchase by the rules. */
    expiresAt: optional(instantText),
    priority: optional(wholeFrom(0)),
  },
  grant: { op: required(oneOf('grant')), ...common, plan: required(idText) },
  raise: {
    op: required(oneOf('raise')),
    ...common,
    fromPlan: required(idText),
    toPlan: required(idText),
  },
  lapse: { op: required(oneOf('lapse')), ...common },
  'time-out': { op: required(oneOf('time-out')), ...common },
};
type OperationFields = typeof operationFields;
export type Operation = {
  [Op in keyof OperationFields]: RecordOf<OperationFields[Op]>;
}[keyof OperationFields];

const operationReaders = Object.fromEntries(
  Object.entries(operationFields).map(([op, fields]) => [op, record(fields)]),
) as Readonly<Record<string, Read<Operation>>>;
const readOp = oneOf(...Object.keys(operationFields));

const readOperation: Read<Operation> = (given, path) => {
  const op = readOp(isRecord(given) ? given['op'] : undefined, `${path}.op`);
  if (E.isLeft(op)) return op;
  const read = operationReaders[op.right];
  if (read === undefined) throw new Error(`There is no reader of ${op.right}`);
  const operation = read(given, path);
  if (E.isLeft(operation)) return operation;
  const { at, recordedAt } = operation.right;
  if (recordedAt !== undefined && recordedAt < at)
    return problem(`${path}.recordedAt`, 'is before at', 'nothing is recorded before it happens');
  return operation;
};

const queryFields = {
  at: required(instantText),
  /** What had been recorded by then; default: everything in the scenario. */
  knownAt: optional(instantText),
  what: optional(oneOf('balance', 'lots', 'charges')),
};
export type ScenarioQuery = RecordOf<typeof queryFields>;

const scenarioFields = {
  /** For people; it changes nothing. */
  about: optional(anyText),
  timeZone: optional(timeZoneText),
  /** One shipped rule set for all times, instead of each instant's own. */
  ruleVersion: optional(oneOf(...shippedRuleBook.map(({ version }) => version))),
  tariff: optional(oneOf('per-session', 'assistant-blocks')),
  rules: optional(record(ruleFields)),
  lots: optional(list(record(lotFields))),
  operations: optional(list(readOperation)),
  queries: optional(list(record(queryFields))),
};
export type Scenario = RecordOf<typeof scenarioFields>;

const lotProblem = (lots: readonly ScenarioLot[]): ScenarioProblem | null => {
  const known = new Set<string>();
  let total = 0;
  for (const [index, lot] of lots.entries()) {
    const path = `lots[${index}]`;
    if (known.has(lot.lot))
      return { path: `${path}.lot`, reason: 'is there twice', remedy: 'give each lot its own id' };
    known.add(lot.lot);
    if (lot.expiresAt !== undefined && lot.expiresAt <= lot.effectiveAt)
      return {
        path: `${path}.expiresAt`,
        reason: 'is not after effectiveAt',
        remedy: 'a lot lives in [effectiveAt, expiresAt)',
      };
    if (lot.kind === 'free' && lot.priority !== undefined)
      return {
        path: `${path}.priority`,
        reason: 'does not belong to the free credits of a month',
        remedy: 'leave it out: they have priority 0',
      };
    total += lot.credits;
    if (!Number.isSafeInteger(total))
      return {
        path: `${path}.credits`,
        reason: 'makes the total too large to be counted exactly',
        remedy: `keep the sum of all lots at or below ${Number.MAX_SAFE_INTEGER}`,
      };
  }
  return null;
};

const readScenario = record(scenarioFields);

/** A scenario out of parsed JSON, or the first thing that is wrong with it, with its path. */
export const decodeScenario = (given: unknown): E.Either<ScenarioProblem, Scenario> => {
  const scenario = readScenario(given, '');
  if (E.isLeft(scenario)) return scenario;
  const wrong = lotProblem(scenario.right.lots ?? []);
  return wrong === null ? scenario : E.left(wrong);
};

/** Every operation word, as `op` takes it. */
export const operationNames: readonly string[] = Object.keys(operationFields);
