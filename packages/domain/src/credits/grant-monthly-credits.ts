import * as E from 'fp-ts/lib/Either.js';
import { invariant, monthBounds, monthOf } from '../kernel/index.js';
import { rulesAt, type RuleBook } from '../rules/index.js';
import type { CreditAccount } from './account.js';
import type { GrantMonthlyCredits, MonthNotGranted, RaiseMonthlyGrant } from './commands.js';
import type { CreditEvent } from './events.js';

/**
 * Free credits of a month (rulebook §5): exactly once per month, whoever asks; the amount is that of
 * the rules in force where the lot's life begins; a plan without free credits is recorded with 0, so
 * that the month is not missing. They lapse at the next month's first instant.
 */
export const grantMonthlyCredits =
  (ruleBook: RuleBook) =>
  (
    command: GrantMonthlyCredits,
    account: CreditAccount,
  ): E.Either<never, readonly CreditEvent[]> => {
    const { plan, timeZone, instant } = command;
    const month = monthOf(instant, timeZone);
    if (account.months.has(month)) return E.right([]);
    const { start, end } = monthBounds(month, timeZone);
    const effectiveAt = command.effectiveAt ?? start;
    invariant(start <= effectiveAt && effectiveAt < end, 'a monthly lot begins inside its month');
    const amount = rulesAt(ruleBook, effectiveAt).monthlyCredits[plan] ?? 0;
    const lotId = `free:${month}`;
    return E.right([
      {
        type: 'MonthlyCreditsGranted',
        data: { lotId, month, plan, amount, effectiveAt, expiresAt: end },
      },
    ]);
  };

/**
 * An upgrade adds what the new plan's month is worth beyond what the month was given already, so going
 * down and up again never pays twice; a downgrade takes nothing back (rulebook §5).
 */
export const raiseMonthlyGrant =
  (ruleBook: RuleBook) =>
  (
    command: RaiseMonthlyGrant,
    account: CreditAccount,
  ): E.Either<MonthNotGranted, readonly CreditEvent[]> => {
    const { fromPlan, toPlan, timeZone, raisedAt } = command;
    const month = monthOf(raisedAt, timeZone);
    const granted = account.months.get(month);
    if (granted === undefined) return E.left({ _tag: 'MonthNotGranted', month });
    const due = rulesAt(ruleBook, raisedAt).monthlyCredits[toPlan] ?? 0;
    const amount = due - granted.total;
    if (amount <= 0) return E.right([]);
    const expiresAt = monthBounds(month, timeZone).end;
    const life = { lotId: `free:${month}:${granted.grants}`, effectiveAt: raisedAt, expiresAt };
    return E.right([
      { type: 'MonthlyGrantRaised', data: { ...life, month, fromPlan, toPlan, amount } },
    ]);
  };
