import { Credits, Instant } from '../kernel/index.js';
import type { RuleBook, RuleBookProblem, RuleSet } from './rule-set.js';

/** What a field must be, beyond its type, and what to write where it is not. */
type Law = Readonly<{
  field: keyof RuleSet;
  remedy: string;
  holds: (rules: RuleSet) => boolean;
}>;

const VERSION = /^[A-Za-z0-9][A-Za-z0-9.:+-]{0,63}$/;
const PLATFORM = /^[a-z][a-z0-9-]*$/;

const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
const isWhole = (value: number, min: number): boolean =>
  Number.isSafeInteger(value) && value >= min;
const rises = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));

const positive = (field: keyof RuleSet & `${string}${'Messages' | 'Months' | 'Ms'}`): Law => ({
  field,
  remedy: 'write a whole number, one or more',
  holds: (rules) => isWhole(rules[field], 1),
});

const laws: readonly Law[] = [
  {
    field: 'version',
    remedy: 'write letters, digits, . : + or -, at most 64',
    holds: ({ version }) => VERSION.test(version),
  },
  {
    field: 'plansCovered',
    remedy: 'name each covered plan once, and at least one',
    holds: ({ plansCovered }) => plansCovered.length > 0 && distinct(plansCovered),
  },
  {
    field: 'monthlyCredits',
    remedy: 'give every covered plan, and no other, a whole number of credits, zero or more',
    holds: ({ plansCovered, monthlyCredits }) =>
      Object.keys(monthlyCredits).sort().join() === [...new Set(plansCovered)].sort().join() &&
      Object.values(monthlyCredits).every(Credits.is),
  },
  {
    field: 'platforms',
    remedy: 'name each platform once, in lower case, and at least one',
    holds: ({ platforms }) =>
      platforms.length > 0 &&
      distinct(platforms) &&
      platforms.every((platform) => PLATFORM.test(platform)),
  },
  positive('assistantBlockMessages'),
  positive('purchaseLifeMonths'),
  positive('promptTimeoutMs'),
  positive('holdTimeoutMs'),
  {
    field: 'usedAlertPercents',
    remedy: 'write whole percents from 1 to 100, each more than the one before',
    holds: ({ usedAlertPercents: percents }) =>
      percents.every((percent) => isWhole(percent, 1) && percent <= 100) && rises(percents),
  },
  {
    field: 'expiryAlertDays',
    remedy: 'write whole days, one or more, each fewer than the one before',
    holds: ({ expiryAlertDays: days }) =>
      days.every((day) => isWhole(day, 1)) && rises([...days].reverse()),
  },
];

const problemsOf = (rules: RuleSet): readonly RuleBookProblem[] =>
  laws
    .filter(({ holds }) => !holds(rules))
    .map(({ field, remedy }) => ({
      entry: rules.version,
      field,
      value: JSON.stringify(rules[field]),
      remedy,
    }));

const startOf = ({ effectiveFrom }: RuleSet): string => {
  if (effectiveFrom === 0) return 'beginning';
  return Instant.is(effectiveFrom) ? new Date(effectiveFrom).toISOString() : String(effectiveFrom);
};

/**
 * Each instant has one rule set, which had begun by then: the first entry reaches back to the beginning,
 * the others follow in the order of time. So no rule decides before its own date.
 */
const problemsOfOrder = (ruleBook: RuleBook): readonly RuleBookProblem[] =>
  ruleBook.flatMap((rules, index) => {
    const before = ruleBook[index - 1];
    const problem = (remedy: string): RuleBookProblem => ({
      entry: rules.version,
      field: 'effectiveFrom',
      value: startOf(rules),
      remedy,
    });
    if (before === undefined)
      return rules.effectiveFrom === 0 ? [] : [problem('let the first entry start at "beginning"')];
    return Instant.is(rules.effectiveFrom) && rules.effectiveFrom > before.effectiveFrom
      ? []
      : [problem(`write an instant after ${startOf(before)}, where ${before.version} begins`)];
  });

const problemsOfVersions = (ruleBook: RuleBook): readonly RuleBookProblem[] => {
  const seen = new Set<string>();
  const problems: RuleBookProblem[] = [];
  for (const { version } of ruleBook) {
    if (seen.has(version)) {
      const remedy = 'give every entry a version of its own: events name it for ever';
      problems.push({ entry: version, field: 'version', value: version, remedy });
    }
    seen.add(version);
  }
  return problems;
};

/** What is wrong with a rule book, entry by entry; nothing when it may decide. */
export const checkRuleBook = (ruleBook: RuleBook): readonly RuleBookProblem[] => {
  if (ruleBook.length === 0) {
    const remedy = 'write at least one rule set';
    return [{ entry: '(rule book)', field: '', value: '[]', remedy }];
  }
  return [
    ...ruleBook.flatMap(problemsOf),
    ...problemsOfVersions(ruleBook),
    ...problemsOfOrder(ruleBook),
  ];
};

/** One line for a person: entry, field, value, remedy. */
export const ruleBookProblemInWords = ({ entry, field, value, remedy }: RuleBookProblem): string =>
  `${entry}${field === '' ? '' : `, ${field}`} is ${value}: ${remedy}.`;
