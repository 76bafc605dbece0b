import {
  creditAccountUnder,
  liveCharge,
  type CreditAccount,
  type CreditCommand,
  type CreditRefusal,
  type LotAmount,
} from '@daybook/domain/credits';
import { invariant, type Instant } from '@daybook/domain/kernel';
import type { RuleSet } from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';
import { sweepQueries, type QueryAnswer, type QuerySweep } from './answers.js';
import { commandsFor, type CommandGiven } from './commands.js';
import { chargeFactsOf, fold, type ChargeFacts } from './history.js';
import { openingEvents } from './opening.js';
import { ruleBookOf } from './rule-change.js';
import type { Operation, Scenario } from './scenario.js';

/** What is left in a lot that an operation touched. */
export type LotLeft = Readonly<{ lotId: string; available: number; held: number }>;

export type OperationAnswer = Readonly<{
  /** Place in the scenario's list. */
  index: number;
  op: Operation['op'];
  at: Instant;
  recordedAt: Instant;
  /** `unchanged`: the account had nothing to do, as for a repeated command. */
  outcome: 'done' | 'unchanged' | 'refused';
  chargeId: string | null;
  /** What each lot gave to a new charge, first payer first. */
  allocations: readonly LotAmount[];
  /** Every lot that the operation touched, as it is afterwards. */
  lots: readonly LotLeft[];
  refusal: CreditRefusal | null;
}>;

export type WhatIf = Readonly<{
  timeZone: string;
  /** The rules that decided, oldest first. */
  rules: readonly RuleSet[];
  /** In the order of recording, which is the order in which they were decided. */
  operations: readonly OperationAnswer[];
  /** In the scenario's order. */
  queries: readonly QueryAnswer[];
}>;

type Recorded = Readonly<{ index: number; operation: Operation; recordedAt: Instant }>;

const inOrderOfRecording = (operations: readonly Operation[]): readonly Recorded[] =>
  operations
    .map((operation, index) => {
      const recordedAt = operation.recordedAt ?? operation.at;
      return { index, operation, recordedAt };
    })
    .sort((a, b) => a.recordedAt - b.recordedAt);

type Run = Readonly<{
  decide: ReturnType<typeof creditAccountUnder>['decide'];
  sweep: QuerySweep;
  facts: Map<string, ChargeFacts>;
  /** Some query lists charges, so what each was taken from is kept. */
  keepsFacts: boolean;
}>;

/** What an operation has done so far; a use is a hold and its capture. */
type Done = {
  account: CreditAccount;
  refusal: CreditRefusal | null;
  chargeId: string | null;
  allocations: readonly LotAmount[];
  readonly touched: Set<string>;
  events: number;
  readonly recordedAt: Instant;
};

const perform = (run: Run, done: Done, command: CreditCommand): void => {
  const decided = run.decide(command, done.account);
  if (E.isLeft(decided)) {
    done.refusal = decided.left;
    return;
  }
  for (const event of decided.right) {
    const { account, entry } = fold(done.account, event, done.recordedAt);
    done.account = account;
    done.events += 1;
    run.sweep.note(entry);
    for (const { lot } of entry.changes) done.touched.add(lot.lotId);
    done.chargeId = entry.charge?.chargeId ?? done.chargeId;
    const facts = chargeFactsOf(event);
    if (facts === null) continue;
    if (run.keepsFacts) run.facts.set(facts.chargeId, facts);
    done.allocations = facts.allocations;
  }
};

/** A use succeeds at once: every hold of the session that is open is captured with it. */
const captureUse = (run: Run, done: Done, { operation }: Recorded): void => {
  if (operation.op !== 'use' || done.refusal !== null) return;
  const { session, at: capturedAt } = operation;
  const live = liveCharge(done.account, session);
  if (live?.status !== 'held') return;
  const { chargeId } = live;
  perform(run, done, { type: 'CaptureHold', chargeId, capturedAt });
};

const leftIn = (account: CreditAccount, touched: ReadonlySet<string>): readonly LotLeft[] =>
  [...touched].map((lotId) => {
    const lot = account.lots.get(lotId);
    invariant(lot !== undefined, 'an operation touches lots that there are');
    return { lotId, available: lot.unallocated, held: lot.held };
  });

const runOne = (
  run: Run,
  given: CommandGiven,
  recorded: Recorded,
): Readonly<{ account: CreditAccount; answer: OperationAnswer }> => {
  const { index, operation, recordedAt } = recorded;
  const done: Done = {
    account: given.account,
    refusal: null,
    chargeId: null,
    allocations: [],
    touched: new Set(),
    events: 0,
    recordedAt,
  };
  for (const command of commandsFor(given, operation)) perform(run, done, command);
  captureUse(run, done, recorded);
  const { account, refusal, chargeId, allocations, touched, events } = done;
  const changed = events > 0 ? 'done' : 'unchanged';
  const outcome = refusal === null ? changed : 'refused';
  const { op, at } = operation;
  const lots = leftIn(account, touched);
  return {
    account,
    answer: { index, op, at, recordedAt, outcome, chargeId, allocations, lots, refusal },
  };
};

/** The lots that a scenario begins with are known from the beginning. */
const BEGINNING = 0;

const decidingRules = (scenario: Scenario) => ({
  timeZone: scenario.timeZone ?? 'UTC',
  rules: ruleBookOf(scenario),
});

export type ScenarioListener = Readonly<{
  /** Before the first operation. */
  onRules: (decided: Pick<WhatIf, 'timeZone' | 'rules'>) => void;
  /** Each operation as it is decided. */
  onOperation: (answer: OperationAnswer) => void;
}>;

/**
 * Runs a scenario through the credit account in memory and tells the operations one by one, so that
 * they need not be kept: memory grows with lots and charges alone. Nothing is read or written. Decisions
 * are made in the order of recording by the same `decide` as every booked one, under the scenario's rules.
 */
export const tellScenario = (
  scenario: Scenario,
  listener: ScenarioListener,
): readonly QueryAnswer[] => {
  const { lots = [], operations = [], queries = [] } = scenario;
  const { timeZone, rules: ruleBook } = decidingRules(scenario);
  listener.onRules({ timeZone, rules: ruleBook });
  const decider = creditAccountUnder(ruleBook);
  const run: Run = {
    decide: decider.decide,
    sweep: sweepQueries(queries),
    facts: new Map(),
    keepsFacts: queries.some(({ what }) => what === 'charges'),
  };
  let account = decider.initialState();
  for (const event of openingEvents(lots, { timeZone, ruleBook })) {
    const folded = fold(account, event, BEGINNING);
    account = folded.account;
    run.sweep.note(folded.entry);
  }
  for (const recorded of inOrderOfRecording(operations)) {
    const { account: after, answer } = runOne(run, { account, ruleBook, timeZone }, recorded);
    account = after;
    listener.onOperation(answer);
  }
  return run.sweep.answers(run.facts);
};

/** The same with everything in one answer. */
export const runScenario = (scenario: Scenario): WhatIf => {
  const operations: OperationAnswer[] = [];
  const queries = tellScenario(scenario, {
    onRules: () => undefined,
    onOperation: (answer) => void operations.push(answer),
  });
  return { ...decidingRules(scenario), operations, queries };
};
