import * as E from 'fp-ts/lib/Either.js';
import { addCalendarMonths, invariant } from '../kernel/index.js';
import { rulesAt, type RuleBook } from '../rules/index.js';
import type { CreditAccount, Order } from './account.js';
import type {
  AmountTooLarge,
  OrderContent,
  OrderDiffers,
  OrderUnknown,
  PurchaseCredits,
  RefundBeforePurchase,
  RefundPurchase,
} from './commands.js';
import type { CreditEvent } from './events.js';
import { voidableFrom } from './lot.js';

const contentOf = ({ lot, purchasedAt }: Order): OrderContent => ({
  amount: lot.granted,
  purchasedAt,
  priority: lot.priority,
});

const sameContent = (a: OrderContent, b: OrderContent): boolean =>
  a.amount === b.amount && a.purchasedAt === b.purchasedAt && a.priority === b.priority;

/**
 * A purchase lives 12 calendar months, by the rules of its day, from its own instant, however late it
 * is reported. The same order number is one purchase; with other content it is an error (rulebook §5).
 * The time zone is no content: it may have changed between an order and its repeat.
 */
export const purchaseCredits =
  (ruleBook: RuleBook) =>
  (
    command: PurchaseCredits,
    account: CreditAccount,
  ): E.Either<OrderDiffers | AmountTooLarge, readonly CreditEvent[]> => {
    const { orderNumber, amount, purchasedAt, timeZone, priority = 0 } = command;
    invariant(Number.isSafeInteger(amount) && amount > 0, 'a purchase is of whole credits');
    const known = account.orders.get(orderNumber);
    if (known !== undefined) {
      const recorded = contentOf(known);
      const offered = { amount, purchasedAt, priority };
      return sameContent(recorded, offered)
        ? E.right([])
        : E.left({ _tag: 'OrderDiffers', orderNumber, recorded, offered });
    }
    // Whole numbers stay exact only while the account's total is a safe integer.
    const amountMax = Number.MAX_SAFE_INTEGER - account.granted;
    if (amount > amountMax) return E.left({ _tag: 'AmountTooLarge', amount, amountMax });
    const months = rulesAt(ruleBook, purchasedAt).purchaseLifeMonths;
    const expiresAt = addCalendarMonths(purchasedAt, months, timeZone);
    const life = { lotId: `order:${orderNumber}`, effectiveAt: purchasedAt, expiresAt };
    return E.right([
      { type: 'CreditsPurchased', data: { ...life, orderNumber, amount, purchasedAt, priority } },
    ]);
  };

/**
 * Voids what remains of a purchase; used and held credits stay (rulebook §5). Credits that were inside
 * a charge at the refund's instant, and came back after it, are voided at the instant they came back,
 * as `ReleaseHold` does for those that come back later. A lot that has ended has nothing left to void,
 * and one that was voided before (a dispute of the same order) is not voided again.
 */
export const refundPurchase = (
  command: RefundPurchase,
  account: CreditAccount,
): E.Either<OrderUnknown | RefundBeforePurchase, readonly CreditEvent[]> => {
  const { orderNumber, refundedAt } = command;
  const order = account.orders.get(orderNumber);
  if (order === undefined) return E.left({ _tag: 'OrderUnknown', orderNumber });
  const { lot, purchasedAt } = order;
  if (lot.closed !== null) return E.right([]);
  if (refundedAt < purchasedAt) {
    return E.left({ _tag: 'RefundBeforePurchase', orderNumber, purchasedAt, refundedAt });
  }
  const { lotId } = lot;
  const refunds = voidableFrom(lot, refundedAt).map(({ since, amount }): CreditEvent => ({
    type: 'PurchaseRefunded',
    data: { lotId, orderNumber, voided: amount, refundedAt: since },
  }));
  return E.right(refunds);
};
