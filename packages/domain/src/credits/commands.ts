import type { Instant, Month } from '../kernel/index.js';
import type { VoidReason } from './events.js';

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

/** Who changes credits by hand, and why: neither is empty. No name or e-mail address stands in either. */
type ByHand = Readonly<{ reason: string; author: string }>;

/** The content of a lot that is given by hand. It lives in `[effectiveAt, expiresAt)`. */
type GivenByHand = ByHand &
  Readonly<{
    /** Whole credits, 1 or more. */
    amount: number;
    effectiveAt: Instant;
    expiresAt: Instant;
    /** Low pays first. Default 0. */
    priority?: number;
  }>;

export type GrantPromotion = GivenByHand & Readonly<{ type: 'GrantPromotion'; grantId: string }>;

/** A manual adjustment upwards. One adjustment id is one adjustment, upwards or downwards. */
export type AddCredits = GivenByHand & Readonly<{ type: 'AddCredits'; adjustmentId: string }>;

/** A manual adjustment downwards, from what could be spent at `deductedAt`, in burn order. */
export type DeductCredits = ByHand &
  Readonly<{
    type: 'DeductCredits';
    adjustmentId: string;
    /** Whole credits, 1 or more. */
    amount: number;
    deductedAt: Instant;
  }>;

/** Voids what remains of any lot: a dispute of its payment, a grant in error, an agreement that ended. */
export type VoidLot = Readonly<{
  type: 'VoidLot';
  voidId: string;
  lotId: string;
  reason: VoidReason;
  author: string;
  voidedAt: Instant;
}>;

/** Closes a month with what its statement says. The digest is computed outside, over canonical bytes. */
export type IssueStatement = Readonly<{
  type: 'IssueStatement';
  month: Month;
  timeZone: string;
  format: number;
  issuedAt: Instant;
  knownAt: Instant;
  revision: number;
  digest: string;
  opening: number;
  closing: number;
}>;

/** Fires every alert whose threshold is crossed at `now`, once, and re-arms those that are below it. */
export type RaiseAlerts = Readonly<{ type: 'RaiseAlerts'; now: Instant; timeZone: string }>;

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
  | RecordLapses
  | GrantPromotion
  | AddCredits
  | DeductCredits
  | VoidLot
  | IssueStatement
  | RaiseAlerts;

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

/** Credits of a lot that ended, or will end, unused at `endsAt`. */
export type LotEnd = Readonly<{ lotId: string; amount: number; endsAt: Instant }>;

/**
 * Credits by the lots that live at the instant of the use; `held` are those inside open holds. Whoever
 * is refused sees what was lost last by its date, and which credits are the next to go.
 */
export type InsufficientCredits = Readonly<{
  _tag: 'InsufficientCredits';
  sessionId: string;
  needed: number;
  available: number;
  missing: number;
  held: number;
  /** The lot that ended last with something unused, null where none did. */
  lastLapse: LotEnd | null;
  /** The first of the credits that are there, but too few, to end; null where none are there. */
  nextLapse: LotEnd | null;
}>;

export type ChargeUnknown = Readonly<{ _tag: 'ChargeUnknown'; chargeId: string }>;
export type HoldAlreadyReleased = Readonly<{ _tag: 'HoldAlreadyReleased'; chargeId: string }>;
export type HoldAlreadyCaptured = Readonly<{ _tag: 'HoldAlreadyCaptured'; chargeId: string }>;
export type ChargeNotCaptured = Readonly<{
  _tag: 'ChargeNotCaptured';
  chargeId: string;
  status: 'held' | 'released';
}>;

/** A change by hand without a reason or an author. */
export type NotExplained = Readonly<{ _tag: 'NotExplained'; field: 'reason' | 'author' }>;

export type LotEndsBeforeStart = Readonly<{
  _tag: 'LotEndsBeforeStart';
  effectiveAt: Instant;
  expiresAt: Instant;
}>;

/** The id of a promotion or adjustment is known with other content. */
export type GrantDiffers = Readonly<{ _tag: 'GrantDiffers'; id: string }>;

export type DeductionTooLarge = Readonly<{
  _tag: 'DeductionTooLarge';
  adjustmentId: string;
  amount: number;
  available: number;
  missing: number;
}>;

export type LotUnknown = Readonly<{ _tag: 'LotUnknown'; lotId: string }>;
export type MonthNotOver = Readonly<{ _tag: 'MonthNotOver'; month: Month; endsAt: Instant }>;

/** Months are issued one after the other; `expected` is the next. */
export type StatementOutOfOrder = Readonly<{
  _tag: 'StatementOutOfOrder';
  month: Month;
  expected: Month;
}>;

export type CreditRefusal =
  | NotExplained
  | LotEndsBeforeStart
  | GrantDiffers
  | DeductionTooLarge
  | LotUnknown
  | MonthNotOver
  | StatementOutOfOrder
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
