import * as E from 'fp-ts/lib/Either.js';
import type { CreditAccount } from './account.js';
import { compareBurnOrder } from './burn-order.js';
import type { RecordLapses } from './commands.js';
import type { CreditEvent } from './events.js';

/**
 * Writes lapses down for subscribers, once per credit and dated at the lot's end. Every balance is
 * right without it. Held credits have not lapsed: they do when their hold is released. A use that is
 * reported after its lot's lapse was written finds nothing left there: what was booked does not move.
 */
export const recordLapses = (
  command: RecordLapses,
  account: CreditAccount,
): E.Either<never, readonly CreditEvent[]> =>
  E.right(
    account.burning
      .filter((lot) => lot.expiresAt <= command.now)
      .sort((a, b) => a.expiresAt - b.expiresAt || compareBurnOrder(a, b))
      .map(({ lotId, unallocated, expiresAt }) => ({
        type: 'CreditsLapsed',
        data: { lotId, amount: unallocated, lapsedAt: expiresAt, origin: null },
      })),
  );
