import { invariant, type Instant } from '../kernel/index.js';
import type { OwnedAccount } from './account.js';
import { startBurning, stopBurning } from './burning.js';
import { giveBackTo, takeFrom, type OwnedLot } from './lot.js';

/** What a lot is besides its life and its credits. */
export type LotOrigin = Pick<OwnedLot, 'kind' | 'priority' | 'orderNumber'>;

export const lotOf = (account: OwnedAccount, lotId: string): OwnedLot => {
  const lot = account.lots.get(lotId);
  invariant(lot !== undefined, 'a credit event names a lot that was granted before');
  return lot;
};

export const openLot = (
  account: OwnedAccount,
  life: Readonly<{ lotId: string; effectiveAt: Instant; expiresAt: Instant; amount: number }>,
  origin: LotOrigin,
): OwnedLot => {
  invariant(!account.lots.has(life.lotId), 'a lot is granted once');
  const lot: OwnedLot = {
    lotId: life.lotId,
    kind: origin.kind,
    priority: origin.priority,
    orderNumber: origin.orderNumber,
    effectiveAt: life.effectiveAt,
    expiresAt: life.expiresAt,
    recorded: account.lots.size,
    granted: life.amount,
    unallocated: life.amount,
    held: 0,
    used: 0,
    lapsed: 0,
    voided: 0,
    closed: null,
    returned: [],
    lastAllocations: [],
  };
  account.lots.set(lot.lotId, lot);
  account.granted += lot.granted;
  if (lot.unallocated > 0) startBurning(account.burning, lot);
  return lot;
};

export const take = (
  account: OwnedAccount,
  lot: OwnedLot,
  taken: Readonly<{ amount: number; at: Instant }>,
): void => {
  takeFrom(lot, taken.amount, taken.at);
  if (lot.unallocated === 0) stopBurning(account.burning, lot);
};

export const giveBack = (
  account: OwnedAccount,
  lot: OwnedLot,
  given: Readonly<{ amount: number; at: Instant }>,
): void => {
  const wasEmpty = lot.unallocated === 0;
  giveBackTo(lot, given.amount, given.at);
  if (wasEmpty) startBurning(account.burning, lot);
};
