import type { Instant, Month } from '../kernel/index.js';
import type { Allocation, Lot, OwnedLot } from './lot.js';

/** Credits set aside for a session, not settled yet. */
export type OpenHold = Readonly<{
  status: 'held';
  chargeId: string;
  sessionId: string;
  generation: number;
  amount: number;
  allocations: readonly Allocation[];
  heldAt: Instant;
  timesOutAt: Instant;
}>;

/** A settled charge keeps only what a reversal needs. */
export type CapturedCharge = Readonly<{
  status: 'captured';
  allocations: readonly Allocation[];
  capturedAt: Instant;
}>;

export type Charge =
  OpenHold | CapturedCharge | Readonly<{ status: 'released' }> | Readonly<{ status: 'reversed' }>;

export type Order = Readonly<{ lot: Lot; purchasedAt: Instant }>;

/** Free credits of a month: their total with raises, and how many grants made it up. */
export type GrantedMonth = Readonly<{ total: number; grants: number }>;

/**
 * What decisions about a company's credits need. `evolve` owns the account that it is given and
 * changes it in place (see the context's README); everybody else only reads it.
 */
export type CreditAccount = Readonly<{
  /** Every lot by id, in the order of recording. */
  lots: ReadonlyMap<string, Lot>;
  /** Lots with unallocated credits, in burn order. */
  burning: readonly Lot[];
  /** Charges of each session; the index is the generation. */
  charges: ReadonlyMap<string, readonly Charge[]>;
  openHolds: ReadonlyMap<string, OpenHold>;
  orders: ReadonlyMap<string, Order>;
  months: ReadonlyMap<Month, GrantedMonth>;
  /** Credits ever granted or purchased. */
  granted: number;
  /** Credits inside open holds. */
  held: number;
}>;

/** The same account, as the one function that may change it sees it. */
export type OwnedAccount = {
  readonly lots: Map<string, OwnedLot>;
  readonly burning: OwnedLot[];
  readonly charges: Map<string, Charge[]>;
  readonly openHolds: Map<string, OpenHold>;
  readonly orders: Map<string, Order>;
  readonly months: Map<Month, GrantedMonth>;
  granted: number;
  held: number;
};

export const emptyAccount = (): OwnedAccount => ({
  lots: new Map(),
  burning: [],
  charges: new Map(),
  openHolds: new Map(),
  orders: new Map(),
  months: new Map(),
  granted: 0,
  held: 0,
});
