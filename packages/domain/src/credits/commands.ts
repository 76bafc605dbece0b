import type { Instant, Month } from '../kernel/index.js';

/** Issues the free credits of the month that contains `instant`, once (rulebook §5, free grants). */
export type GrantMonthlyCredits = Readonly<{
  type: 'GrantMonthlyCredits';
  plan: string;
  timeZone: string;
  instant: Instant;
  /**
   * Where the lot's life begins, inside the month. Default: the month's first instant. An activation in
   * mid-month passes its own instant, because before it nothing could have been spent.
   */
  effectiveAt?: Instant;
}>;

/** An upgrade in mid-month; a downgrade changes nothing. */
export type RaiseMonthlyGrant = Readonly<{
  type: 'RaiseMonthlyGrant';
  fromPlan: string;
  toPlan: string;
  timeZone: string;
  raisedAt: Instant;
}>;

export type PurchaseCredits = Readonly<{
  type: 'PurchaseCredits';
  orderNumber: string;
  /** Whole credits, 1 or more. */
  amount: number;
  purchasedAt: Instant;
  timeZone: string;
  /** Low pays first. Default 0. */
  priority?: number;
}>;

export type RefundPurchase = Readonly<{
  type: 'RefundPurchase';
  orderNumber: string;
  refundedAt: Instant;
}>;

export type HoldCredits = Readonly<{
  type: 'HoldCredits';
  sessionId: string;
  /** The first AI use: the instant that decides which lots pay. */
  heldAt: Instant;
  /**
   * What the session owes in all by the tariff (`chargeAmount`), whole credits, 1 or more; what its
   * live charges cover already is not held again. Default: the price of a first use.
   */
  amount?: number;
}>;

export type CaptureHold = Readonly<{ type: 'CaptureHold'; chargeId: string; capturedAt: Instant }>;

export type ReleaseReason = 'nothing-succeeded' | 'timed-out' | 'consent-withdrawn';

export type ReleaseHold = Readonly<{
  type: 'ReleaseHold';
  chargeId: string;
  reason: ReleaseReason;
  releasedAt: Instant;
}>;

/** Releases every hold whose time-out has come by `now`, dated at its time-out. */
export type TimeOutHolds = Readonly<{ type: 'TimeOutHolds'; now: Instant }>;

/** Takes a captured charge back. */
export type ReverseCharge = Readonly<{
  type: 'ReverseCharge';
  chargeId: string;
  reason: 'charged-in-error' | 'nothing-delivered';
  reversedAt: Instant;
}>;

/** Writes down, for subscribers, what lots that ended by `now` left unused. */
export type RecordLapses = Readonly<{ type: 'RecordLapses'; now: Instant }>;

export type CreditCommand =
  | GrantMonthlyCredits
  | RaiseMonthlyGrant
  | PurchaseCredits
  | RefundPurchase
  | HoldCredits
  | CaptureHold
  | ReleaseHold
  | TimeOutHolds
  | ReverseCharge
  | RecordLapses;

/** A raise needs the grant of its month first: issue it, then raise. */
export type MonthNotGranted = Readonly<{ _tag: 'MonthNotGranted'; month: Month }>;

export type OrderContent = Readonly<{ amount: number; purchasedAt: Instant; priority: number }>;

/** The order number is known with other content. */
export type OrderDiffers = Readonly<{
  _tag: 'OrderDiffers';
  orderNumber: string;
  recorded: OrderContent;
  offered: OrderContent;
}>;

/** The account's total would leave the whole numbers that a computer counts exactly. */
export type AmountTooLarge = Readonly<{
  _tag: 'AmountTooLarge';
  amount: number;
  amountMax: number;
}>;

export type OrderUnknown = Readonly<{ _tag: 'OrderUnknown'; orderNumber: string }>;

export type RefundBeforePurchase = Readonly<{
  _tag: 'RefundBeforePurchase';
  orderNumber: string;
  purchasedAt: Instant;
  refundedAt: Instant;
}>;

/** Credits by the lots that live at the instant of the use; `held` are those inside open holds. */
export type InsufficientCredits = Readonly<{
  _tag: 'InsufficientCredits';
  sessionId: string;
  needed: number;
  available: number;
  missing: number;
  held: number;
}>;

export type ChargeUnknown = Readonly<{ _tag: 'ChargeUnknown'; chargeId: string }>;
export type HoldAlreadyReleased = Readonly<{ _tag: 'HoldAlreadyReleased'; chargeId: string }>;
export type HoldAlreadyCaptured = Readonly<{ _tag: 'HoldAlreadyCaptured'; chargeId: string }>;
export type ChargeNotCaptured = Readonly<{
  _tag: 'ChargeNotCaptured';
  chargeId: string;
  status: 'held' | 'released';
}>;

export type CreditRefusal =
  | MonthNotGranted
  | OrderDiffers
  | AmountTooLarge
  | OrderUnknown
  | RefundBeforePurchase
  | InsufficientCredits
  | ChargeUnknown
  | HoldAlreadyReleased
  | HoldAlreadyCaptured
  | ChargeNotCaptured;
