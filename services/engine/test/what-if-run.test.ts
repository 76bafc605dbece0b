import * as E from 'fp-ts/lib/Either.js';
import { decodeScenario, runScenario, type WhatIf } from '../src/what-if/index.js';
import { everything } from './what-if-scenarios.js';

// Goal: a scenario says what the account would do, on both time axes, under any rules. Method: small
// scenarios whose answers can be counted by hand.

const run = (given: object): WhatIf => {
  const scenario = decodeScenario(given);
  if (E.isLeft(scenario)) throw new Error(JSON.stringify(scenario.left));
  return runScenario(scenario.right);
};

const june = (day: number): string => `2026-06-${String(day).padStart(2, '0')}T12:00:00Z`;
const free = { lot: 'free', kind: 'free', credits: 2, effectiveAt: '2026-06-01T00:00:00Z' };
const paid = { lot: 'paid', kind: 'purchased', credits: 9, effectiveAt: june(1) };

describe('A scenario of credits', () => {
  it('lets the lot that ends first pay, and says what each lot gave', () => {
    const { operations } = run({
      lots: [paid, free],
      operations: [{ op: 'use', at: june(2), session: 's', credits: 3 }],
    });
    expect(operations).toStrictEqual([
      {
        index: 0,
        op: 'use',
        at: Date.parse(june(2)),
        recordedAt: Date.parse(june(2)),
        outcome: 'done',
        chargeId: 's:0',
        allocations: [
          { lotId: 'free', amount: 2 },
          { lotId: 'paid', amount: 1 },
        ],
        lots: [
          { lotId: 'free', available: 0, held: 0 },
          { lotId: 'paid', available: 8, held: 0 },
        ],
        refusal: null,
      },
    ]);
  });

  it('names the refusal and changes nothing with it', () => {
    const { operations, queries } = run({
      lots: [free],
      operations: [
        { op: 'hold', at: june(2), session: 's', credits: 3 },
        { op: 'capture', at: june(2), session: 's' },
      ],
      queries: [{ at: june(3) }],
    });
    expect(operations.map(({ outcome }) => outcome)).toStrictEqual(['refused', 'refused']);
    expect(operations[0]?.refusal).toMatchObject({ _tag: 'InsufficientCredits', missing: 1 });
    expect(operations[1]?.refusal).toStrictEqual({ _tag: 'ChargeUnknown', chargeId: 's:0' });
    expect(queries[0]).toMatchObject({ available: 2, held: 0 });
  });

  it('decides in the order of recording: who is reported late finds what is left', () => {
    const { operations } = run({
      lots: [{ ...free, credits: 1 }],
      operations: [
        { op: 'use', at: june(5), recordedAt: june(20), session: 'late' },
        { op: 'use', at: june(6), session: 'timely' },
      ],
    });
    const outcomes = operations.map(({ index, outcome }) => [index, outcome]);
    expect(outcomes).toStrictEqual([
      [1, 'done'],
      [0, 'refused'],
    ]);
  });

  it('lets the lot that stands first pay where nothing else tells two apart', () => {
    const { operations } = run({
      lots: [
        { ...free, lot: 'z' },
        { ...free, lot: 'a' },
      ],
      operations: [{ op: 'use', at: june(2), session: 's' }],
    });
    expect(operations[0]?.allocations).toStrictEqual([{ lotId: 'z', amount: 1 }]);
  });

  it('answers as of one instant as known at another', () => {
    const late = { op: 'use', at: june(5), recordedAt: june(20), session: 's' };
    const { queries } = run({
      lots: [free],
      operations: [late, { op: 'use', at: june(6), session: 't' }],
      queries: [
        { at: june(10), knownAt: june(10) },
        { at: june(10) },
        { at: june(5) },
        { at: june(4) },
        { at: '2026-07-01T00:00:00Z', what: 'lots' },
      ],
    });
    expect(queries.map(({ available }) => available)).toStrictEqual([1, 0, 1, 2, 0]);
    expect(queries[4]?.lots).toMatchObject([{ granted: 2, used: 2, lapsed: 0, available: 0 }]);
  });

  it('lapses by date, at the first instant after the end, without anything being written down', () => {
    const end = '2026-07-01T00:00:00.000Z';
    const { queries } = run({
      lots: [free],
      queries: [
        { at: '2026-06-30T23:59:59.999Z', what: 'lots' },
        { at: end, what: 'lots' },
      ],
    });
    expect(queries.map(({ lots }) => lots[0])).toMatchObject([
      { available: 2, lapsed: 0 },
      { available: 0, lapsed: 2 },
    ]);
  });

  it('shows each charge as it stood', () => {
    const { queries } = run({
      lots: [free],
      operations: [
        { op: 'hold', at: june(2), session: 's' },
        { op: 'release', at: june(4), session: 's' },
        { op: 'use', at: june(5), session: 's' },
      ],
      queries: [
        { at: june(3), what: 'charges' },
        { at: june(6), what: 'charges' },
      ],
    });
    const stood = queries.map(({ charges }) => charges.map((c) => `${c.chargeId} ${c.status}`));
    expect(stood).toStrictEqual([['s:0 held'], ['s:0 released', 's:1 captured']]);
  });

  it('accounts for every credit of every lot after one of each operation', () => {
    const { queries } = run({
      ...everything,
      queries: [{ at: '2026-06-25T00:00:00Z', what: 'lots' }],
    });
    for (const lot of queries[0]?.lots ?? []) {
      const { granted, used, lapsed, voided, held, available } = lot;
      expect(used + lapsed + voided + held + available).toBe(granted);
    }
    expect(queries[0]?.lots).toHaveLength(9);
  });
});

describe('Credits changed by hand', () => {
  it('are added with a life of their own, taken in burn order, and voided', () => {
    const { operations, queries } = run({
      lots: [free, paid],
      operations: [
        { op: 'adjust', at: june(2), id: 'up', credits: 4, expiresAt: june(20) },
        { op: 'adjust', at: june(3), id: 'down', credits: -5 },
        { op: 'void', at: june(4), lot: 'paid' },
      ],
      queries: [{ at: june(5), what: 'lots' }],
    });
    expect(operations.map(({ outcome }) => outcome)).toStrictEqual(['done', 'done', 'done']);
    const left = queries[0]?.lots.map(({ lotId, voided, available }) => [lotId, voided, available]);
    expect(left).toStrictEqual([
      ['adjustment:up', 4, 0],
      ['free', 1, 1],
      ['paid', 9, 0],
    ]);
  });
});

describe('A rule change that is tried', () => {
  const use = { op: 'use', session: 's', summaries: 1, assistantMessages: 120 };
  const owedUnder = (change: object, at = june(2)): number => {
    const { operations } = run({ lots: [paid], operations: [{ ...use, at }], ...change });
    return (operations[0]?.allocations ?? []).reduce((sum, { amount }) => sum + amount, 0);
  };

  it('prices by the tariff of the instant', () => {
    expect(owedUnder({})).toBe(1);
    expect(owedUnder({ tariff: 'assistant-blocks' })).toBe(3);
    const rules = { from: june(10), tariff: 'assistant-blocks', assistantBlockMessages: 20 };
    expect(owedUnder({ rules }, june(9))).toBe(1);
    expect(owedUnder({ rules }, june(10))).toBe(6);
    expect(owedUnder({ rules }, '2026-10-01T00:00:00Z')).toBe(6);
  });

  it('grants what it says, and keeps the plans that it does not name', () => {
    const grants = (rules: object): readonly number[] =>
      ['business', 'premium'].map((plan) => {
        const operations = [{ op: 'grant', at: june(2), plan }];
        return run({ rules, operations, queries: [{ at: june(2) }] }).queries[0]?.available ?? -1;
      });
    expect(grants({})).toStrictEqual([5, 10]);
    expect(grants({ monthlyCredits: { business: 8 } })).toStrictEqual([8, 10]);
  });

  it('pins one shipped version for all times', () => {
    const { rules } = run({ ruleVersion: '2026-09-01' });
    expect(rules.map(({ version }) => version)).toStrictEqual(['2026-09-01']);
  });

  it('that begins before every version keeps what held before it', () => {
    const rules = { from: '2020-01-01T00:00:00Z', holdTimeoutMs: 1 };
    const tried = run({ ruleVersion: '2026-09-01', rules }).rules;
    expect(tried.map(({ holdTimeoutMs }) => holdTimeoutMs)).toStrictEqual([172_800_000, 1, 1]);
  });
});
