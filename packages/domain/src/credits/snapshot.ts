import * as t from 'io-ts';
import {
  Count,
  Credits,
  Instant,
  invariant,
  Nullable,
  PositiveCredits,
  Revision,
  Word,
} from '../kernel/index.js';
import { emptyAccount } from './account.js';
import type { Charge, CreditAccount, OpenHold, OwnedAccount } from './account.js';
import { compareBurnOrder } from './burn-order.js';
import { LotAmount, VoidReason } from './events.js';
import type { Allocation, Lot, OwnedLot } from './lot.js';

const ClosedSnapshot = t.union([
  t.strict({ by: t.literal('refund'), at: Instant }),
  t.strict({
    by: t.literal('void'),
    at: Instant,
    voidId: t.string,
    reason: VoidReason,
    author: t.string,
  }),
]);

const LotSnapshot = t.strict({
  lotId: t.string,
  kind: Word('free', 'promotional', 'adjustment', 'purchased'),
  priority: Count,
  orderNumber: Nullable(t.string),
  effectiveAt: Instant,
  expiresAt: Instant,
  recorded: Count,
  granted: Credits,
  unallocated: Credits,
  held: Credits,
  used: Credits,
  lapsed: Credits,
  voided: Credits,
  closed: Nullable(ClosedSnapshot),
  returned: t.array(t.strict({ since: Instant, amount: PositiveCredits })),
});
type LotSnapshot = t.TypeOf<typeof LotSnapshot>;

const ChargeSnapshot = t.union([
  t.strict({
    status: t.literal('held'),
    chargeId: t.string,
    sessionId: t.string,
    generation: Count,
    amount: PositiveCredits,
    allocations: t.array(LotAmount),
    heldAt: Instant,
    timesOutAt: Instant,
  }),
  t.strict({
    status: t.literal('captured'),
    allocations: t.array(LotAmount),
    capturedAt: Instant,
  }),
  t.strict({ status: t.literal('released') }),
  t.strict({ status: t.literal('reversed') }),
]);
type ChargeSnapshot = t.TypeOf<typeof ChargeSnapshot>;

/**
 * A credit account as plain JSON data that shares nothing with the account it was taken of. A stored
 * snapshot of an earlier shape does not decode; whoever keeps snapshots then folds from the beginning.
 */
export const CreditAccountSnapshotCodec = t.strict({
  lots: t.array(LotSnapshot),
  charges: t.array(t.strict({ sessionId: t.string, charges: t.array(ChargeSnapshot) })),
  /** Charge ids in the order in which they were held. */
  openHolds: t.array(t.string),
  orders: t.array(t.strict({ orderNumber: t.string, lotId: t.string, purchasedAt: Instant })),
  months: t.array(
    t.strict({ month: t.string, total: Credits, grants: Count, spentBefore: Credits }),
  ),
  deductions: t.array(
    t.strict({ adjustmentId: t.string, amount: PositiveCredits, deductedAt: Instant }),
  ),
  statements: t.array(
    t.strict({
      month: t.string,
      timeZone: t.string,
      format: Count,
      issuedAt: Instant,
      knownAt: Instant,
      revision: Revision,
      digest: t.string,
      opening: Credits,
      closing: Credits,
    }),
  ),
  alerts: t.array(t.strict({ alert: t.string, state: Word('crossed', 'rearmed') })),
});
export type CreditAccountSnapshot = t.TypeOf<typeof CreditAccountSnapshotCodec>;

const amountsOf = (allocations: readonly Allocation[]): LotAmount[] =>
  allocations.map(({ lot, amount }) => ({ lotId: lot.lotId, amount }));

const lotSnapshot = ({ lastAllocations: _shared, ...lot }: Lot): LotSnapshot => ({
  ...lot,
  closed: lot.closed && { ...lot.closed },
  returned: lot.returned.map((returned) => ({ ...returned })),
});

const chargeSnapshot = (charge: Charge): ChargeSnapshot =>
  charge.status === 'held' || charge.status === 'captured'
    ? { ...charge, allocations: amountsOf(charge.allocations) }
    : charge;

/** Copies an account; use it before `evolve` where the state of now is still wanted later. */
export const snapshotOf = (account: CreditAccount): CreditAccountSnapshot => ({
  lots: [...account.lots.values()].map(lotSnapshot),
  charges: [...account.charges].map(([sessionId, charges]) => ({
    sessionId,
    charges: charges.map(chargeSnapshot),
  })),
  openHolds: [...account.openHolds.keys()],
  orders: [...account.orders].map(([orderNumber, { lot, purchasedAt }]) => ({
    orderNumber,
    lotId: lot.lotId,
    purchasedAt,
  })),
  months: [...account.months].map(([month, granted]) => ({ month, ...granted })),
  deductions: [...account.deductions].map(([adjustmentId, deduction]) => ({
    adjustmentId,
    ...deduction,
  })),
  statements: [...account.statements].map(([month, issued]) => ({ month, ...issued })),
  alerts: [...account.alerts].map(([alert, state]) => ({ alert, state })),
});

const lotIn = (account: OwnedAccount, lotId: string): OwnedLot => {
  const lot = account.lots.get(lotId);
  invariant(lot !== undefined, 'a snapshot contains every lot that it names');
  return lot;
};

const allocationsIn = (
  account: OwnedAccount,
  amounts: readonly LotAmount[],
): readonly Allocation[] =>
  amounts.map(({ lotId, amount }) => ({ lot: lotIn(account, lotId), amount }));

const chargeIn = (account: OwnedAccount, charge: ChargeSnapshot): Charge => {
  switch (charge.status) {
    case 'held':
    case 'captured':
      return { ...charge, allocations: allocationsIn(account, charge.allocations) };
    case 'released':
    case 'reversed':
      return { status: charge.status };
  }
};

const restoreLots = (account: OwnedAccount, lots: readonly LotSnapshot[]): void => {
  for (const lot of lots) {
    const returned = lot.returned.map((part) => ({ ...part }));
    account.lots.set(lot.lotId, { ...lot, returned, lastAllocations: [] });
    account.granted += lot.granted;
    account.used += lot.used;
  }
  for (const lot of account.lots.values()) if (lot.unallocated > 0) account.burning.push(lot);
  account.burning.sort(compareBurnOrder);
};

const openHoldsOf = (account: OwnedAccount): ReadonlyMap<string, OpenHold> => {
  const open = new Map<string, OpenHold>();
  for (const charges of account.charges.values()) {
    for (const charge of charges) if (charge.status === 'held') open.set(charge.chargeId, charge);
  }
  return open;
};

const restoreCharges = (account: OwnedAccount, snapshot: CreditAccountSnapshot): void => {
  for (const { sessionId, charges } of snapshot.charges) {
    account.charges.set(
      sessionId,
      charges.map((charge) => chargeIn(account, charge)),
    );
  }
  const open = openHoldsOf(account);
  for (const chargeId of snapshot.openHolds) {
    const hold = open.get(chargeId);
    invariant(hold !== undefined, 'a snapshot contains every hold that it names');
    account.openHolds.set(chargeId, hold);
    account.held += hold.amount;
  }
};

/** The account that a snapshot was taken of: folding on from it gives what the original would give. */
export const restoreAccount = (snapshot: CreditAccountSnapshot): CreditAccount => {
  const account = emptyAccount();
  restoreLots(account, snapshot.lots);
  restoreCharges(account, snapshot);
  for (const { orderNumber, lotId, purchasedAt } of snapshot.orders) {
    account.orders.set(orderNumber, { lot: lotIn(account, lotId), purchasedAt });
  }
  for (const { month, ...granted } of snapshot.months) account.months.set(month, granted);
  for (const { adjustmentId, ...deduction } of snapshot.deductions) {
    account.deductions.set(adjustmentId, deduction);
  }
  for (const { month, ...issued } of snapshot.statements) account.statements.set(month, issued);
  for (const { alert, state } of snapshot.alerts) account.alerts.set(alert, state);
  return account;
};
