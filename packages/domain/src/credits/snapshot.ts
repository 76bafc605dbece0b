import { invariant, type Instant } from '../kernel/index.js';
import { emptyAccount } from './account.js';
import type { Charge, CreditAccount, GrantedMonth, OpenHold, OwnedAccount } from './account.js';
import { compareBurnOrder } from './burn-order.js';
import type { LotAmount } from './events.js';
import type { Allocation, Lot, OwnedLot } from './lot.js';

type LotSnapshot = Readonly<Omit<Lot, 'lastAllocations'>>;
type ChargeSnapshot =
  | Readonly<Omit<OpenHold, 'allocations'> & { allocations: readonly LotAmount[] }>
  | Readonly<{ status: 'captured'; allocations: readonly LotAmount[]; capturedAt: Instant }>
  | Readonly<{ status: 'released' | 'reversed' }>;

/** A credit account as plain JSON data that shares nothing with the account it was taken of. */
export type CreditAccountSnapshot = Readonly<{
  lots: readonly LotSnapshot[];
  charges: readonly Readonly<{ sessionId: string; charges: readonly ChargeSnapshot[] }>[];
  /** Charge ids in the order in which they were held. */
  openHolds: readonly string[];
  orders: readonly Readonly<{ orderNumber: string; lotId: string; purchasedAt: Instant }>[];
  months: readonly Readonly<GrantedMonth & { month: string }>[];
}>;

const amountsOf = (allocations: readonly Allocation[]): readonly LotAmount[] =>
  allocations.map(({ lot, amount }) => ({ lotId: lot.lotId, amount }));

const lotSnapshot = ({ lastAllocations: _shared, ...lot }: Lot): LotSnapshot => ({
  ...lot,
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

const openHoldsOf = (account: OwnedAccount): ReadonlyMap<string, OpenHold> => {
  const open = new Map<string, OpenHold>();
  for (const charges of account.charges.values()) {
    for (const charge of charges) if (charge.status === 'held') open.set(charge.chargeId, charge);
  }
  return open;
};

/** The account that a snapshot was taken of: folding on from it gives what the original would give. */
export const restoreAccount = (snapshot: CreditAccountSnapshot): CreditAccount => {
  const account = emptyAccount();
  for (const lot of snapshot.lots) {
    account.lots.set(lot.lotId, { ...lot, returned: [...lot.returned], lastAllocations: [] });
    account.granted += lot.granted;
  }
  for (const lot of account.lots.values()) if (lot.unallocated > 0) account.burning.push(lot);
  account.burning.sort(compareBurnOrder);
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
  for (const { orderNumber, lotId, purchasedAt } of snapshot.orders) {
    account.orders.set(orderNumber, { lot: lotIn(account, lotId), purchasedAt });
  }
  for (const { month, total, grants } of snapshot.months) {
    account.months.set(month, { total, grants });
  }
  return account;
};
