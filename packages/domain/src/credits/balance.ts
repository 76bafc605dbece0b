import type { Instant } from '../kernel/index.js';
import type { Charge, CreditAccount } from './account.js';
import type { LotKind } from './burn-order.js';
import { chargeIdOf, partsOfChargeId } from './charge-id.js';
import { isLiveAt, usableAt, type Lot } from './lot.js';

export type LotBalance = Readonly<{
  lotId: string;
  kind: LotKind;
  priority: number;
  effectiveAt: Instant;
  expiresAt: Instant;
  available: number;
  held: number;
}>;

/** Whole credits. `available = free + paid`; held credits stand beside it, not inside it. */
export type Balance = Readonly<{
  available: number;
  free: number;
  paid: number;
  /** Credits inside open holds, also those of lots that have ended since. */
  held: number;
  /** Live lots with anything available or held, in the order in which they pay, fully held ones last. */
  lots: readonly LotBalance[];
  /** First instant at which one of the available credits ends, null where none is available. */
  nextExpiryAt: Instant | null;
}>;

const heldAtOf = (account: CreditAccount, instant: Instant): ReadonlyMap<Lot, number> => {
  const held = new Map<Lot, number>();
  for (const hold of account.openHolds.values()) {
    if (hold.heldAt > instant) continue;
    for (const { lot, amount } of hold.allocations) held.set(lot, (held.get(lot) ?? 0) + amount);
  }
  return held;
};

const burningWith = (account: CreditAccount, held: ReadonlyMap<Lot, number>): readonly Lot[] => {
  const spent = [...held.keys()].filter((lot) => lot.unallocated === 0);
  return [...account.burning, ...spent];
};

/**
 * What could be spent at an instant, with every booking that the account has folded. A lot that has
 * ended by `instant` is worth nothing there, whether or not its lapse was written down. The balance of
 * a past instant *as it then was* needs the history: that is the credit ledger's answer.
 */
export const balanceAt = (account: CreditAccount, instant: Instant): Balance => {
  const held = heldAtOf(account, instant);
  const total = { free: 0, paid: 0, held: 0 };
  const lots: LotBalance[] = [];
  let nextExpiryAt: Instant | null = null;
  for (const amount of held.values()) total.held += amount;
  for (const lot of burningWith(account, held)) {
    const available = usableAt(lot, instant);
    const heldHere = held.get(lot) ?? 0;
    if (!isLiveAt(lot, instant) || available + heldHere === 0) continue;
    const { lotId, kind, priority, effectiveAt, expiresAt } = lot;
    total[kind === 'purchased' ? 'paid' : 'free'] += available;
    lots.push({ lotId, kind, priority, effectiveAt, expiresAt, available, held: heldHere });
    if (available > 0) nextExpiryAt = Math.min(nextExpiryAt ?? expiresAt, expiresAt);
  }
  const { free, paid } = total;
  return { available: free + paid, free, paid, held: total.held, lots, nextExpiryAt };
};

/** The six figures of one lot: `granted = used + lapsed + voided + held + available`, always. */
export type LotFigures = Readonly<{
  lotId: string;
  kind: LotKind;
  granted: number;
  used: number;
  lapsed: number;
  voided: number;
  held: number;
  available: number;
}>;

/** Figures of every lot ever granted, in the order of recording, with lapses by date. */
export const lotFiguresAt = (account: CreditAccount, instant: Instant): readonly LotFigures[] =>
  [...account.lots.values()].map((lot) => {
    const ended = lot.expiresAt <= instant;
    return {
      lotId: lot.lotId,
      kind: lot.kind,
      granted: lot.granted,
      used: lot.used,
      lapsed: lot.lapsed + (ended ? lot.unallocated : 0),
      voided: lot.voided,
      held: lot.held,
      available: ended ? 0 : lot.unallocated,
    };
  });

const amountOf = (charge: Charge): number => {
  if (charge.status !== 'held' && charge.status !== 'captured') return 0;
  let amount = 0;
  for (const allocation of charge.allocations) amount += allocation.amount;
  return amount;
};

/** Credits that the live charges of a session amount to. */
export const chargedCredits = (account: CreditAccount, sessionId: string): number => {
  let charged = 0;
  for (const charge of account.charges.get(sessionId) ?? []) charged += amountOf(charge);
  return charged;
};

/** A charge of a session that is held or captured. */
export type LiveCharge = Readonly<{
  chargeId: string;
  sessionId: string;
  generation: number;
  status: 'held' | 'captured';
  amount: number;
}>;

/** The latest charge of a session that is held or captured: the answer to a repeated hold. */
export const liveCharge = (account: CreditAccount, sessionId: string): LiveCharge | undefined => {
  const charges = account.charges.get(sessionId) ?? [];
  for (let generation = charges.length - 1; generation >= 0; generation -= 1) {
    const charge = charges[generation];
    if (charge?.status === 'held' || charge?.status === 'captured') {
      const chargeId = chargeIdOf(sessionId, generation);
      const amount = amountOf(charge);
      return { chargeId, sessionId, generation, status: charge.status, amount };
    }
  }
  return undefined;
};

/** The charge of an id, open or settled. */
export const chargeOf = (account: CreditAccount, chargeId: string): Charge | undefined => {
  const open = account.openHolds.get(chargeId);
  if (open !== undefined) return open;
  const parts = partsOfChargeId(chargeId);
  return parts && account.charges.get(parts.sessionId)?.[parts.generation];
};
