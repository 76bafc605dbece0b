import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { auditClasses } from '../src/audit/index.js';
import {
  AT,
  audited,
  captured,
  END,
  foundIn,
  FREE,
  held,
  HOUR,
  lapsed,
  logOf,
  message,
  month,
  onCredits,
  one,
  order,
  released,
  reversed,
  START,
  summarised,
  used,
  type Crafted,
} from './audit-log.js';

// Goal: every class of defect is found, with its events, and nothing else is. Method: one defect at a
// time is appended to a log; positions are those of the lists below, from 1.

const paid = [month(5), held('s'), used('s'), captured('s'), summarised('s')];
const blocks = { tariff: 'assistant-blocks' };
const unknownLot = [{ lotId: 'free:1999-01', amount: 1 }];
const issued = onCredits('StatementIssued', {
  month: '2026-06',
  timeZone: 'UTC',
  format: 1,
  issuedAt: END,
  knownAt: END,
  revision: 0,
  digest: '',
  opening: 0,
  closing: 0,
});
const deducted = (amount: number): Crafted =>
  onCredits('CreditsDeducted', {
    reason: 'r',
    author: 'a',
    adjustmentId: 'adj',
    amount,
    allocations: one,
    deductedAt: AT,
  });
const voided = (amount: number, voidedAt = AT): Crafted =>
  onCredits('LotVoided', {
    lotId: FREE,
    voidId: 'v',
    voided: amount,
    reason: 'dispute',
    author: 'a',
    voidedAt,
  });
const refunded = (amount: number): Crafted =>
  onCredits('PurchaseRefunded', {
    lotId: 'order:PO',
    orderNumber: 'PO',
    voided: amount,
    refundedAt: AT,
  });
const messages = (count: number): readonly Crafted[] =>
  Array.from({ length: count }, (_, index) => message('s', index));

type Case = readonly [finding: string, events: readonly Crafted[]];

const defects: readonly Case[] = [
  ['event-unreadable CreditsHeld @2', [month(5), onCredits('CreditsHeld', { amount: 'x' })]],
  ['event-unreadable AiUseAllowed @1', [{ ...used('s'), data: {} }]],
  ['event-unknown CreditsMelted @2', [month(5), onCredits('CreditsMelted', {})]],
  ['lot-unknown free:1999-01 @1', [held('s', { allocations: unknownLot })]],
  ['lot-granted-twice order:PO @1,2', [order('PO', 1), { ...order('PO', 1), ...orderOf('PO-2') }]],
  ['month-granted-twice 2026-06 @1,2', [month(5), month(5, 'free:again')]],
  ['order-twice PO @1,2', [order('PO', 1), { ...order('PO', 1), ...lotOf('order:other') }]],
  ['statement-issued-twice 2026-06 @1,2', [issued, issued]],
  [`lot-outside-life ${FREE} @1,2`, [month(5), held('s', { heldAt: END })]],
  [`lot-outside-life ${FREE} @1,2`, [month(5), held('s', { heldAt: START - 1 })]],
  [`lot-outside-life ${FREE} @1,3`, [month(5), held('s'), released('s', { at: END })]],
  [`lot-outside-life ${FREE} @1,2`, [month(5), lapsed(5, null, END - 1)]],
  [`lot-outside-life ${FREE} @1,2`, [month(5), voided(5, END)]],
  [`lot-overdrawn ${FREE} @1,3`, [month(1), held('s'), held('t')]],
  [`lot-overdrawn ${FREE} @1,2`, [month(1), voided(2)]],
  ['lot-overdrawn order:PO @1,2', [order('PO', 1), refunded(2)]],
  [`lot-overdrawn ${FREE} @1,3`, [month(1), held('s'), deducted(1)]],
  ['conservation-broken s:0 @2', [month(5), held('s', { amount: 2 })]],
  ['conservation-broken adj @2', [month(5), deducted(2)]],
  ['conservation-broken s:0 @2,3', [month(5), held('s'), released('s', { returned: [] })]],
  ['charge-unknown s:0 @2', [month(5), captured('s')]],
  ['hold-settled-twice s:0 @2,4', [month(5), held('s'), released('s'), released('s')]],
  ['hold-settled-twice s:0 @2,6', [...paid, captured('s')]],
  ['hold-settled-twice s:0 @2,7', [...paid, reversed('s'), reversed('s')]],
  ['hold-settled-twice s:0 @2,3', [month(5), held('s'), reversed('s')]],
  ['charged-twice s @2,6', [...paid, held('s', { generation: 1 })]],
  ['charged-twice s @2,4', [month(5), held('s'), released('s'), held('s')]],
  [`lapse-counted-twice ${FREE} @1,3`, [month(5), lapsed(5), lapsed(5)]],
  [`lapse-counted-twice ${FREE} @2`, [month(5), lapsed(1, 's:0')]],
  [`lapse-missing ${FREE} @3`, [month(5), held('s'), late()]],
  ['ai-use-without-charge s @2', [month(5), used('s')]],
  ['ai-use-without-charge s @2', [month(5), message('s', 0)]],
  ['ai-use-without-charge s @2,3', [month(5), used('s'), held('s'), captured('s')]],
  ['summary-without-charge s @2', [month(5), summarised('s')]],
  ['summary-without-charge s @2,4', [month(5), held('s'), released('s'), summarised('s')]],
  ['charge-without-ai-use s @2', [month(5), held('s'), captured('s')]],
  ['blocks-charge-differs s @2', [month(5), held('s', blocks), captured('s'), ...messages(51)]],
];

function orderOf(orderNumber: string): Pick<Crafted, 'data'> {
  return { data: { ...order('PO', 1).data, orderNumber } };
}
function lotOf(lotId: string): Pick<Crafted, 'data'> {
  return { data: { ...order('PO', 1).data, lotId } };
}
function late(): Crafted {
  return released('s', { returned: [], lapsed: one, at: END + HOUR });
}

const legal: readonly (readonly [string, readonly Crafted[]])[] = [
  ['a paid summary', paid],
  ['a reversed charge, and the next', [...paid, reversed('s'), held('s', { generation: 1 })]],
  ['a late release and its lapse', [month(5), held('s'), late(), lapsed(1, 's:0', END + HOUR)]],
  ['a lapse at the end', [month(5), lapsed(5)]],
  [
    'a void, a deduction, a refund',
    [month(5), deducted(1), voided(4), order('PO', 2), refunded(2)],
  ],
  [
    'two blocks',
    [month(5), held('s', blocks), captured('s'), ...messages(51)].concat(
      held('s', { ...blocks, generation: 1 }),
      captured('s', 1),
    ),
  ],
  ['use that is under way', [month(5), held('s'), used('s')]],
  ['a closed month', [issued]],
];

describe('The audit', () => {
  it.each(defects)('finds %s', async (finding, events) => {
    const report = await audited(await logOf(events));
    expect(foundIn(report)).toStrictEqual([finding]);
    expect(report.isClean).toBe(false);
  });

  it.each(legal)('has nothing against %s', async (_name, events) => {
    const report = await audited(await logOf(events));
    expect(report.findings).toStrictEqual([]);
    expect(report).toMatchObject({ isClean: true, events: events.length });
  });

  it('finds ids that do not derive from their commands', async () => {
    const id = '00000000-0000-8000-8000-000000000000';
    const log = await logOf([month(5), { ...held('s'), id }, { ...used('s'), commandId: null }]);
    const noCommand = foundIn(await audited(log)).at(-1);
    expect(foundIn(await audited(log))).toHaveLength(2);
    expect(foundIn(await audited(log))[0]).toBe(`event-id-not-derived ${id} @2`);
    expect(noCommand).toMatch(/^event-id-not-derived .* @3$/);
  });

  it('finds a revision that is missing, once', async () => {
    const log = await logOf([month(5), order('PO', 1), held('s'), released('s')]);
    const holed = without(log, 2);
    expect(foundIn(await audited(holed))).toStrictEqual(['revision-gap credits-acme @3']);
  });

  it('plants a defect of every class but that of the read model', () => {
    const planted = new Set(defects.map(([finding]) => finding.split(' ')[0]));
    const elsewhere = ['revision-gap', 'event-id-not-derived', 'ledger-differs'];
    const missing = Object.keys(auditClasses).filter((name) => !planted.has(name));
    expect(missing).toStrictEqual(elsewhere);
  });

  it('keeps a hundred findings of a class and counts the others', async () => {
    const report = await audited(
      await logOf(Array.from({ length: 120 }, (_, index) => used(`s-${index}`))),
    );
    expect(report.findings).toHaveLength(100);
    expect(report.counts['ai-use-without-charge']).toBe(120);
  });
});

/** The same log as a reader would see it that had lost one event. */
function without(log: EventStore, position: number): Pick<EventStore, 'readAll'> {
  return {
    async *readAll() {
      for await (const page of log.readAll()) {
        if (E.isLeft(page)) yield page;
        else {
          const events = page.right.events.filter((event) => event.position !== position);
          yield E.right({ ...page.right, events });
        }
      }
    },
  };
}
