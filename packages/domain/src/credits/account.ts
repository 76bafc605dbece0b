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

/**
 * Free credits of a month: their total with raises, and how many grants made it up. `spentBefore` is
 * what all lots had given when the month was granted: what they gave since is the month's spending.
 */
export type GrantedMonth = Readonly<{ total: number; grants: number; spentBefore: number }>;

/** A manual adjustment that took credits away. */
export type Deduction = Readonly<{ amount: number; deductedAt: Instant }>;

/** What an issued statement said, and the last revision of the stream that it knew. */
export type IssuedStatement = Readonly<{
  timeZone: string;
  format: number;
  issuedAt: Instant;
  knownAt: Instant;
  revision: number;
  digest: string;
  opening: number;
  closing: number;
}>;

/** Is the alert standing, or did it fall back below its threshold and wait for the next crossing? */
export type AlertState = 'crossed' | 'rearmed';

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
  /** By adjustment id. */
  deductions: ReadonlyMap<string, Deduction>;
  /** In the order of issue, which is the order of the months. */
  statements: ReadonlyMap<Month, IssuedStatement>;
  /** By the alert's key; those of lots and months that have ended stay. */
  alerts: ReadonlyMap<string, AlertState>;
  /** Credits ever granted or purchased. */
  granted: number;
  /** Credits inside open holds. */
  held: number;
  /** Credits inside captured charges. */
  used: number;
}>;

/** The same account, as the one function that may change it sees it. */
export type OwnedAccount = {
  readonly lots: Map<string, OwnedLot>;
  readonly burning: OwnedLot[];
  readonly charges: Map<string, Charge[]>;
  readonly openHolds: Map<string, OpenHold>;
  readonly orders: Map<string, Order>;
  readonly months: Map<Month, GrantedMonth>;
  readonly deductions: Map<string, Deduction>;
  readonly statements: Map<Month, IssuedStatement>;
  readonly alerts: Map<string, AlertState>;
  granted: number;
  held: number;
  used: number;
};

export const emptyAccount = (): OwnedAccount => ({
  lots: new Map(),
  burning: [],
  charges: new Map(),
  openHolds: new Map(),
  orders: new Map(),
  months: new Map(),
  deductions: new Map(),
  statements: new Map(),
  alerts: new Map(),
  granted: 0,
  held: 0,
  used: 0,
});
