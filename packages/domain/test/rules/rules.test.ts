import fc from 'fast-check';
import { ruleBook, rulesAt, type RuleBook, type RuleSet } from '../../src/rules/index.js';

const at = (iso: string): number => Date.parse(iso);
const entry = (version: string, effectiveFrom: number): RuleSet => ({
  ...rulesAt(ruleBook, 0),
  version,
  effectiveFrom,
});
const book: RuleBook = [entry('a', 1_000), entry('b', 2_000), entry('c', 5_000)];

describe('the rules in force at an instant', () => {
  it('begin with their first instant, not after it', () => {
    const versions = [1_000, 1_999, 2_000, 4_999, 5_000, 9_000].map(
      (i) => rulesAt(book, i).version,
    );
    expect(versions).toStrictEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });
  it('are the first ones before any began', () => {
    expect(rulesAt(book, 0).version).toBe('a');
  });
  it('exist: an empty book is a bug', () => {
    expect(() => rulesAt([], 0)).toThrow('at least one entry');
  });
  it('never go back as time goes on', () => {
    const instant = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        expect(rulesAt(book, early).effectiveFrom).toBeLessThanOrEqual(
          rulesAt(book, late).effectiveFrom,
        );
      }),
    );
  });
});

describe('the rule book that ships', () => {
  it('has its entries oldest first, each with a version of its own', () => {
    const starts = ruleBook.map((rules) => rules.effectiveFrom);
    expect(starts).toStrictEqual([...new Set(starts)].sort((a, b) => a - b));
    const versions = ruleBook.map((rules) => rules.version);
    expect(new Set(versions).size).toBe(versions.length);
  });
  it('dates each version by its first instant', () => {
    for (const { version, effectiveFrom } of ruleBook) expect(at(version)).toBe(effectiveFrom);
  });
  it('grants 5, 10, 15 and 50 credits a month, and a purchase lives 12 months', () => {
    const { monthlyCredits, purchaseLifeMonths, tariff } = rulesAt(ruleBook, at('2024-06-01'));
    expect({ monthlyCredits, purchaseLifeMonths, tariff }).toStrictEqual({
      monthlyCredits: { business: 5, premium: 10, corporate: 15, tensor: 50 },
      purchaseLifeMonths: 12,
      tariff: 'per-session',
    });
  });
  it('covers Windows from the start and macOS from its own date', () => {
    const date = at('2026-09-01T00:00:00Z');
    expect(rulesAt(ruleBook, date - 1).platforms).toStrictEqual(['windows']);
    expect(rulesAt(ruleBook, date).platforms).toStrictEqual(['windows', 'macos']);
  });
  it('grants only plans that are covered, in every version', () => {
    for (const { plansCovered, monthlyCredits } of ruleBook)
      expect([...plansCovered].sort()).toStrictEqual(Object.keys(monthlyCredits).sort());
  });
});
