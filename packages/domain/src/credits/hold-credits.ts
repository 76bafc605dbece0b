import * as E from 'fp-ts/lib/Either.js';
import { invariant } from '../kernel/index.js';
import { rulesAt, type RuleBook } from '../rules/index.js';
import type { CreditAccount } from './account.js';
import { allocate } from './allocate.js';
import { chargedCredits } from './balance.js';
import { chargeIdOf } from './charge-id.js';
import type { HoldCredits, InsufficientCredits } from './commands.js';
import type { CreditEvent } from './events.js';
import { lastLapseBy, nextLapseAfter } from './lot-ends.js';
import { chargeAmount } from './tariff.js';

const firstUse = { summaries: 1, assistantMessages: 0 };

/**
 * Sets credits aside for a session at its first AI use (rulebook §5). A session whose live charges
 * cover what it owes gets nothing new: ask `liveCharge` for the charge that pays. After a released or
 * reversed charge the session is charged again, under the next generation. A use that is reported late
 * is paid by lots that lived at its instant, with what no booked charge has taken.
 */
export const holdCredits =
  (ruleBook: RuleBook) =>
  (
    command: HoldCredits,
    account: CreditAccount,
  ): E.Either<InsufficientCredits, readonly CreditEvent[]> => {
    const { sessionId, heldAt } = command;
    const rules = rulesAt(ruleBook, heldAt);
    const owed = command.amount ?? chargeAmount(rules, firstUse);
    invariant(Number.isSafeInteger(owed) && owed > 0, 'a session owes whole credits');
    const needed = owed - chargedCredits(account, sessionId);
    if (needed <= 0) return E.right([]);
    const { allocations, available } = allocate(account.burning, needed, heldAt);
    if (available < needed) {
      return E.left({
        _tag: 'InsufficientCredits',
        sessionId,
        needed,
        available,
        missing: needed - available,
        held: account.held,
        lastLapse: lastLapseBy(account, heldAt),
        nextLapse: nextLapseAfter(account, heldAt),
      });
    }
    const generation = account.charges.get(sessionId)?.length ?? 0;
    return E.right([
      {
        type: 'CreditsHeld',
        data: {
          chargeId: chargeIdOf(sessionId, generation),
          sessionId,
          generation,
          amount: needed,
          allocations: [...allocations],
          heldAt,
          timesOutAt: heldAt + rules.holdTimeoutMs,
          tariff: rules.tariff,
        },
      },
    ]);
  };
