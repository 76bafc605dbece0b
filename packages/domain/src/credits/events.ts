import * as t from 'io-ts';
import {
  Count,
  Credits,
  Instant,
  Nullable,
  PositiveCredits,
  Revision,
  Word,
  type EventOf,
} from '../kernel/index.js';

// Stored shapes: a released one never changes; a new shape is a new type beside it, with an upcast.
// Changing these, or the burn order they record, changes what billing signed: see the context's README.

/** How much one lot gave, got back or lost. */
export const LotAmount = t.strict({ lotId: t.string, amount: PositiveCredits });
export type LotAmount = t.TypeOf<typeof LotAmount>;

const lotLife = { lotId: t.string, effectiveAt: Instant, expiresAt: Instant };

export const VoidReason = Word('dispute', 'granted-in-error', 'agreement-ended');
export type VoidReason = t.TypeOf<typeof VoidReason>;

/** Why billing changed something by hand, in its own words, and the opaque id of who did. */
const byHand = { reason: t.string, author: t.string };

export const creditEvents = {
  /** The month's free credits; at most one per company and month (rulebook §5). */
  MonthlyCreditsGranted: t.strict({
    ...lotLife,
    month: t.string,
    plan: t.string,
    amount: Credits,
  }),
  /** An upgrade in mid-month adds the difference for the rest of the month. */
  MonthlyGrantRaised: t.strict({
    ...lotLife,
    month: t.string,
    fromPlan: t.string,
    toPlan: t.string,
    amount: PositiveCredits,
  }),
  CreditsPurchased: t.strict({
    ...lotLife,
    orderNumber: t.string,
    amount: PositiveCredits,
    purchasedAt: Instant,
    priority: Count,
  }),
  /** What remained of the purchase is voided; what was used or held stays. */
  PurchaseRefunded: t.strict({
    lotId: t.string,
    orderNumber: t.string,
    voided: Credits,
    refundedAt: Instant,
  }),
  CreditsHeld: t.strict({
    chargeId: t.string,
    sessionId: t.string,
    generation: Count,
    amount: PositiveCredits,
    allocations: t.array(LotAmount),
    heldAt: Instant,
    timesOutAt: Instant,
    tariff: t.string,
  }),
  HoldCaptured: t.strict({ chargeId: t.string, sessionId: t.string, capturedAt: Instant }),
  /**
   * `returned` goes back to lots that live at `releasedAt`; `lapsed` belonged to lots that have ended,
   * and a `CreditsLapsed` whose origin is the charge follows for each: count one of the two.
   */
  HoldReleased: t.strict({
    chargeId: t.string,
    sessionId: t.string,
    reason: Word('nothing-succeeded', 'timed-out', 'consent-withdrawn'),
    returned: t.array(LotAmount),
    lapsed: t.array(LotAmount),
    releasedAt: Instant,
  }),
  /**
   * A captured charge is taken back: a new AI use in the session charges again (rulebook §5). The
   * two lists mean what they mean in `HoldReleased`.
   */
  ChargeReversed: t.strict({
    chargeId: t.string,
    sessionId: t.string,
    reason: Word('charged-in-error', 'nothing-delivered'),
    returned: t.array(LotAmount),
    lapsed: t.array(LotAmount),
    reversedAt: Instant,
  }),
  /**
   * A lapse written down for subscribers; it was true at `lapsedAt` whether or not this exists.
   * `origin` is the charge whose release or reversal gave credits back to a lot that had ended, or null
   * for what was left in the lot at its end.
   */
  CreditsLapsed: t.strict({
    lotId: t.string,
    amount: PositiveCredits,
    lapsedAt: Instant,
    origin: Nullable(t.string),
  }),
  PromotionalCreditsGranted: t.strict({
    ...lotLife,
    ...byHand,
    grantId: t.string,
    amount: PositiveCredits,
    priority: Count,
  }),
  /** A manual adjustment upwards: a lot of its own, with its own life. */
  CreditsAdded: t.strict({
    ...lotLife,
    ...byHand,
    adjustmentId: t.string,
    amount: PositiveCredits,
    priority: Count,
  }),
  /** A manual adjustment downwards, from the lots that would have paid at `deductedAt`. */
  CreditsDeducted: t.strict({
    ...byHand,
    adjustmentId: t.string,
    amount: PositiveCredits,
    allocations: t.array(LotAmount),
    deductedAt: Instant,
  }),
  /** What remained of a lot is voided; what was used or held stays. */
  LotVoided: t.strict({
    lotId: t.string,
    voidId: t.string,
    voided: Credits,
    reason: VoidReason,
    author: t.string,
    voidedAt: Instant,
  }),
  /**
   * A month is closed. The statement is what the events up to `revision` say; what is recorded after it
   * is a correction in a later month. `digest` is the SHA-256 of the statement's canonical bytes in
   * `format`, lower-case hex; `knownAt` is when the last event that it knew was recorded.
   */
  StatementIssued: t.strict({
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
  /**
   * An alert fired. `alert` names the crossing: `month-used:<month>:<percent>` or
   * `lot-expiring:<lotId>:<days>`. `credits` of `of` are spent, or are what is about to lapse.
   */
  CreditThresholdCrossed: t.strict({
    alert: t.string,
    kind: Word('month-used', 'lot-expiring'),
    level: Count,
    subject: t.string,
    credits: Credits,
    of: Credits,
    expiresAt: Nullable(Instant),
    crossedAt: Instant,
  }),
  /** What an alert was about is below its threshold again: the next crossing fires again. */
  CreditThresholdRearmed: t.strict({ alert: t.string, rearmedAt: Instant }),
};
export type CreditEvent = EventOf<typeof creditEvents>;
/** Payload of each event type. */
export type CreditEventData = {
  readonly [Type in keyof typeof creditEvents]: t.TypeOf<(typeof creditEvents)[Type]>;
};
