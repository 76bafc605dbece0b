import * as E from 'fp-ts/lib/Either.js';
import { invariant } from '../kernel/index.js';
import type { CreditAccount } from './account.js';
import { allocate } from './allocate.js';
import type {
  AddCredits,
  AmountTooLarge,
  DeductCredits,
  DeductionTooLarge,
  GrantDiffers,
  GrantPromotion,
  LotEndsBeforeStart,
  LotUnknown,
  NotExplained,
  VoidLot,
} from './commands.js';
import type { CreditEvent, CreditEventData } from './events.js';
import { voidableFrom, type Lot } from './lot.js';

/** Lots of promotions and adjustments; the prefix keeps them apart from months and orders. */
const promotionLot = (grantId: string): string => `promotion:${grantId}`;
const adjustmentLot = (adjustmentId: string): string => `adjustment:${adjustmentId}`;

type Given = GrantPromotion | AddCredits;
type GivenRefusal = NotExplained | LotEndsBeforeStart | GrantDiffers | AmountTooLarge;

const unexplained = (reason: string, author: string): NotExplained | null => {
  if (reason.trim() === '') return { _tag: 'NotExplained', field: 'reason' };
  return author.trim() === '' ? { _tag: 'NotExplained', field: 'author' } : null;
};

const sameLot = (lot: Lot, command: Given): boolean =>
  lot.granted === command.amount &&
  lot.effectiveAt === command.effectiveAt &&
  lot.expiresAt === command.expiresAt &&
  lot.priority === (command.priority ?? 0);

const contentOf = ({
  amount,
  effectiveAt,
  expiresAt,
  priority = 0,
  reason,
  author,
}: Given): Omit<CreditEventData['CreditsAdded'], 'lotId' | 'adjustmentId'> => ({
  amount,
  effectiveAt,
  expiresAt,
  priority,
  reason,
  author,
});

/** Null where a lot with this content may be opened; the answer otherwise. */
const answered = (
  account: CreditAccount,
  command: Given,
  ids: Readonly<{ id: string; lotId: string }>,
): E.Either<GivenRefusal, readonly CreditEvent[]> | null => {
  const { amount, effectiveAt, expiresAt, reason, author } = command;
  invariant(Number.isSafeInteger(amount) && amount > 0, 'whole credits are given by hand');
  const known = account.lots.get(ids.lotId);
  if (known !== undefined) {
    return sameLot(known, command) ? E.right([]) : E.left({ _tag: 'GrantDiffers', id: ids.id });
  }
  const missing = unexplained(reason, author);
  if (missing !== null) return E.left(missing);
  if (expiresAt < effectiveAt) {
    return E.left({ _tag: 'LotEndsBeforeStart', effectiveAt, expiresAt });
  }
  const amountMax = Number.MAX_SAFE_INTEGER - account.granted;
  return amount > amountMax ? E.left({ _tag: 'AmountTooLarge', amount, amountMax }) : null;
};

/** Promotional credits are free ones with a life of their own; the same grant id is one grant. */
export const grantPromotion = (
  command: GrantPromotion,
  account: CreditAccount,
): E.Either<GivenRefusal, readonly CreditEvent[]> => {
  const { grantId } = command;
  const lotId = promotionLot(grantId);
  const answer = answered(account, command, { id: grantId, lotId });
  if (answer !== null) return answer;
  const data = { ...contentOf(command), lotId, grantId };
  return E.right([{ type: 'PromotionalCreditsGranted', data }]);
};

/** Credits that billing adds by hand are a lot of their own (ours); nothing booked changes. */
export const addCredits = (
  command: AddCredits,
  account: CreditAccount,
): E.Either<GivenRefusal, readonly CreditEvent[]> => {
  const { adjustmentId } = command;
  if (account.deductions.has(adjustmentId)) {
    return E.left({ _tag: 'GrantDiffers', id: adjustmentId });
  }
  const lotId = adjustmentLot(adjustmentId);
  const answer = answered(account, command, { id: adjustmentId, lotId });
  if (answer !== null) return answer;
  const data = { ...contentOf(command), lotId, adjustmentId };
  return E.right([{ type: 'CreditsAdded', data }]);
};

const knownDeduction = (
  command: DeductCredits,
  account: CreditAccount,
): E.Either<GrantDiffers, readonly CreditEvent[]> | null => {
  const { adjustmentId: id, amount, deductedAt } = command;
  const known = account.deductions.get(id);
  if (known === undefined) {
    const added = account.lots.has(adjustmentLot(id));
    return added ? E.left({ _tag: 'GrantDiffers', id }) : null;
  }
  const same = known.amount === amount && known.deductedAt === deductedAt;
  return same ? E.right([]) : E.left({ _tag: 'GrantDiffers', id });
};

/**
 * Takes credits away in burn order, all of them or none: held and used credits are not touched and no
 * lot goes below zero (ours). A reversal never gives them back.
 */
export const deductCredits = (
  command: DeductCredits,
  account: CreditAccount,
): E.Either<NotExplained | GrantDiffers | DeductionTooLarge, readonly CreditEvent[]> => {
  const { adjustmentId, amount, deductedAt, reason, author } = command;
  invariant(Number.isSafeInteger(amount) && amount > 0, 'whole credits are taken by hand');
  const known = knownDeduction(command, account);
  if (known !== null) return known;
  const missing = unexplained(reason, author);
  if (missing !== null) return E.left(missing);
  const { allocations, available } = allocate(account.burning, amount, deductedAt);
  if (available < amount) {
    const lacking = amount - available;
    return E.left({
      _tag: 'DeductionTooLarge',
      adjustmentId,
      amount,
      available,
      missing: lacking,
    });
  }
  const data = { adjustmentId, amount, allocations: [...allocations], deductedAt, reason, author };
  return E.right([{ type: 'CreditsDeducted', data }]);
};

/**
 * Voids what remains of a lot; used and held credits stay, and what comes back later is voided then. A
 * lot that was voided or refunded before has been clawed back: nothing happens. A lot that has ended has
 * lapsed: it is closed with 0. A lot that has not begun is voided where its life begins.
 */
export const voidLot = (
  command: VoidLot,
  account: CreditAccount,
): E.Either<NotExplained | LotUnknown, readonly CreditEvent[]> => {
  const { voidId, lotId, reason, author } = command;
  const lot = account.lots.get(lotId);
  if (lot === undefined) return E.left({ _tag: 'LotUnknown', lotId });
  if (lot.closed !== null) return E.right([]);
  const missing = unexplained(reason, author);
  if (missing !== null) return E.left(missing);
  const at = Math.max(command.voidedAt, lot.effectiveAt);
  return E.right(
    voidableFrom(lot, at).map(({ since: voidedAt, amount: voided }) => ({
      type: 'LotVoided',
      data: { lotId, voidId, voided, reason, author, voidedAt },
    })),
  );
};
