import { reconcileOrder, type Finding, type OrderFacts } from '../../src/reconciliation/index.js';
import { AT, DAY, order, ORDER, purchase, ref, refund, row, ZONE } from './builders.js';

// Goal: each class of finding for purchases, exactly, with its lines and events.

const found = (facts: Partial<OrderFacts>, scope = {}): readonly Finding[] =>
  reconcileOrder(ZONE, scope)(order(facts));

const both = { portal: [row(2)], purchases: [purchase(5)] };

describe('An order that portal and ledger know alike', () => {
  it('is no finding', () => {
    expect(found(both)).toStrictEqual([]);
  });

  it('is none either where both say that it was refunded, on one line or on two', () => {
    const refunds = [refund(9), refund(11)];
    expect(found({ ...both, portal: [row(2, { status: 'refunded' })], refunds })).toStrictEqual([]);
    const credited = row(3, { status: 'refunded', purchasedAt: AT + DAY, invoiceNumber: 'CN-1' });
    expect(found({ ...both, portal: [row(2), credited], refunds })).toStrictEqual([]);
  });

  it('may differ in the time of day, and not in the day of the company', () => {
    const sameDay = Date.UTC(2026, 5, 21, 22);
    expect(found({ ...both, portal: [row(2, { purchasedAt: sameDay })] })).toStrictEqual([]);
    expect(found({ ...both, portal: [row(2, { purchasedAt: sameDay - 1 })] })).toStrictEqual([
      {
        class: 'instant-differs',
        orderNumber: ORDER,
        portalDay: '2026-06-21',
        ledgerDay: '2026-06-22',
        lines: [2],
        events: [ref(5)],
      },
    ]);
  });
});

describe('A purchase that one side does not have', () => {
  it('is missing in the ledger', () => {
    expect(found({ portal: [row(2)] })).toStrictEqual([
      {
        class: 'purchase-missing-in-ledger',
        orderNumber: ORDER,
        credits: 100,
        purchasedAt: AT,
        status: 'completed',
        lines: [2],
        events: [],
      },
    ]);
  });

  it('is missing in the ledger once, also when it was refunded', () => {
    const found2 = found({ portal: [row(2), row(3, { status: 'refunded' })] });
    expect(found2.map((finding) => [finding.class, finding.lines])).toStrictEqual([
      ['purchase-missing-in-ledger', [2, 3]],
    ]);
    expect(found2[0]).toMatchObject({ status: 'refunded' });
  });

  it('is missing in the portal, with its refund', () => {
    expect(found({ purchases: [purchase(5)], refunds: [refund(9)] })).toStrictEqual([
      {
        class: 'purchase-missing-in-portal',
        orderNumber: ORDER,
        credits: 100,
        purchasedAt: AT,
        lines: [],
        events: [ref(5), ref(9)],
      },
    ]);
  });

  it('is not missing where its line is there and cannot be read', () => {
    expect(found({ purchases: [purchase(5)], unreadableLines: [4] })).toStrictEqual([]);
  });
});

describe('Two lines of one order', () => {
  it('that differ in credits are one finding, and no other amount is compared', () => {
    const portal = [row(7, { credits: 50 }), row(2)];
    expect(found({ ...both, portal })).toStrictEqual([
      {
        class: 'duplicate-order-differs',
        orderNumber: ORDER,
        differsIn: ['credits'],
        lines: [2, 7],
        events: [ref(5)],
      },
    ]);
  });

  it('that differ in anything else are one too, each field named', () => {
    const other = { price: '1', currency: 'USD', invoiceNumber: 'INV-2', purchasedAt: AT + 1 };
    expect(found({ ...both, portal: [row(2), row(3, other)] })).toMatchObject([
      { differsIn: ['purchased at', 'price', 'currency', 'invoice number'] },
    ]);
    const refunds = [row(3, { status: 'refunded' }), row(4, { status: 'refunded', price: '2' })];
    const facts = { ...both, portal: [row(2), ...refunds], refunds: [refund(9)] };
    expect(found(facts)).toMatchObject([{ differsIn: ['price'], lines: [2, 3, 4] }]);
  });

  it('that differ in credits as purchase and refund are one as well', () => {
    const portal = [row(2), row(3, { status: 'refunded', credits: 99 })];
    expect(found({ ...both, portal, refunds: [refund(9)] })).toMatchObject([
      { class: 'duplicate-order-differs', differsIn: ['credits'] },
    ]);
  });
});

describe('A purchase that both have', () => {
  it('may differ in its amount', () => {
    expect(found({ ...both, portal: [row(2, { credits: 90 })] })).toStrictEqual([
      {
        class: 'amount-differs',
        orderNumber: ORDER,
        portalCredits: 90,
        ledgerCredits: 100,
        lines: [2],
        events: [ref(5)],
      },
    ]);
  });

  it('may be twice in the ledger', () => {
    expect(found({ ...both, purchases: [purchase(8), purchase(5)] })).toStrictEqual([
      {
        class: 'order-twice-in-ledger',
        orderNumber: ORDER,
        credits: 200,
        lines: [2],
        events: [ref(5), ref(8)],
      },
    ]);
  });

  it('may be refunded in the portal alone', () => {
    expect(found({ ...both, portal: [row(2, { status: 'refunded' })] })).toStrictEqual([
      { class: 'refund-missing-in-ledger', orderNumber: ORDER, lines: [2], events: [ref(5)] },
    ]);
  });

  it('may be refunded in the ledger alone', () => {
    expect(found({ ...both, refunds: [refund(9)] })).toStrictEqual([
      {
        class: 'refund-missing-in-portal',
        orderNumber: ORDER,
        lines: [2],
        events: [ref(5), ref(9)],
      },
    ]);
  });

  it('is not said to lack a refund by a file that tells of none, or that cannot be read there', () => {
    const refunds = [refund(9)];
    expect(found({ ...both, portal: [row(2, { status: null })], refunds })).toStrictEqual([]);
    expect(found({ ...both, unreadableLines: [3], refunds })).toStrictEqual([]);
  });
});

describe('A period', () => {
  const facts = { portal: [row(2, { purchasedAt: AT })] };

  it('begins with its first instant and ends before its last', () => {
    expect(found(facts, { from: AT, to: AT + 1 })).toHaveLength(1);
    expect(found(facts, { from: AT + 1 })).toStrictEqual([]);
    expect(found(facts, { to: AT })).toStrictEqual([]);
  });

  it('takes in an order of which one side lies inside, so that nothing is missing at its edge', () => {
    const portal = [row(2, { purchasedAt: AT - DAY })];
    expect(found({ portal, purchases: [purchase(5)] }, { from: AT })).toMatchObject([
      { class: 'instant-differs' },
    ]);
  });
});
