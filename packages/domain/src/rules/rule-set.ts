import type { Instant } from '../kernel/index.js';

/**
 * One dated version of everything that the rulebook calls data. A new version is a new entry in
 * `rule-book.json`; an old one is never edited, because replay uses the version of the time.
 */
export type RuleSet = Readonly<{
  version: string;
  /** First instant at which this version decides, epoch milliseconds; 0 is the beginning. */
  effectiveFrom: Instant;
  /** Plans that include Session Insights. */
  plansCovered: readonly string[];
  /** Free credits on the first day of each month, by plan. */
  monthlyCredits: Readonly<Record<string, number>>;
  /** Platforms of the remote side that can be summarised. */
  platforms: readonly string[];
  /** Are QuickSupport modules covered on the outgoing path? */
  quickSupportCovered: boolean;
  tariff: 'per-session' | 'assistant-blocks';
  /** Assistant messages that one further credit pays for under `assistant-blocks`. */
  assistantBlockMessages: number;
  /** Life of purchased credits, calendar months. */
  purchaseLifeMonths: number;
  /** A consent prompt without an answer counts as refused after this long. */
  promptTimeoutMs: number;
  /** A hold that nobody settles is released after this long. */
  holdTimeoutMs: number;
  /** An alert fires when this much of what the month had is used, percent, ascending. */
  usedAlertPercents: readonly number[];
  /** An alert fires when credits that are no monthly grant end within this many days, descending. */
  expiryAlertDays: readonly number[];
}>;

export type RuleBook = readonly RuleSet[];

/** Why a rule book may not decide: where, what stands there, and what to write instead. */
export type RuleBookProblem = Readonly<{
  /** The entry's version, or its place in the book where it has none. */
  entry: string;
  field: string;
  value: string;
  remedy: string;
}>;

/** The rule set in force at an instant. The first entry reaches back to the beginning of time. */
export const rulesAt = (ruleBook: RuleBook, instant: Instant): RuleSet => {
  let current = ruleBook[0];
  for (const candidate of ruleBook) {
    if (candidate.effectiveFrom <= instant) current = candidate;
  }
  if (current === undefined) throw new Error('A rule book has at least one entry');
  return current;
};
