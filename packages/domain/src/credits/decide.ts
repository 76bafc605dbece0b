import type * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../kernel/index.js';
import { ruleBook as shippedRuleBook, type RuleBook } from '../rules/index.js';
import { emptyAccount, type CreditAccount } from './account.js';
import type { CreditCommand, CreditRefusal } from './commands.js';
import type { CreditEvent } from './events.js';
import { evolve } from './evolve.js';
import { grantMonthlyCredits, raiseMonthlyGrant } from './grant-monthly-credits.js';
import { holdCredits } from './hold-credits.js';
import { purchaseCredits, refundPurchase } from './purchase-credits.js';
import { recordLapses } from './record-lapses.js';
import { captureHold, releaseHold, reverseCharge, timeOutHolds } from './settle-hold.js';

type CreditDecision = E.Either<CreditRefusal, readonly CreditEvent[]>;

const decideWith = (
  ruleBook: RuleBook,
): ((command: CreditCommand, account: CreditAccount) => CreditDecision) => {
  const grant = grantMonthlyCredits(ruleBook);
  const raise = raiseMonthlyGrant(ruleBook);
  const purchase = purchaseCredits(ruleBook);
  const hold = holdCredits(ruleBook);
  return (command, account) => {
    switch (command.type) {
      case 'GrantMonthlyCredits':
        return grant(command, account);
      case 'RaiseMonthlyGrant':
        return raise(command, account);
      case 'PurchaseCredits':
        return purchase(command, account);
      case 'RefundPurchase':
        return refundPurchase(command, account);
      case 'HoldCredits':
        return hold(command, account);
      case 'CaptureHold':
        return captureHold(command, account);
      case 'ReleaseHold':
        return releaseHold(command, account);
      case 'TimeOutHolds':
        return timeOutHolds(command, account);
      case 'ReverseCharge':
        return reverseCharge(command, account);
      case 'RecordLapses':
        return recordLapses(command, account);
    }
  };
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
