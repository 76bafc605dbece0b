import { invariant, type Instant } from '../kernel/index.js';
import type { VoidReason } from './events.js';
import type { BurnRank } from './burn-order.js';

/** Credits that a settled charge gave back: they pay for uses from `since` on, not for earlier ones. */
export type Returned = Readonly<{ since: Instant; amount: number }>;

/**
 * Why a lot gives nothing any more. A refund and a dispute of one purchase are one closing: the second
 * finds the lot closed, so nothing is clawed back twice.
 */
export type Closed = Readonly<
  | { by: 'refund'; at: Instant }
  | { by: 'void'; at: Instant; voidId: string; reason: VoidReason; author: string }
>;

/** One credit amount of one lot, set aside or used by a charge. */
export type Allocation = Readonly<{ lot: Lot; amount: number }>;

/**
 * One grant or purchase with its own life `[effectiveAt, expiresAt)`. Every credit is in exactly one
 * of the five figures, so `granted = used + lapsed + voided + held + unallocated` at every step.
 * `lapsed` counts only what a `CreditsLapsed` wrote down; a lot that has ended is worth nothing by its
 * date, whatever `unallocated` still says.
 */
export type OwnedLot = BurnRank & {
  /** Order number of a purchase; null for free credits. */
  readonly orderNumber: string | null;
  readonly granted: number;
  unallocated: number;
  held: number;
  used: number;
  lapsed: number;
  voided: number;
  /** Refunded or voided, null if neither: what comes back afterwards is voided at once. */
  closed: Closed | null;
  /** The part of `unallocated` that came back, oldest first; usually empty. */
  returned: Returned[];
  /** Nearly every charge takes the same amount from one lot, so they share one list. */
  lastAllocations: readonly Allocation[];
};

export type Lot = Readonly<Omit<OwnedLot, 'returned'> & { returned: readonly Returned[] }>;

export const isLiveAt = (
  lot: Readonly<{ effectiveAt: Instant; expiresAt: Instant }>,
  instant: Instant,
): boolean => lot.effectiveAt <= instant && instant < lot.expiresAt;

/** Unallocated credits that were not inside another charge at `instant`, whether the lot lives or not. */
export const unallocatedSince = (lot: Lot, instant: Instant): number => {
  let amount = lot.unallocated;
  for (const returned of lot.returned) {
    if (returned.since > instant) amount -= returned.amount;
  }
  return amount;
};

/** Credits of the lot that can pay for a use at `instant`. */
export const usableAt = (lot: Lot, instant: Instant): number =>
  isLiveAt(lot, instant) ? unallocatedSince(lot, instant) : 0;

/**
 * Takes credits out of a lot for something that happened at `instant`. The latest that came back go
 * first, so that those free since longer stay for a use that is reported late.
 */
export const takeFrom = (lot: OwnedLot, amount: number, instant: Instant): void => {
  invariant(amount <= lot.unallocated, 'a lot never gives more than it has');
  lot.unallocated -= amount;
  if (lot.returned.length === 0) return;
  if (lot.unallocated === 0) {
    lot.returned = [];
    return;
  }
  const kept: Returned[] = [];
  let open = amount;
  for (const returned of lot.returned.toReversed()) {
    const taken = returned.since <= instant ? Math.min(open, returned.amount) : 0;
    open -= taken;
    if (returned.amount > taken) {
      kept.push({ since: returned.since, amount: returned.amount - taken });
    }
  }
  lot.returned = kept.reverse();
};

/** Puts credits back into their lot, free again from `since` on. */
export const giveBackTo = (lot: OwnedLot, amount: number, since: Instant): void => {
  lot.unallocated += amount;
  const after = lot.returned.findIndex((returned) => returned.since > since);
  lot.returned.splice(after < 0 ? lot.returned.length : after, 0, { since, amount });
};

/** What a closing voids: what is free at its instant, and what came back later, each where it did. */
export const voidableFrom = (lot: Lot, at: Instant): readonly Returned[] => {
  if (lot.expiresAt <= at) return [{ since: at, amount: 0 }];
  const later = lot.returned.filter(({ since }) => since > at);
  return [{ since: at, amount: unallocatedSince(lot, at) }, ...later];
};
