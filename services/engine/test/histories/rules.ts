import { ruleBook, rulesAt, type RuleBook, type RuleSet } from '@daybook/domain/rules';

export const DAY_MS = 86_400_000;
/** 29 March 2026, 09:00 UTC: a history lasts a week and sees a month begin. */
export const T0 = Date.UTC(2026, 2, 29, 9);

const first = rulesAt(ruleBook, 0);
const next = (over: Partial<RuleSet> & Pick<RuleSet, 'version' | 'effectiveFrom'>): RuleSet => ({
  ...first,
  ...over,
});

/** Rules that change three times within a history, in everything that a decision looks at. */
export const changingRules: RuleBook = [
  first,
  next({
    version: 'more-platforms',
    effectiveFrom: T0 + DAY_MS,
    platforms: ['windows', 'macos'],
    promptTimeoutMs: 30_000,
  }),
  next({
    version: 'quick-support',
    effectiveFrom: Date.UTC(2026, 3, 1),
    quickSupportCovered: true,
    holdTimeoutMs: 12 * 3_600_000,
    monthlyCredits: { ...first.monthlyCredits, business: 2 },
    tariff: 'assistant-blocks',
    assistantBlockMessages: 2,
  }),
  next({
    version: 'fewer-plans',
    effectiveFrom: Date.UTC(2026, 3, 3),
    plansCovered: ['premium', 'corporate', 'tensor'],
    monthlyCredits: { premium: 3, corporate: 15, tensor: 50 },
    platforms: ['macos'],
    holdTimeoutMs: 3_600_000,
  }),
];
