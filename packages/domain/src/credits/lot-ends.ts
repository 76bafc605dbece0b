import type { Instant } from '../kernel/index.js';
import type { CreditAccount } from './account.js';
import type { LotEnd } from './commands.js';
import { unallocatedSince, usableAt } from './lot.js';

/** The lot that ended last by `instant` with credits unused, whether or not its lapse was written down. */
export const lastLapseBy = (account: CreditAccount, instant: Instant): LotEnd | null => {
  let last: LotEnd | null = null;
  for (const lot of account.lots.values()) {
    const { lotId, expiresAt: endsAt } = lot;
    if (endsAt > instant || (last !== null && last.endsAt >= endsAt)) continue;
    const amount = lot.lapsed + unallocatedSince(lot, instant);
    if (amount > 0) last = { lotId, amount, endsAt };
  }
  return last;
};

/** The first of the lots that could pay at `instant` to end. */
export const nextLapseAfter = (account: CreditAccount, instant: Instant): LotEnd | null => {
  let next: LotEnd | null = null;
  for (const lot of account.burning) {
    const { lotId, expiresAt: endsAt } = lot;
    const amount = usableAt(lot, instant);
    if (amount > 0 && (next === null || endsAt < next.endsAt)) next = { lotId, amount, endsAt };
  }
  return next;
};
