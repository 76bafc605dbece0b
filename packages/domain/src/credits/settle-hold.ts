import * as E from 'fp-ts/lib/Either.js';
import { invariant, type Instant } from '../kernel/index.js';
import type { CreditAccount, OpenHold } from './account.js';
import { chargeOf } from './balance.js';
import { partsOfChargeId } from './charge-id.js';
import type {
  CaptureHold,
  ChargeNotCaptured,
  ChargeUnknown,
  HoldAlreadyCaptured,
  HoldAlreadyReleased,
  ReleaseHold,
  ReleaseReason,
  ReverseCharge,
  TimeOutHolds,
} from './commands.js';
import type { CreditEvent, LotAmount } from './events.js';
import type { Allocation, Lot } from './lot.js';

type GivenBack = Readonly<{
  returned: LotAmount[];
  lapsed: LotAmount[];
  /** What becomes of credits that cannot be spent again, once each. */
  consequences: readonly CreditEvent[];
}>;

/** What comes back to a refunded or voided lot goes the same way, where the lot has not ended. */
const voidedAgain = (lot: Lot, voided: number, at: Instant): CreditEvent | null => {
  const { lotId, orderNumber, closed } = lot;
  if (closed === null) return null;
  const voidedAt = Math.max(at, closed.at);
  if (lot.expiresAt <= voidedAt) return null;
  if (closed.by === 'void') {
    const { voidId, reason, author } = closed;
    return { type: 'LotVoided', data: { lotId, voidId, voided, reason, author, voidedAt } };
  }
  invariant(orderNumber !== null, 'only a purchase is refunded');
  return {
    type: 'PurchaseRefunded',
    data: { lotId, orderNumber, voided, refundedAt: voidedAt },
  };
};

/**
 * Credits go back to the lots that gave them. In a lot that has ended by `at` they lapse at once, and
 * in one that was refunded or voided they are voided at once: neither can be spent again (rulebook §5).
 */
const giveBack = (
  charge: Readonly<{ chargeId: string; allocations: readonly Allocation[] }>,
  at: Instant,
): GivenBack => {
  const returned: LotAmount[] = [];
  const lapsed: LotAmount[] = [];
  const consequences: CreditEvent[] = [];
  for (const { lot, amount } of charge.allocations) {
    const { lotId } = lot;
    if (lot.expiresAt <= at) {
      lapsed.push({ lotId, amount });
      const origin = charge.chargeId;
      consequences.push({ type: 'CreditsLapsed', data: { lotId, amount, lapsedAt: at, origin } });
      continue;
    }
    returned.push({ lotId, amount });
    const voided = voidedAgain(lot, amount, at);
    if (voided !== null) consequences.push(voided);
  }
  return { returned, lapsed, consequences };
};

const releaseOf = (
  hold: OpenHold,
  reason: ReleaseReason,
  releasedAt: Instant,
): readonly CreditEvent[] => {
  const { chargeId, sessionId } = hold;
  const { returned, lapsed, consequences } = giveBack(hold, releasedAt);
  return [
    {
      type: 'HoldReleased',
      data: { chargeId, sessionId, reason, returned, lapsed, releasedAt },
    },
    ...consequences,
  ];
};

/**
 * The AI work succeeded: the held credits are used, also when their lots have ended since. A clock that
 * is behind the one that held never dates a settlement before its hold.
 */
export const captureHold = (
  command: CaptureHold,
  account: CreditAccount,
): E.Either<ChargeUnknown | HoldAlreadyReleased, readonly CreditEvent[]> => {
  const { chargeId } = command;
  const charge = chargeOf(account, chargeId);
  switch (charge?.status) {
    case undefined:
      return E.left({ _tag: 'ChargeUnknown', chargeId });
    case 'captured':
    case 'reversed':
      return E.right([]);
    case 'released':
      return E.left({ _tag: 'HoldAlreadyReleased', chargeId });
    case 'held': {
      const capturedAt = Math.max(command.capturedAt, charge.heldAt);
      const { sessionId } = charge;
      return E.right([{ type: 'HoldCaptured', data: { chargeId, sessionId, capturedAt } }]);
    }
  }
};

/** Nothing succeeded: the credits go back to the lots that gave them, with their original lives. */
export const releaseHold = (
  command: ReleaseHold,
  account: CreditAccount,
): E.Either<ChargeUnknown | HoldAlreadyCaptured, readonly CreditEvent[]> => {
  const { chargeId, reason, releasedAt } = command;
  const charge = chargeOf(account, chargeId);
  switch (charge?.status) {
    case undefined:
      return E.left({ _tag: 'ChargeUnknown', chargeId });
    case 'released':
      return E.right([]);
    case 'captured':
    case 'reversed':
      return E.left({ _tag: 'HoldAlreadyCaptured', chargeId });
    case 'held':
      return E.right(releaseOf(charge, reason, Math.max(releasedAt, charge.heldAt)));
  }
};

/**
 * Holds that nobody settled end at their time-out, not when somebody looks: their release is dated
 * there, so that answers "as of" are right after the engine was down.
 */
export const timeOutHolds = (
  command: TimeOutHolds,
  account: CreditAccount,
): E.Either<never, readonly CreditEvent[]> => {
  const events: CreditEvent[] = [];
  for (const hold of account.openHolds.values()) {
    if (hold.timesOutAt > command.now) continue;
    for (const event of releaseOf(hold, 'timed-out', hold.timesOutAt)) events.push(event);
  }
  return E.right(events);
};

/** A captured charge is taken back; a new AI use in the session charges again (rulebook §5). */
export const reverseCharge = (
  command: ReverseCharge,
  account: CreditAccount,
): E.Either<ChargeUnknown | ChargeNotCaptured, readonly CreditEvent[]> => {
  const { chargeId, reason } = command;
  const charge = chargeOf(account, chargeId);
  const sessionId = partsOfChargeId(chargeId)?.sessionId;
  if (charge === undefined || sessionId === undefined) {
    return E.left({ _tag: 'ChargeUnknown', chargeId });
  }
  switch (charge.status) {
    case 'reversed':
      return E.right([]);
    case 'held':
    case 'released':
      return E.left({ _tag: 'ChargeNotCaptured', chargeId, status: charge.status });
    case 'captured': {
      const reversedAt = Math.max(command.reversedAt, charge.capturedAt);
      const { allocations } = charge;
      const { returned, lapsed, consequences } = giveBack({ chargeId, allocations }, reversedAt);
      const data = { chargeId, sessionId, reason, returned, lapsed, reversedAt };
      return E.right([{ type: 'ChargeReversed', data }, ...consequences]);
    }
  }
};
