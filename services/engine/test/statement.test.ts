import { makeCommandHandler } from '@daybook/command-handling';
import { statementText } from '@daybook/domain/credits';
import { ruleBook } from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';
import { createHash } from 'node:crypto';
import type { Call } from '../src/call.js';
import { keepHouse } from '../src/housekeeping.js';
import { issueStatement, readStatement, type StatementAnswer } from '../src/statement.js';
import { COMPANY, countOf, engineOver, memoryStore, right, setUp } from './in-memory-engine.js';

// Goal: what billing signed can be issued again for ever, and alerts fire once. Method: a month is
// closed, the account goes on, also with what belongs to the closed month, and the month is read again.

const MARCH_20 = Date.UTC(2026, 2, 20);
const APRIL_2 = Date.UTC(2026, 3, 2);

const setting = async () => {
  const store = memoryStore();
  const engine = engineOver(store);
  await setUp(engine, 5);
  const deps = { handler: makeCommandHandler({ store, ruleBook }), ruleBook, store };
  const issue = (month: string, at = APRIL_2) => {
    const commandId = `issue/${month}/${at}`;
    const actor = { kind: 'administrator', id: 'billing-7' } as const;
    const call: Call = { company: COMPANY, actor, commandId, correlationId: commandId, at };
    return issueStatement(deps)(call, month);
  };
  const statement = async (month: string): Promise<StatementAnswer> => {
    const read = right(await readStatement(store)(COMPANY, month));
    if (read === null) throw new Error('the company is registered');
    return read;
  };
  const buyLate = (orderNumber: string) =>
    engine.company({ command: 'PurchaseCredits', orderNumber, amount: 3 }, MARCH_20);
  return { store, engine, issue, statement, buyLate, house: keepHouse(deps) };
};

describe('an issued statement', () => {
  it('has the same bytes for ever, and its digest is of them', async () => {
    const { issue, statement, buyLate } = await setting();
    const open = await statement('2026-03');
    expect(open.issued).toBeNull();
    const { events } = right(await issue('2026-03'));
    expect(events).toMatchObject([{ type: 'StatementIssued', data: { digest: open.digest } }]);
    right(await buyLate('late-1'));
    const again = await statement('2026-03');
    expect(statementText(again.statement)).toBe(statementText(open.statement));
    const bytes = createHash('sha256').update(statementText(again.statement)).digest('hex');
    expect([again.digest, again.issued?.digest]).toStrictEqual([bytes, bytes]);
  });

  it('hands what came late to the next month, as a correction', async () => {
    const { issue, statement, buyLate } = await setting();
    right(await issue('2026-03'));
    right(await buyLate('late-1'));
    const { lines, purchased } = (await statement('2026-04')).statement;
    expect(purchased).toBe(3);
    expect(lines.filter(({ correctionOf }) => correctionOf !== null)).toMatchObject([
      { column: 'purchased', amount: 3, correctionOf: '2026-03', reference: 'late-1' },
    ]);
  });

  it('is issued once, in order, and not before the month is over', async () => {
    const { store, issue } = await setting();
    expect(await issue('2026-03', MARCH_20)).toMatchObject({
      left: { refusal: { _tag: 'MonthNotOver' } },
    });
    right(await issue('2026-03'));
    right(await issue('2026-03', APRIL_2 + 1));
    expect(await countOf(store, 'StatementIssued')).toBe(1);
    expect(await issue('2026-05', Date.UTC(2026, 6, 1))).toMatchObject({
      left: { refusal: { _tag: 'StatementOutOfOrder', expected: '2026-04' } },
    });
  });

  it('of a company that nobody registered is refused', async () => {
    const store = memoryStore();
    const deps = { handler: makeCommandHandler({ store, ruleBook }), ruleBook, store };
    const call = { company: 'x', actor: { kind: 'system', id: 'x' } as const, at: APRIL_2 };
    const answer = await issueStatement(deps)(
      { ...call, commandId: 'i', correlationId: 'i' },
      '2026-03',
    );
    expect(E.isLeft(answer) && answer.left).toMatchObject({
      refusal: { _tag: 'CompanyNotRegistered' },
    });
    expect(right(await readStatement(store)('x', '2026-03'))).toBeNull();
  });
});

describe('housekeeping', () => {
  it('raises an alert where only time has passed, once', async () => {
    const { store, engine, house } = await setting();
    right(await engine.company({ command: 'PurchaseCredits', orderNumber: 'o-9', amount: 2 }));
    right(await house(COMPANY, Date.UTC(2027, 1, 1)));
    const before = await countOf(store, 'CreditThresholdCrossed');
    right(await house(COMPANY, Date.UTC(2027, 2, 1)));
    const crossed = await countOf(store, 'CreditThresholdCrossed');
    expect(crossed).toBeGreaterThan(before);
    right(await house(COMPANY, Date.UTC(2027, 2, 2)));
    expect(await countOf(store, 'CreditThresholdCrossed')).toBe(crossed);
  });
});
