import type { RuleBook, RuleSet } from './rule-set.js';

const first: RuleSet = {
  version: '2023-01-01',
  effectiveFrom: Date.UTC(2023, 0, 1),
  plansCovered: ['business', 'premium', 'corporate', 'tensor'],
  monthlyCredits: { business: 5, premium: 10, corporate: 15, tensor: 50 },
  platforms: ['windows'],
  quickSupportCovered: false,
  tariff: 'per-session',
  assistantBlockMessages: 50,
  purchaseLifeMonths: 12,
  promptTimeoutMs: 60_000,
  holdTimeoutMs: 48 * 3_600_000,
  usedAlertPercents: [80, 100],
  expiryAlertDays: [30],
};

/** The rule book that ships with Daybook, oldest first. Dates after the first entry are ours. */
export const ruleBook: RuleBook = [
  first,
  {
    ...first,
    version: '2026-09-01',
    effectiveFrom: Date.UTC(2026, 8, 1),
    platforms: ['windows', 'macos'],
  },
];
