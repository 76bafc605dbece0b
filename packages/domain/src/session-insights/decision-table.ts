import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { decodeWith, invariant, Word } from '../kernel/index.js';
import table from './decision-table.json' with { type: 'json' };
import { Basis, FailingReason } from './events.js';

const Fact = Word(
  'aiActivated',
  'planCovered',
  'platformSupported',
  'optionOn',
  'signedIn',
  'logsSessions',
  'quickSupportExcluded',
  'accessControl',
  'attended',
  'consent',
  'deviceManaged',
  'policyApplied',
  'reportingOn',
  'insightsOn',
  'switchedOffLocally',
);
/** Values by the name of a fact; they hold together where each fact has one of its values. */
const Conditions = t.record(t.string, t.readonlyArray(t.union([t.boolean, t.string])));

const rule = {
  reason: FailingReason,
  /** Of the rulebook: where the rule stands in the chain, and where its fact is described. */
  section: t.string,
  factSection: t.string,
  /** The streams, by category, and the dated rule data that the fact is made of. */
  readFrom: t.readonlyArray(Word('company', 'user', 'device', 'session', 'credits', 'rules')),
  question: t.string,
  /** What is so where the rule does not fail. */
  holds: t.string,
};
/** The field of the rule set that decides, where one does: its version is the rule's version. */
const dated = t.partial({
  ruleData: Word('plansCovered', 'platforms', 'quickSupportCovered', 'promptTimeoutMs', 'tariff'),
});

const Rule = t.intersection([t.strict({ ...rule, fact: Fact, fails: Conditions }), dated]);
const PathTable = t.strict({
  /** In the order of the chain: the first that fails is the reason. */
  rules: t.readonlyArray(Rule),
  /** The basis of a path on which no rule fails; `ask`: the remote side has to be asked. */
  bases: t.readonlyArray(
    t.strict({
      basis: t.union([Basis, t.literal('ask')]),
      section: t.string,
      when: Conditions,
    }),
  ),
});
const DecisionTable = t.strict({
  outgoing: PathTable,
  incoming: PathTable,
  /** Looked at when AI is first used, not when the session starts. */
  aiUse: t.readonlyArray(
    t.intersection([t.strict({ ...rule, fact: t.literal('credits') }), dated]),
  ),
  /** Which basis wins where there are several. */
  basisOrder: t.readonlyArray(Basis),
});

export type DecisionRule = t.TypeOf<typeof Rule>;
export type DecisionTable = t.TypeOf<typeof DecisionTable>;

const read = (): DecisionTable => {
  const decoded = decodeWith(DecisionTable, table);
  invariant(E.isRight(decoded), 'decision-table.json has the shape of a decision table');
  return decoded.right;
};

/**
 * Rulebook §3 as data, in `decision-table.json`: for words (`explain`), and as the second statement
 * that `eligibility.ts` is compared with. It decides nothing.
 */
export const decisionTable = read();
