import {
  balanceAt,
  chargeAmount,
  creditsAsOf,
  creditStatement,
  lotFiguresAt,
  restoreAccount,
  snapshotOf,
  statementText,
  type CreditAccountSnapshot,
  type CreditCommand,
  type StatementScope,
} from '../../src/credits/index.js';
import { rulesAt, type RuleBook } from '../../src/rules/index.js';
import { ruleBook } from '../../src/rules/index.js';
import { foldAll } from './arbitraries.js';
import {
  add,
  april,
  capture,
  day,
  deduct,
  grant,
  hold,
  issueStatement,
  march,
  may,
  noon,
  promote,
  purchase,
  recordLapses,
  refund,
  release,
  reverse,
  voidLot,
} from './builders.js';
import { openLedger, paidBy, typesOf } from './ledger.js';

/*
 * The hard cases of credit ledgers, 10 to 12 and 15 to 22, by number: claw-backs, late events, order, both
 * time axes, snapshots, repeats, rule versions and sums.
 */
const free = 'free:2025-03';
const paid = 'order:A-1';
const scope: StatementScope = { company: 'acme', month: '2025-03', timeZone: 'UTC' };

describe('Hard cases of the books', () => {
  it('10: voiding a lot that is partly used, fully used, ended, voided or refunded claws back once; its natural end removes nothing more', () => {
    const before: readonly (readonly [string, readonly CreditCommand[], number])[] = [
      ['partly used', [hold({ amount: 4 }), capture()], 6],
      ['fully used', [hold({ amount: 10 }), capture()], 0],
      ['already lapsed', [recordLapses(Date.UTC(2026, 2, 1))], 0],
      ['already voided', [voidLot()], 10],
      ['already refunded', [refund()], 10],
    ];
    for (const [name, commands, voided] of before) {
      const ledger = openLedger();
      ledger.run(purchase());
      for (const command of commands) ledger.run(command);
      ledger.run(voidLot({ voidId: 'dispute-2', voidedAt: noon + day }));
      // Refund plus dispute of one payment, in either order, and again by another node.
      expect(ledger.run(refund({ refundedAt: noon + day }))).toStrictEqual([]);
      expect(ledger.run(voidLot({ voidId: 'dispute-3', voidedAt: noon + day }))).toStrictEqual([]);
      ledger.run(recordLapses(Date.UTC(2026, 2, 2)));
      expect([name, ledger.lot(paid, Date.UTC(2026, 2, 2)).voided]).toStrictEqual([name, voided]);
    }
    const held = openLedger();
    held.run(purchase());
    held.run(hold());
    held.run(voidLot());
    held.run(refund());
    expect(typesOf(held.run(release()))).toStrictEqual(['HoldReleased', 'LotVoided']);
    expect(held.lot(paid, noon + day)).toMatchObject({ voided: 10, held: 0, available: 0 });
  });

  it('11: a late use, grant or void moves no booked allocation, and no lot was below zero in between', () => {
    const ledger = openLedger();
    ledger.run(purchase({ amount: 2 }));
    ledger.run(hold({ heldAt: noon + 5 * day, amount: 2 }));
    const booked = JSON.stringify(ledger.events());
    // A use of before that finds nothing left is refused, although nothing was spent at its instant.
    expect(ledger.refusalOf(hold({ sessionId: 's2' }))).toMatchObject({ missing: 1 });
    ledger.run(release({ releasedAt: noon + 6 * day }));
    // What came back on day 6 was inside a charge on day 5: a use of then cannot take it.
    expect(ledger.refusalOf(hold({ sessionId: 's2', heldAt: noon + 5 * day }))).toMatchObject({
      missing: 1,
    });
    ledger.run(grant());
    expect(paidBy(ledger.run(hold({ sessionId: 's2' })))).toStrictEqual([`${free}=1`]);
    ledger.run(voidLot({ voidedAt: noon + 5 * day }));
    expect(JSON.stringify(ledger.events().slice(0, 2))).toBe(booked);
    for (const asOf of [noon, noon + 5 * day, noon + 6 * day]) {
      for (const lot of creditsAsOf(ledger.entries(), { asOf }).lots) {
        expect(Math.min(lot.available, lot.held, lot.used, lot.voided)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('12: a use that was refused stays refused whatever is granted later; there is no debt that a later grant would pay', () => {
    const early = openLedger();
    expect(early.refusalOf(hold())._tag).toBe('InsufficientCredits');
    early.run(purchase({ purchasedAt: noon + day }));
    expect(early.refusalOf(hold())._tag).toBe('InsufficientCredits');
    const late = openLedger();
    late.run(purchase({ purchasedAt: noon + day }));
    expect(late.refusalOf(hold())._tag).toBe('InsufficientCredits');
    expect(snapshotOf(early.account())).toStrictEqual(snapshotOf(late.account()));
  });

  it('15: lots that tie on everything pay in the order of recording, with a snapshot or without', () => {
    const ledger = openLedger();
    for (const orderNumber of ['B', 'A', 'C']) ledger.run(purchase({ orderNumber, amount: 1 }));
    const copy = restoreAccount(snapshotOf(ledger.account()));
    expect(copy.burning.map(({ lotId }) => lotId)).toStrictEqual(['order:B', 'order:A', 'order:C']);
    // Of lots that end together the free one pays first, also when it was recorded last.
    ledger.run(promote({ amount: 1, expiresAt: copy.burning[0]?.expiresAt ?? 0 }));
    expect(paidBy(ledger.run(hold({ amount: 4 })))).toStrictEqual([
      'promotion:spring=1',
      'order:B=1',
      'order:A=1',
      'order:C=1',
    ]);
  });

  it('16: what is recorded late is unknown at R, changes no issued statement, and is a correction in the next', () => {
    const ledger = openLedger();
    ledger.run(grant());
    const revision = ledger.entries().length - 1;
    const issued = { '2025-03': { revision, timeZone: 'UTC' } };
    const signed = statementText(creditStatement(ledger.entries(april), scope));
    ledger.run(issueStatement({ revision }));
    ledger.run(hold());
    const entries = ledger.entries(april);
    expect(statementText(creditStatement(entries, { ...scope, issued }))).toBe(signed);
    const { lines } = creditStatement(entries, { ...scope, month: '2025-04', issued });
    expect(lines[0]).toMatchObject({ column: 'held', amount: 1, correctionOf: '2025-03' });
    expect(creditsAsOf(entries, { asOf: noon, knownAt: april }).available).toBe(5);
    expect(creditsAsOf(entries, { asOf: noon }).available).toBe(4);
  });

  it('17: an account from any snapshot answers byte for byte like one from its first event, late input included', () => {
    const ledger = openLedger();
    ledger.run(grant());
    ledger.run(promote());
    ledger.run(hold({ heldAt: noon + day, amount: 6 }));
    ledger.run(deduct({ amount: 1, deductedAt: march + day }));
    ledger.run(release({ releasedAt: noon + 2 * day }));
    const events = ledger.events();
    const whole = JSON.stringify(snapshotOf(foldAll(events)));
    for (let cut = 0; cut <= events.length; cut += 1) {
      const text = JSON.stringify(snapshotOf(foldAll(events.slice(0, cut))));
      const account = restoreAccount(JSON.parse(text) as CreditAccountSnapshot);
      expect(JSON.stringify(snapshotOf(account))).toBe(text);
    }
    expect(JSON.stringify(snapshotOf(ledger.account()))).toBe(whole);
  });

  it('18: a retry is one order, promotion or adjustment; the same id with another content is an error; a refusal repeats itself', () => {
    const ledger = openLedger();
    const given = [purchase(), promote(), add(), deduct({ deductedAt: noon + day })];
    for (const command of given) expect(ledger.run(command)).toHaveLength(1);
    for (const command of given) expect(ledger.run(command)).toStrictEqual([]);
    expect(ledger.refusalOf(purchase({ amount: 11 }))._tag).toBe('OrderDiffers');
    expect(ledger.refusalOf(promote({ amount: 11 }))._tag).toBe('GrantDiffers');
    expect(ledger.refusalOf(add({ amount: 11 }))._tag).toBe('GrantDiffers');
    expect(ledger.refusalOf(deduct({ amount: 11 }))._tag).toBe('GrantDiffers');
    const short = hold({ amount: 99 });
    expect(ledger.refusalOf(short)).toStrictEqual(ledger.refusalOf(short));
  });

  it('19: one credit short is refused whole and says so; nothing is clamped, and of two requests one gets the last credit', () => {
    const ledger = openLedger();
    ledger.run(purchase({ amount: 3 }));
    expect(ledger.refusalOf(hold({ amount: 4 }))).toMatchObject({ needed: 4, missing: 1 });
    expect(ledger.refusalOf(deduct({ amount: 4 }))).toMatchObject({ available: 3, missing: 1 });
    ledger.run(hold({ amount: 2 }));
    ledger.run(hold({ sessionId: 's2' }));
    expect(ledger.refusalOf(hold({ sessionId: 's3' }))).toMatchObject({ missing: 1, held: 3 });
    expect(balanceAt(ledger.account(), noon).available).toBe(0);
  });

  it('20: allotment, life and price are those of the rules of the instant; events keep what was decided', () => {
    const next = rulesAt(ruleBook, april);
    const rules: RuleBook = [
      next,
      {
        ...next,
        version: '2025-04-01',
        effectiveFrom: april,
        monthlyCredits: { business: 8 },
        purchaseLifeMonths: 1,
        tariff: 'assistant-blocks',
      },
    ];
    const ledger = openLedger(rules);
    for (const instant of [march, april]) ledger.run(grant({ instant }));
    expect([...ledger.account().lots.values()].map(({ granted }) => granted)).toStrictEqual([5, 8]);
    ledger.run(purchase({ purchasedAt: april }));
    expect(ledger.account().lots.get(paid)?.expiresAt).toBe(may);
    const use = { summaries: 1, assistantMessages: 51 };
    const price = [april - 1, april].map((at) => chargeAmount(rulesAt(rules, at), use));
    expect(price).toStrictEqual([1, 2]);
    expect(snapshotOf(foldAll(ledger.events()))).toStrictEqual(snapshotOf(ledger.account()));
  });

  it('21: every lot is conserved, accounts are the sum of lots, free and paid apart, and a period ties to its events', () => {
    const ledger = openLedger();
    const all = [grant(), promote(), add(), purchase(), hold({ amount: 13 }), capture()];
    for (const command of all) ledger.run(command);
    ledger.run(reverse());
    ledger.run(deduct({ deductedAt: noon + day }));
    ledger.run(voidLot({ voidedAt: noon + day }));
    for (const lot of lotFiguresAt(ledger.account(), april)) {
      const { granted, used, lapsed, voided, held, available } = lot;
      expect(used + lapsed + voided + held + available).toBe(granted);
    }
    const statement = creditStatement(ledger.entries(), scope);
    expect(statement).toMatchObject({
      grantedFree: 5,
      promotional: 4,
      adjusted: 1,
      purchased: 10,
      usedFree: 12,
      usedPaid: 1,
      refunded: 13,
      voided: 10,
      closing: 10,
    });
    expect(statement.free).toMatchObject({ purchased: 0, usedFree: 12, voided: 0, closing: 10 });
    expect(statement.paid).toMatchObject({ purchased: 10, usedPaid: 1, voided: 10, closing: 0 });
    expect(statement.lapsesAhead.map(({ amount }) => amount)).toStrictEqual([3, 3, 4]);
  });

  it('22: whole credits only: a fraction, zero or a number past 2^53 never becomes a booking', () => {
    const ledger = openLedger();
    for (const amount of [0.5, 0, -1, Number.NaN, 2 ** 53]) {
      for (const command of [purchase({ amount }), promote({ amount }), deduct({ amount })]) {
        expect(() => ledger.run(command)).toThrow('whole credits');
      }
    }
    expect(() => ledger.run(hold({ amount: 1.5 }))).toThrow('whole credits');
    ledger.run(purchase({ amount: Number.MAX_SAFE_INTEGER }));
    expect(ledger.refusalOf(add({ amount: 1 }))._tag).toBe('AmountTooLarge');
    expect(ledger.events()).toHaveLength(1);
  });
});
