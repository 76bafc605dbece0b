import { invariant } from '../kernel/index.js';
import type { Charge, CreditAccount, OpenHold, OwnedAccount } from './account.js';
import { partsOfChargeId } from './charge-id.js';
import type { CreditEvent, CreditEventData, LotAmount } from './events.js';
import { giveBack, lotOf, openLot, take, type LotOrigin } from './lot-book.js';
import type { Allocation } from './lot.js';

const released: Charge = { status: 'released' };
const reversed: Charge = { status: 'reversed' };
const freeOrigin: LotOrigin = { kind: 'free', priority: 0, orderNumber: null };

const holdOf = (account: OwnedAccount, chargeId: string): OpenHold => {
  const hold = account.openHolds.get(chargeId);
  invariant(hold !== undefined, 'a hold settles exactly once');
  return hold;
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

const hold = (account: OwnedAccount, data: CreditEventData['CreditsHeld']): void => {
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

const capture = (account: OwnedAccount, data: CreditEventData['HoldCaptured']): void => {
  const open = holdOf(account, data.chargeId);
  const { allocations } = open;
  for (const { lot, amount } of allocations) {
    const owned = lotOf(account, lot.lotId);
    owned.held -= amount;
    owned.used += amount;
    account.used += amount;
  }
  settle(account, open, { status: 'captured', allocations, capturedAt: data.capturedAt });
};

const release = (account: OwnedAccount, data: CreditEventData['HoldReleased']): void => {
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

const reverse = (account: OwnedAccount, data: CreditEventData['ChargeReversed']): void => {
  for (const amounts of [data.returned, data.lapsed]) {
    for (const { lotId, amount } of amounts) {
      const lot = lotOf(account, lotId);
      lot.used -= amount;
      account.used -= amount;
      giveBack(account, lot, { amount, at: data.reversedAt });
    }
  }
  const generation = partsOfChargeId(data.chargeId)?.generation ?? -1;
  const charges = account.charges.get(data.sessionId);
  invariant(charges?.[generation]?.status === 'captured', 'only a captured charge is reversed');
  charges[generation] = reversed;
};

const grantMonth = (
  account: OwnedAccount,
  data: CreditEventData['MonthlyCreditsGranted'],
): void => {
  invariant(!account.months.has(data.month), 'a month is granted once');
  openLot(account, data, freeOrigin);
  const spentBefore = account.used + account.held;
  account.months.set(data.month, { total: data.amount, grants: 1, spentBefore });
};

const raiseMonth = (account: OwnedAccount, data: CreditEventData['MonthlyGrantRaised']): void => {
  const month = account.months.get(data.month);
  invariant(month !== undefined, 'only a granted month is raised');
  openLot(account, data, freeOrigin);
  const total = month.total + data.amount;
  account.months.set(data.month, { ...month, total, grants: month.grants + 1 });
};

const purchase = (account: OwnedAccount, data: CreditEventData['CreditsPurchased']): void => {
  const { orderNumber, priority, purchasedAt } = data;
  const lot = openLot(account, data, { kind: 'purchased', priority, orderNumber });
  account.orders.set(orderNumber, { lot, purchasedAt });
};

const refund = (account: OwnedAccount, data: CreditEventData['PurchaseRefunded']): void => {
  const lot = lotOf(account, data.lotId);
  take(account, lot, { amount: data.voided, at: data.refundedAt });
  lot.voided += data.voided;
  lot.closed ??= { by: 'refund', at: data.refundedAt };
};

const lapse = (account: OwnedAccount, data: CreditEventData['CreditsLapsed']): void => {
  const lot = lotOf(account, data.lotId);
  take(account, lot, { amount: data.amount, at: data.lapsedAt });
  lot.lapsed += data.amount;
};

const promote = (
  account: OwnedAccount,
  data: CreditEventData['PromotionalCreditsGranted'],
): void => {
  const { priority } = data;
  openLot(account, data, { kind: 'promotional', priority, orderNumber: null });
};

const add = (account: OwnedAccount, data: CreditEventData['CreditsAdded']): void => {
  openLot(account, data, { kind: 'adjustment', priority: data.priority, orderNumber: null });
};

const deduct = (account: OwnedAccount, data: CreditEventData['CreditsDeducted']): void => {
  const { adjustmentId, amount, deductedAt } = data;
  for (const taken of data.allocations) {
    const lot = lotOf(account, taken.lotId);
    take(account, lot, { amount: taken.amount, at: deductedAt });
    lot.voided += taken.amount;
  }
  account.deductions.set(adjustmentId, { amount, deductedAt });
};

const voidLot = (account: OwnedAccount, data: CreditEventData['LotVoided']): void => {
  const { voidId, reason, author, voidedAt } = data;
  const lot = lotOf(account, data.lotId);
  take(account, lot, { amount: data.voided, at: voidedAt });
  lot.voided += data.voided;
  lot.closed ??= { by: 'void', at: voidedAt, voidId, reason, author };
};

const issue = (account: OwnedAccount, data: CreditEventData['StatementIssued']): void => {
  const { month, ...issued } = data;
  invariant(!account.statements.has(month), 'a month is issued once');
  account.statements.set(month, issued);
};

const cross = (account: OwnedAccount, data: CreditEventData['CreditThresholdCrossed']): void => {
  account.alerts.set(data.alert, 'crossed');
};

const rearm = (account: OwnedAccount, data: CreditEventData['CreditThresholdRearmed']): void => {
  account.alerts.set(data.alert, 'rearmed');
};

type Fold<Data> = (account: OwnedAccount, data: Data) => void;

const folds: { readonly [Type in keyof CreditEventData]: Fold<CreditEventData[Type]> } = {
  MonthlyCreditsGranted: grantMonth,
  MonthlyGrantRaised: raiseMonth,
  CreditsPurchased: purchase,
  PurchaseRefunded: refund,
  CreditsHeld: hold,
  HoldCaptured: capture,
  HoldReleased: release,
  ChargeReversed: reverse,
  CreditsLapsed: lapse,
  PromotionalCreditsGranted: promote,
  CreditsAdded: add,
  CreditsDeducted: deduct,
  LotVoided: voidLot,
  StatementIssued: issue,
  CreditThresholdCrossed: cross,
  CreditThresholdRearmed: rearm,
};

const apply = <Type extends keyof CreditEventData>(
  account: OwnedAccount,
  event: Readonly<{ type: Type; data: CreditEventData[Type] }>,
): void => {
  invariant(Object.hasOwn(folds, event.type), 'Unhandled case: a credit event has a fold');
  folds[event.type](account, event.data);
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
