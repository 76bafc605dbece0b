import {
  isInScope,
  type LedgerPurchase,
  type OrderFacts,
  type PortalPurchase,
  type Scope,
} from './facts.js';
import type { DifferingField, Finding } from './findings.js';
import { dayOf } from './local-time.js';
import { eventsOf, linesOf } from './references.js';

const fields: readonly (readonly [DifferingField, (row: PortalPurchase) => number | string])[] = [
  ['purchased at', ({ purchasedAt }) => purchasedAt],
  ['price', ({ price }) => price],
  ['currency', ({ currency }) => currency],
  ['invoice number', ({ invoiceNumber }) => invoiceNumber],
];

const differs = <A>(items: readonly A[], valueOf: (item: A) => number | string): boolean =>
  new Set(items.map(valueOf)).size > 1;

/** Every line of an order names the same credits; a purchase and its refund may differ in the rest. */
const differingFields = (portal: readonly PortalPurchase[]): readonly DifferingField[] => {
  const found = new Set<DifferingField>();
  if (differs(portal, ({ credits }) => credits)) found.add('credits');
  const refunded = portal.filter(({ status }) => status === 'refunded');
  const completed = portal.filter(({ status }) => status !== 'refunded');
  for (const [name, valueOf] of fields)
    if (differs(completed, valueOf) || differs(refunded, valueOf)) found.add(name);
  return [...found];
};

/** The lines that tell when it was bought: a refund may be listed under its own date. */
const purchaseRows = (portal: readonly PortalPurchase[]): readonly PortalPurchase[] => {
  const completed = portal.filter(({ status }) => status !== 'refunded');
  return completed.length > 0 ? completed : portal;
};

/** By content and not by line, so that moving lines about changes nothing. */
const earliestOf = <A extends Readonly<{ purchasedAt: number; credits: number }>>(
  items: readonly A[],
): A | undefined =>
  items.toSorted((a, b) => a.purchasedAt - b.purchasedAt || a.credits - b.credits)[0];

type Compared = Readonly<{
  facts: OrderFacts;
  row: PortalPurchase;
  purchase: LedgerPurchase;
  timeZone: string;
}>;

const amountFindings = ({ facts, row, purchase }: Compared): readonly Finding[] => {
  const { orderNumber, portal, purchases } = facts;
  const contradictory = differs(portal, ({ credits }) => credits);
  if (contradictory || row.credits === purchase.credits) return [];
  const amounts = { portalCredits: row.credits, ledgerCredits: purchase.credits };
  const shown = { lines: linesOf(portal), events: eventsOf(purchases) };
  return [{ class: 'amount-differs', orderNumber, ...amounts, ...shown }];
};

/** Another instant of the same day is how a portal rounds; another day is another month's lapse. */
const instantFindings = ({ facts, purchase, timeZone }: Compared): readonly Finding[] => {
  const { orderNumber, portal, purchases } = facts;
  const ledgerDay = dayOf(purchase.purchasedAt, timeZone);
  const rows = purchaseRows(portal).filter(
    ({ purchasedAt }) =>
      purchasedAt !== purchase.purchasedAt && dayOf(purchasedAt, timeZone) !== ledgerDay,
  );
  const first = earliestOf(rows);
  if (first === undefined) return [];
  const days = { portalDay: dayOf(first.purchasedAt, timeZone), ledgerDay };
  const shown = { lines: linesOf(rows), events: eventsOf(purchases) };
  return [{ class: 'instant-differs', orderNumber, ...days, ...shown }];
};

const refundFindings = ({ facts }: Compared): readonly Finding[] => {
  const { orderNumber, portal, purchases, refunds, unreadableLines } = facts;
  const refunded = portal.filter(({ status }) => status === 'refunded');
  // Without the column, or with a line that might have said it, the portal denies no refund.
  const isTold = unreadableLines.length === 0 && portal.every(({ status }) => status !== null);
  if (refunded.length > 0 && refunds.length === 0) {
    const shown = { lines: linesOf(refunded), events: eventsOf(purchases) };
    return [{ class: 'refund-missing-in-ledger', orderNumber, ...shown }];
  }
  if (refunded.length > 0 || refunds.length === 0 || !isTold) return [];
  const shown = { lines: linesOf(portal), events: eventsOf([...purchases, ...refunds]) };
  return [{ class: 'refund-missing-in-portal', orderNumber, ...shown }];
};

const onlyInPortal = (facts: OrderFacts, row: PortalPurchase): Finding => {
  const { orderNumber, portal } = facts;
  const refunded = portal.find(({ status }) => status === 'refunded');
  return {
    class: 'purchase-missing-in-ledger',
    orderNumber,
    credits: row.credits,
    purchasedAt: row.purchasedAt,
    status: refunded?.status ?? row.status,
    lines: linesOf(portal),
    events: [],
  };
};

const onlyInLedger = (facts: OrderFacts, purchase: LedgerPurchase): Finding => {
  const { orderNumber, purchases, refunds } = facts;
  const { credits, purchasedAt } = purchase;
  const shown = { lines: [], events: eventsOf([...purchases, ...refunds]) };
  return { class: 'purchase-missing-in-portal', orderNumber, credits, purchasedAt, ...shown };
};

const repeatFindings = ({ orderNumber, portal, purchases }: OrderFacts): readonly Finding[] => {
  const found: Finding[] = [];
  const differsIn = differingFields(portal);
  if (differsIn.length > 0) {
    const shown = { lines: linesOf(portal), events: eventsOf(purchases) };
    found.push({ class: 'duplicate-order-differs', orderNumber, differsIn, ...shown });
  }
  if (purchases.length > 1) {
    const credits = purchases.reduce((sum, purchase) => sum + purchase.credits, 0);
    const shown = { lines: linesOf(portal), events: eventsOf(purchases) };
    found.push({ class: 'order-twice-in-ledger', orderNumber, credits, ...shown });
  }
  return found;
};

/** The instants that decide whether an order is looked at; one inside brings the whole order in. */
const isLookedAt = ({ portal, purchases }: OrderFacts, scope: Scope): boolean =>
  [...portal, ...purchases].some(({ purchasedAt }) => isInScope(scope, purchasedAt));

/**
 * What the portal and the ledger say differently about one order (rulebook §5). The order of the facts
 * changes nothing.
 */
export const reconcileOrder =
  (timeZone: string, scope: Scope) =>
  (facts: OrderFacts): readonly Finding[] => {
    const { portal, purchases, unreadableLines } = facts;
    if (!isLookedAt(facts, scope)) return [];
    const found = repeatFindings(facts);
    const row = earliestOf(purchaseRows(portal));
    const purchase = earliestOf(purchases);
    if (row === undefined) {
      const isUnknown = purchase === undefined || unreadableLines.length > 0;
      return isUnknown ? found : [...found, onlyInLedger(facts, purchase)];
    }
    if (purchase === undefined) return [...found, onlyInPortal(facts, row)];
    const compared = { facts, row, purchase, timeZone };
    return [
      ...found,
      ...amountFindings(compared),
      ...instantFindings(compared),
      ...refundFindings(compared),
    ];
  };
