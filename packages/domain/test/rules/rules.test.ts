import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import {
  checkRuleBook,
  readRuleBook,
  ruleBook,
  ruleBookProblemInWords,
  rulesAt,
  type RuleBook,
  type RuleSet,
} from '../../src/rules/index.js';
import shipped from '../../src/rules/rule-book.json' with { type: 'json' };

const at = (iso: string): number => Date.parse(iso);
const entry = (version: string, effectiveFrom: number): RuleSet => ({
  ...rulesAt(ruleBook, 0),
  version,
  effectiveFrom,
});
const book: RuleBook = [entry('a', 0), entry('b', 2_000), entry('c', 5_000)];

describe('the rules in force at an instant', () => {
  it('begin with their first instant, not after it', () => {
    const versions = [0, 1_999, 2_000, 4_999, 5_000, 9_000].map((i) => rulesAt(book, i).version);
    expect(versions).toStrictEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });
  it('exist: an empty book is a bug', () => {
    expect(() => rulesAt([], 0)).toThrow('at least one entry');
  });
  it('never go back as time goes on, and are never later than the instant', () => {
    const instant = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        expect(rulesAt(book, early).effectiveFrom).toBeLessThanOrEqual(early);
        expect(rulesAt(book, early).effectiveFrom).toBeLessThanOrEqual(
          rulesAt(book, late).effectiveFrom,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the rule book that ships', () => {
  it('may decide, and is what its file says', () => {
    expect(checkRuleBook(ruleBook)).toStrictEqual([]);
    expect(readRuleBook(shipped)).toStrictEqual(E.right(ruleBook));
  });
  it('begins with the beginning, and dates each later version by its first instant', () => {
    const [first, ...later] = ruleBook;
    expect(first?.effectiveFrom).toBe(0);
    for (const { version, effectiveFrom } of later) expect(at(version)).toBe(effectiveFrom);
  });
  it('grants 5, 10, 15 and 50 credits a month, and a purchase lives 12 months', () => {
    const { monthlyCredits, purchaseLifeMonths, tariff } = rulesAt(ruleBook, at('2024-06-01'));
    expect({ monthlyCredits, purchaseLifeMonths, tariff }).toStrictEqual({
      monthlyCredits: { business: 5, premium: 10, corporate: 15, tensor: 50 },
      purchaseLifeMonths: 12,
      tariff: 'per-session',
    });
  });
  it('lets a prompt wait for 60 seconds and a hold for 48 hours', () => {
    const { promptTimeoutMs, holdTimeoutMs } = rulesAt(ruleBook, at('2024-06-01'));
    expect({ promptTimeoutMs, holdTimeoutMs }).toStrictEqual({
      promptTimeoutMs: 60_000,
      holdTimeoutMs: 48 * 3_600_000,
    });
  });
  it('covers Windows from the start and macOS from its own date', () => {
    const date = at('2026-09-01T00:00:00Z');
    expect(rulesAt(ruleBook, date - 1).platforms).toStrictEqual(['windows']);
    expect(rulesAt(ruleBook, date).platforms).toStrictEqual(['windows', 'macos']);
  });
});

type Entry = Readonly<Record<string, unknown>>;
const [first, second] = shipped as readonly Entry[];
const only = (change: Entry): readonly Entry[] => [{ ...first, ...change }];
const without = (field: string): readonly Entry[] => [
  Object.fromEntries(Object.entries(first ?? {}).filter(([name]) => name !== field)),
];
const problemsOf = (document: unknown): readonly string[] => {
  const read = readRuleBook(document);
  return E.isLeft(read) ? read.left.map(ruleBookProblemInWords) : [];
};

describe('a rule book that may not decide is refused', () => {
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['no list', {}, '(rule book) is {}: write a list of rule sets, oldest first.'],
    ['an empty list', [], '(rule book) is []: write at least one rule set.'],
    ['no object', [7], 'entry 1 is 7: write an object.'],
    [
      'a missing field',
      without('tariff'),
      '2023-01-01, tariff is (missing): write "per-session" or "assistant-blocks".',
    ],
    ['a missing version', without('version'), 'entry 1, version is (missing): write a word.'],
    [
      'a version that no event could carry',
      only({ version: 'new rules' }),
      'new rules, version is "new rules": write letters, digits, . : + or -, at most 64.',
    ],
    [
      'half a credit',
      only({ monthlyCredits: { business: 5, premium: 10, corporate: 15, tensor: 0.5 } }),
      '2023-01-01, monthlyCredits is {"business":5,"premium":10,"corporate":15,"tensor":0.5}: write whole numbers by plan.',
    ],
    [
      'a covered plan without a grant',
      only({ monthlyCredits: { business: 5, premium: 10, corporate: 15 } }),
      '2023-01-01, monthlyCredits is {"business":5,"premium":10,"corporate":15}: give every covered plan, and no other, a whole number of credits, zero or more.',
    ],
    [
      'a plan covered twice',
      only({ plansCovered: ['business', 'business'], monthlyCredits: { business: 5 } }),
      '2023-01-01, plansCovered is ["business","business"]: name each covered plan once, and at least one.',
    ],
    [
      'a platform in capitals',
      only({ platforms: ['Windows'] }),
      '2023-01-01, platforms is ["Windows"]: name each platform once, in lower case, and at least one.',
    ],
    ...['assistantBlockMessages', 'purchaseLifeMonths', 'promptTimeoutMs', 'holdTimeoutMs'].map(
      (field) =>
        [
          `no ${field}`,
          only({ [field]: 0 }),
          `2023-01-01, ${field} is 0: write a whole number, one or more.`,
        ] as const,
    ),
    [
      'percents that do not rise',
      only({ usedAlertPercents: [80, 80] }),
      '2023-01-01, usedAlertPercents is [80,80]: write whole percents from 1 to 100, each more than the one before.',
    ],
    [
      'more than everything',
      only({ usedAlertPercents: [80, 101] }),
      '2023-01-01, usedAlertPercents is [80,101]: write whole percents from 1 to 100, each more than the one before.',
    ],
    [
      'days that do not fall',
      only({ expiryAlertDays: [7, 30] }),
      '2023-01-01, expiryAlertDays is [7,30]: write whole days, one or more, each fewer than the one before.',
    ],
    [
      'a slip of the pen',
      only({ plattforms: ['linux'] }),
      `2023-01-01, plattforms is ["linux"]: take it out; the fields are ${Object.keys(first ?? {}).join(', ')}.`,
    ],
    [
      'a first entry with a date',
      only({ effectiveFrom: '2023-01-01T00:00:00Z' }),
      '2023-01-01, effectiveFrom is 2023-01-01T00:00:00.000Z: let the first entry start at "beginning".',
    ],
    [
      'a date without an hour and a zone',
      [first, { ...second, effectiveFrom: '2026-09-01' }],
      '2026-09-01, effectiveFrom is "2026-09-01": write "beginning" or an instant such as "2026-09-01T00:00:00Z".',
    ],
    [
      'a version used twice',
      [first, { ...second, version: '2023-01-01' }],
      '2023-01-01, version is 2023-01-01: give every entry a version of its own: events name it for ever.',
    ],
    [
      'two entries that begin together',
      [first, { ...second, effectiveFrom: 'beginning' }],
      '2026-09-01, effectiveFrom is beginning: write an instant after beginning, where 2023-01-01 begins.',
    ],
  ];
  it.each(wrong)('with %s', (_, document, problem) => {
    expect(problemsOf(document)).toStrictEqual([problem]);
  });
  it('with everything that is wrong in it named at once', () => {
    const document = [{ ...first, promptTimeoutMs: 0, platforms: [] }, second, second];
    expect(problemsOf(document)).toHaveLength(4);
  });
  it('also one that never was a file', () => {
    const odd = [entry('a', 0), entry('b', Number.NaN), entry('c', 1.5)];
    expect(checkRuleBook(odd).map(({ entry: version, value }) => [version, value])).toStrictEqual([
      ['b', 'NaN'],
      ['c', '1.5'],
    ]);
  });
});
