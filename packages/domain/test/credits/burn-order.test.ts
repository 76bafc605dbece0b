import fc from 'fast-check';
import { chargeAmount, compareBurnOrder, type BurnRank } from '../../src/credits/index.js';

const small = fc.integer({ min: 0, max: 2 });
const rank: fc.Arbitrary<BurnRank> = fc.record({
  priority: small,
  expiresAt: small,
  kind: fc.constantFrom('free' as const, 'purchased' as const),
  effectiveAt: small,
  recorded: small,
  lotId: fc.constantFrom('a', 'b', 'c'),
});
const ranks = fc.uniqueArray(rank, { maxLength: 8, selector: (lot) => JSON.stringify(lot) });

describe('The order in which lots pay', () => {
  it('asks priority, expiry, kind, effect, recording and id, in this order', () => {
    const base: BurnRank = {
      priority: 1,
      expiresAt: 1,
      kind: 'purchased',
      effectiveAt: 1,
      recorded: 1,
      lotId: 'b',
    };
    const earlier: readonly Partial<BurnRank>[] = [
      { priority: 0, expiresAt: 2 },
      { expiresAt: 0, effectiveAt: 2 },
      { kind: 'free', effectiveAt: 2 },
      { effectiveAt: 0, recorded: 2 },
      { recorded: 0, lotId: 'c' },
      { lotId: 'a' },
    ];
    for (const change of earlier) {
      expect(compareBurnOrder({ ...base, ...change }, base)).toBeLessThan(0);
      expect(compareBurnOrder(base, { ...base, ...change })).toBeGreaterThan(0);
    }
    expect(compareBurnOrder(base, { ...base })).toBe(0);
  });

  it('is total: two different lots never tie, and it never contradicts itself', () => {
    fc.assert(
      fc.property(rank, rank, rank, (a, b, c) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(compareBurnOrder(a, b) === 0).toBe(same);
        expect(Math.sign(compareBurnOrder(a, b)) + Math.sign(compareBurnOrder(b, a))).toBe(0);
        const rises = compareBurnOrder(a, b) <= 0 && compareBurnOrder(b, c) <= 0;
        expect(rises && compareBurnOrder(a, c) > 0).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on the order in which lots are found', () => {
    const shuffled = ranks.chain((lots) =>
      fc.tuple(
        fc.constant(lots),
        fc.shuffledSubarray(lots, { minLength: lots.length, maxLength: lots.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([lots, others]) => {
        expect(others.toSorted(compareBurnOrder)).toStrictEqual(lots.toSorted(compareBurnOrder));
      }),
      { numRuns: 300 },
    );
  });
});

describe('The price of a session', () => {
  const perSession = { tariff: 'per-session', assistantBlockMessages: 50 } as const;
  const blocks = { tariff: 'assistant-blocks', assistantBlockMessages: 50 } as const;

  it('is nothing where no AI was used', () => {
    const nothing = { summaries: 0, assistantMessages: 0 };
    expect(chargeAmount(perSession, nothing)).toBe(0);
    expect(chargeAmount(blocks, nothing)).toBe(0);
  });

  it('is one credit per session, whatever was used', () => {
    expect(chargeAmount(perSession, { summaries: 1, assistantMessages: 12 })).toBe(1);
    expect(chargeAmount(perSession, { summaries: 0, assistantMessages: 500 })).toBe(1);
    expect(chargeAmount(perSession, { summaries: 3, assistantMessages: 0 })).toBe(1);
  });

  it.each([
    [1, 1],
    [50, 1],
    [51, 2],
    [100, 2],
    [101, 3],
  ])('of assistant blocks: %i messages cost %i', (assistantMessages, credits) => {
    expect(chargeAmount(blocks, { summaries: 0, assistantMessages })).toBe(credits);
    expect(chargeAmount(blocks, { summaries: 2, assistantMessages })).toBe(credits);
  });

  it('of assistant blocks is one credit for summaries alone', () => {
    expect(chargeAmount(blocks, { summaries: 2, assistantMessages: 0 })).toBe(1);
  });
});
