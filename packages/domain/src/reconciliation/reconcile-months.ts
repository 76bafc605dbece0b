import { monthAfter, monthOf, monthStart, type Instant } from '../kernel/index.js';
import { isInScope, type Activation, type MonthFacts, type Scope } from './facts.js';
import type { Finding } from './findings.js';

type Active = Readonly<{ since: Activation; until: Instant }>;

/** The times `[since, until)` in which AI was active. A repeated activation begins nothing new. */
const activeTimes = (activations: readonly Activation[], now: Instant): readonly Active[] => {
  const times: Active[] = [];
  let since: Activation | undefined;
  for (const activation of activations.toSorted((a, b) => a.ref.position - b.ref.position)) {
    if (activation.active) {
      since ??= activation;
      continue;
    }
    if (since !== undefined) times.push({ since, until: activation.at });
    since = undefined;
  }
  // What is due at this very instant is due.
  return since === undefined ? times : [...times, { since, until: now + 1 }];
};

/**
 * Months in which AI was active and that have no free grant (rulebook §5), up to `now`. A month is due
 * at its first instant, or when AI is activated in it. A grant of nothing is a grant.
 */
export const reconcileMonths = (
  { activations, granted }: MonthFacts,
  at: Readonly<{ timeZone: string; scope: Scope; now: Instant }>,
): readonly Finding[] => {
  const { timeZone, scope, now } = at;
  const found = new Map<string, Finding>();
  for (const { since, until } of activeTimes(activations, now)) {
    let month = monthOf(since.at, timeZone);
    let dueAt = since.at;
    while (dueAt < until && dueAt <= now) {
      if (!granted.has(month) && !found.has(month) && isInScope(scope, dueAt)) {
        const shown = { lines: [], events: [since.ref] };
        found.set(month, { class: 'month-without-grant', month, dueAt, ...shown });
      }
      month = monthAfter(month);
      dueAt = monthStart(month, timeZone);
    }
  }
  return [...found.values()];
};
