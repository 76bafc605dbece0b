import { reconcileSession, type SessionFact } from '../../src/reconciliation/index.js';
import { ruleBook } from '../../src/rules/index.js';
import { assistant, AT, held, ref, SESSION, step, summary } from './builders.js';

// Goal: each class of finding for sessions, exactly, with the events that show it.

const found = (...facts: readonly SessionFact[]) => reconcileSession(ruleBook, {})(SESSION, facts);
const paid = [held(1), step('captured', 2)];
const inSession = (position: number) => ref(position, `session-acme_${SESSION}`);
const inSummary = (position: number) => ref(position, `summary-acme_${SESSION}`);

describe('A session', () => {
  it('owes one credit, whatever it used', () => {
    expect(found(...paid, assistant(3), assistant(4), summary(5), summary(6))).toStrictEqual([]);
  });

  it('owes nothing where nothing succeeded', () => {
    expect(found(held(1), step('released', 2))).toStrictEqual([]);
    expect(found(held(1))).toStrictEqual([]);
  });

  it('is paid by a hold that is not settled yet', () => {
    expect(found(held(1), summary(2))).toStrictEqual([]);
  });

  it('is paid again after a charge that was given back', () => {
    const again = [held(4, 1), step('captured', 5, 1)];
    expect(found(...paid, step('reversed', 3), ...again, summary(6))).toStrictEqual([]);
  });

  it('is charged twice', () => {
    expect(found(...paid, held(3, 1), step('captured', 4, 1), summary(5))).toStrictEqual([
      {
        class: 'session-charged-twice',
        sessionId: SESSION,
        charged: 2,
        owed: 1,
        lines: [],
        events: [ref(1), ref(2), ref(3), ref(4)],
      },
    ]);
  });

  it('is charged twice by one charge that the log holds twice', () => {
    expect(found(held(1), held(2), step('captured', 3), summary(4))).toMatchObject([
      { class: 'session-charged-twice', charged: 2 },
    ]);
  });

  it('is charged without AI use', () => {
    expect(found(...paid)).toStrictEqual([
      {
        class: 'charged-without-ai-use',
        sessionId: SESSION,
        charged: 1,
        lines: [],
        events: [ref(1), ref(2)],
      },
    ]);
  });

  it('used the assistant without a charge; the one that was given back is named', () => {
    expect(found(held(1), assistant(2), step('released', 3))).toStrictEqual([
      {
        class: 'ai-use-without-charge',
        sessionId: SESSION,
        charged: 0,
        owed: 1,
        lines: [],
        events: [ref(1), inSession(2), ref(3)],
      },
    ]);
  });

  it('has a summary without a charge', () => {
    expect(found(summary(4))).toStrictEqual([
      { class: 'summary-without-charge', sessionId: SESSION, lines: [], events: [inSummary(4)] },
    ]);
    expect(found(...paid, step('reversed', 3), summary(4), assistant(5))).toMatchObject([
      { class: 'ai-use-without-charge' },
      { class: 'summary-without-charge' },
    ]);
  });

  it('is passed over outside the period', () => {
    const inPeriod = (from: number) => reconcileSession(ruleBook, { from })(SESSION, [summary(4)]);
    expect(inPeriod(AT)).toHaveLength(1);
    expect(inPeriod(AT + 1)).toStrictEqual([]);
  });
});

describe('Under the tariff by blocks', () => {
  const [first] = ruleBook;
  if (first === undefined) throw new Error('The rule book has a first entry');
  const blocks = [{ ...first, tariff: 'assistant-blocks' as const, assistantBlockMessages: 2 }];
  const under = (...facts: readonly SessionFact[]) => reconcileSession(blocks, {})(SESSION, facts);

  it('each further block owes one more, a summary nothing', () => {
    const three = [assistant(3), assistant(4), assistant(5), summary(6)];
    expect(under(...paid, ...three.slice(0, 2), summary(6))).toStrictEqual([]);
    expect(under(...paid, held(7, 1), step('captured', 8, 1), ...three)).toStrictEqual([]);
    expect(under(...paid, ...three)).toMatchObject([
      { class: 'ai-use-without-charge', charged: 1, owed: 2 },
    ]);
    expect(under(...paid, summary(6))).toStrictEqual([]);
  });
});
