import * as E from 'fp-ts/lib/Either.js';
import { monthAfter, monthBounds } from '../kernel/index.js';
import type { CreditAccount } from './account.js';
import type { IssueStatement, MonthNotOver, StatementOutOfOrder } from './commands.js';
import type { CreditEvent } from './events.js';

/**
 * Closes a month (rulebook §5, two time axes): once, when it is over, one month after the other, so that
 * a correction always has one month to appear in. The first month may be any: it closes all before it,
 * which are in what it opens with. A month that was issued stays as it was issued, whatever is offered.
 */
export const issueStatement = (
  { type: _type, ...data }: IssueStatement,
  account: CreditAccount,
): E.Either<MonthNotOver | StatementOutOfOrder, readonly CreditEvent[]> => {
  const { month, timeZone, issuedAt } = data;
  if (account.statements.has(month)) return E.right([]);
  const endsAt = monthBounds(month, timeZone).end;
  if (issuedAt < endsAt) return E.left({ _tag: 'MonthNotOver', month, endsAt });
  const last = [...account.statements.keys()].at(-1);
  const expected = last === undefined ? month : monthAfter(last);
  if (month !== expected) return E.left({ _tag: 'StatementOutOfOrder', month, expected });
  return E.right([{ type: 'StatementIssued', data }]);
};
