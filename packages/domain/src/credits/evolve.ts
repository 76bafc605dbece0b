import { assertNever, invariant, type Instant } from '../kernel/index.js';
import type { Charge, CreditAccount, OpenHold, OwnedAccount } from './account.js';
import { startBurning, stopBurning } from './burning.js';
import { partsOfChargeId } from './charge-id.js';
import type { CreditEvent, LotAmount } from './events.js';
import { giveBackTo, takeFrom, type Allocation, type OwnedLot } from './lot.js';

type DataOf<Type extends CreditEvent['type']> = Extract<CreditEvent, { type: Type }>['data'];
type LotOrigin = Pick<OwnedLot, 'kind' | 'priority' | 'orderNumber'>;

const released: Charge = { status: 'released' };
const reversed: Charge = { status: 'reversed' };
const freeOrigin: LotOrigin = { kind: 'free', priority: 0, orderNumber: null };

const lotOf = (account: OwnedAccount, lotId: string): OwnedLot => {
  const lot = account.lots.get(lotId);
  invariant(lot !== undefined, 'a credit event names a lot that was granted before');
  return lot;
};

const holdOf = (account: OwnedAccount, chargeId: string): OpenHold => {
  const hold = account.openHolds.get(chargeId);
  invariant(hold !== undefined, 'a hold settles exactly once');
  return hold;
};

const openLot = (
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
    refundedAt: null,
    returned: [],
    lastAllocations: [],
  };
  account.lots.set(lot.lotId, lot);
  account.granted += lot.granted;
  if (lot.unallocated > 0) startBurning(account.burning, lot);
  return lot;
};

const take = (
  account: OwnedAccount,
  lot: OwnedLot,
  taken: Readonly<{ amount: number; at: Instant }>,
): void => {
  takeFrom(lot, taken.amount, taken.at);
  if (lot.unallocated === 0) stopBurning(account.burning, lot);
};

const giveBack = (
  account: OwnedAccount,
  lot: OwnedLot,
  given: Readonly<{ amount: number; at: Instant }>,
): void => {
  const wasEmpty = lot.unallocated === 0;
  giveBackTo(lot, given.amount, given.at);
  if (wasEmpty) startBurning(account.burning, lot);
};

const allocationsOf = (
  account: OwnedAccount,
  amounts: readonly LotAmount[],
): readonly Allocation[] => {
  const [first] = amounts;
  invariant(first !== undefined, 'a hold takes from at least one lot');
  if (amounts.length > 1) {
    return amounts.map(({ lotId, amount }) => ({ lot: lotOf(account, lotId), amount }));
  }
  const lot = lotOf(account, first.lotId);
  if (lot.lastAllocations[0]?.amount !== first.amount) {
    lot.lastAllocations = [{ lot, amount: first.amount }];
  }
  return lot.lastAllocations;
};

const hold = (account: OwnedAccount, data: DataOf<'CreditsHeld'>): void => {
  const { chargeId, sessionId, generation, amount, heldAt, timesOutAt } = data;
  const allocations = allocationsOf(account, data.allocations);
  for (const taken of data.allocations) {
    const lot = lotOf(account, taken.lotId);
    take(account, lot, { amount: taken.amount, at: heldAt });
    lot.held += taken.amount;
  }
  account.held += amount;
  const open: OpenHold = {
    status: 'held',
    chargeId,
    sessionId,
    generation,
    amount,
    allocations,
    heldAt,
    timesOutAt,
  };
  account.openHolds.set(chargeId, open);
  const charges = account.charges.get(sessionId);
  invariant(generation === (charges?.length ?? 0), 'generations of a session follow each other');
  if (charges === undefined) account.charges.set(sessionId, [open]);
  else charges.push(open);
};

const settle = (account: OwnedAccount, open: OpenHold, settled: Charge): void => {
  account.openHolds.delete(open.chargeId);
  account.held -= open.amount;
  const charges = account.charges.get(open.sessionId);
  invariant(charges !== undefined, 'a hold belongs to a session');
  charges[open.generation] = settled;
};

const capture = (account: OwnedAccount, data: DataOf<'HoldCaptured'>): void => {
  const open = holdOf(account, data.chargeId);
  const { allocations } = open;
  for (const { lot, amount } of allocations) {
    const owned = lotOf(account, lot.lotId);
    owned.held -= amount;
    owned.used += amount;
  }
  settle(account, open, { status: 'captured', allocations, capturedAt: data.capturedAt });
};

const release = (account: OwnedAccount, data: DataOf<'HoldReleased'>): void => {
  const open = holdOf(account, data.chargeId);
  for (const amounts of [data.returned, data.lapsed]) {
    for (const { lotId, amount } of amounts) {
      const lot = lotOf(account, lotId);
      lot.held -= amount;
      giveBack(account, lot, { amount, at: data.releasedAt });
    }
  }
  settle(account, open, released);
};

const reverse = (account: OwnedAccount, data: DataOf<'ChargeReversed'>): void => {
  for (const amounts of [data.returned, data.lapsed]) {
    for (const { lotId, amount } of amounts) {
      const lot = lotOf(account, lotId);
      lot.used -= amount;
      giveBack(account, lot, { amount, at: data.reversedAt });
    }
  }
  const generation = partsOfChargeId(data.chargeId)?.generation ?? -1;
  const charges = account.charges.get(data.sessionId);
  invariant(charges?.[generation]?.status === 'captured', 'only a captured charge is reversed');
  charges[generation] = reversed;
};

const grantMonth = (account: OwnedAccount, data: DataOf<'MonthlyCreditsGranted'>): void => {
  invariant(!account.months.has(data.month), 'a month is granted once');
  openLot(account, data, freeOrigin);
  account.months.set(data.month, { total: data.amount, grants: 1 });
};

const raiseMonth = (account: OwnedAccount, data: DataOf<'MonthlyGrantRaised'>): void => {
  const month = account.months.get(data.month);
  invariant(month !== undefined, 'only a granted month is raised');
  openLot(account, data, freeOrigin);
  account.months.set(data.month, { total: month.total + data.amount, grants: month.grants + 1 });
};

const purchase = (account: OwnedAccount, data: DataOf<'CreditsPurchased'>): void => {
  const { orderNumber, priority, purchasedAt } = data;
  const lot = openLot(account, data, { kind: 'purchased', priority, orderNumber });
  account.orders.set(orderNumber, { lot, purchasedAt });
};

const refund = (account: OwnedAccount, data: DataOf<'PurchaseRefunded'>): void => {
  const lot = lotOf(account, data.lotId);
  take(account, lot, { amount: data.voided, at: data.refundedAt });
  lot.voided += data.voided;
  lot.refundedAt ??= data.refundedAt;
};

const lapse = (account: OwnedAccount, data: DataOf<'CreditsLapsed'>): void => {
  const lot = lotOf(account, data.lotId);
  take(account, lot, { amount: data.amount, at: data.lapsedAt });
  lot.lapsed += data.amount;
};

const apply = (account: OwnedAccount, event: CreditEvent): void => {
  switch (event.type) {
    case 'MonthlyCreditsGranted':
      return grantMonth(account, event.data);
    case 'MonthlyGrantRaised':
      return raiseMonth(account, event.data);
    case 'CreditsPurchased':
      return purchase(account, event.data);
    case 'PurchaseRefunded':
      return refund(account, event.data);
    case 'CreditsHeld':
      return hold(account, event.data);
    case 'HoldCaptured':
      return capture(account, event.data);
    case 'HoldReleased':
      return release(account, event.data);
    case 'ChargeReversed':
      return reverse(account, event.data);
    case 'CreditsLapsed':
      return lapse(account, event.data);
    default:
      return assertNever(event);
  }
};

/**
 * Folds one event into the account and returns it. The account passed in is consumed: it is changed
 * in place, because a copy of the lots per event would make a fold of a million events quadratic.
 * Whoever must keep an earlier state takes a `snapshotOf` it first.
 */
export const evolve = (account: CreditAccount, event: CreditEvent): CreditAccount => {
  const owned = account as OwnedAccount;
  apply(owned, event);
  return owned;
};
