import type * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../kernel/index.js';
import { ruleBook as shippedRuleBook, type RuleBook } from '../rules/index.js';
import { emptyAccount, type CreditAccount } from './account.js';
import { addCredits, deductCredits, grantPromotion, voidLot } from './by-hand.js';
import type { CreditCommand, CreditRefusal } from './commands.js';
import type { CreditEvent } from './events.js';
import { evolve } from './evolve.js';
import { grantMonthlyCredits, raiseMonthlyGrant } from './grant-monthly-credits.js';
import { holdCredits } from './hold-credits.js';
import { issueStatement } from './issue-statement.js';
import { purchaseCredits, refundPurchase } from './purchase-credits.js';
import { raiseAlerts } from './raise-alerts.js';
import { recordLapses } from './record-lapses.js';
import { captureHold, releaseHold, reverseCharge, timeOutHolds } from './settle-hold.js';

type CreditDecision = E.Either<CreditRefusal, readonly CreditEvent[]>;

type CommandOf = { readonly [Command in CreditCommand as Command['type']]: Command };
type Decisions = {
  readonly [Type in keyof CommandOf]: (
    command: CommandOf[Type],
    account: CreditAccount,
  ) => CreditDecision;
};

const decisionsUnder = (ruleBook: RuleBook): Decisions => ({
  GrantMonthlyCredits: grantMonthlyCredits(ruleBook),
  RaiseMonthlyGrant: raiseMonthlyGrant(ruleBook),
  PurchaseCredits: purchaseCredits(ruleBook),
  RefundPurchase: refundPurchase,
  HoldCredits: holdCredits(ruleBook),
  CaptureHold: captureHold,
  ReleaseHold: releaseHold,
  TimeOutHolds: timeOutHolds,
  ReverseCharge: reverseCharge,
  RecordLapses: recordLapses,
  GrantPromotion: grantPromotion,
  AddCredits: addCredits,
  DeductCredits: deductCredits,
  VoidLot: voidLot,
  IssueStatement: issueStatement,
  RaiseAlerts: raiseAlerts(ruleBook),
});

const decideBy =
  (decisions: Decisions) =>
  <Type extends keyof CommandOf>(
    command: Readonly<{ type: Type }> & CommandOf[Type],
    account: CreditAccount,
  ): CreditDecision =>
    decisions[command.type](command, account);

const decideWith = (
  ruleBook: RuleBook,
): ((command: CreditCommand, account: CreditAccount) => CreditDecision) => {
  const decide = decideBy(decisionsUnder(ruleBook));
  return (command, account) => decide(command, account);
};

/** The credit account under a rule book of dated versions; every decision uses the version of its instant. */
export const creditAccountUnder = (
  ruleBook: RuleBook,
): Decider<CreditAccount, CreditCommand, CreditEvent, CreditRefusal> => ({
  initialState: emptyAccount,
  evolve,
  decide: decideWith(ruleBook),
});

/** The credit account under the rule book that ships with Daybook. `evolve` consumes its input. */
export const creditAccount = creditAccountUnder(shippedRuleBook);
