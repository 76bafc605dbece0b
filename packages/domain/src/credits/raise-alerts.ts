import * as E from 'fp-ts/lib/Either.js';
import { monthOf, type Instant } from '../kernel/index.js';
import { rulesAt, type RuleBook } from '../rules/index.js';
import type { CreditAccount } from './account.js';
import type { RaiseAlerts } from './commands.js';
import type { CreditEvent, CreditEventData } from './events.js';
import { isLiveAt, usableAt, type Lot } from './lot.js';

const dayMs = 24 * 3_600_000;

type Crossing = Omit<CreditEventData['CreditThresholdCrossed'], 'crossedAt'>;

/** One threshold, and whether it is crossed now; `since` is when it was if only time had to pass. */
type Threshold = Readonly<{ crossing: Crossing; crossed: boolean; since: Instant }>;

const availableAt = (account: CreditAccount, instant: Instant): number => {
  let available = 0;
  for (const lot of account.burning) available += usableAt(lot, instant);
  return available;
};

/**
 * How much of what the month had is spent, held credits included: spent since the month was granted,
 * against that and what could still be spent. A month that had nothing crosses nothing.
 */
const usedThresholds = (
  account: CreditAccount,
  { now, timeZone }: RaiseAlerts,
  percents: readonly number[],
): readonly Threshold[] => {
  const month = monthOf(now, timeZone);
  const granted = account.months.get(month);
  if (granted === undefined) return [];
  // A reversal of a charge of an earlier month can bring the sum below where the month began.
  const credits = Math.max(0, account.used + account.held - granted.spentBefore);
  const of = credits + availableAt(account, now);
  return percents.map((level) => ({
    crossing: {
      alert: `month-used:${month}:${level}`,
      kind: 'month-used',
      level,
      subject: month,
      credits,
      of,
      expiresAt: null,
    },
    // Whole numbers on both sides; BigInt, because a hundred times a safe integer may not be one.
    crossed: credits > 0 && BigInt(credits) * 100n >= BigInt(level) * BigInt(of),
    since: now,
  }));
};

/** The month's free credits end every month, which needs no alert; all other lots that live now. */
const expiringLots = (account: CreditAccount, now: Instant): readonly Lot[] =>
  [...account.lots.values()].filter((lot) => lot.kind !== 'free' && isLiveAt(lot, now));

const expiryThresholds = (
  account: CreditAccount,
  now: Instant,
  days: readonly number[],
): readonly Threshold[] =>
  expiringLots(account, now).flatMap((lot) => {
    const { lotId, expiresAt, effectiveAt, granted } = lot;
    const credits = usableAt(lot, now);
    return days.map((level) => {
      const since = Math.max(expiresAt - level * dayMs, effectiveAt);
      const alert = `lot-expiring:${lotId}:${level}`;
      return {
        crossing: {
          alert,
          kind: 'lot-expiring',
          level,
          subject: lotId,
          credits,
          of: granted,
          expiresAt,
        } as const,
        crossed: credits > 0 && since <= now,
        since,
      };
    });
  });

const consequence = (
  account: CreditAccount,
  { crossing, crossed, since }: Threshold,
  now: Instant,
): readonly CreditEvent[] => {
  const { alert } = crossing;
  const state = account.alerts.get(alert);
  if (crossed === (state === 'crossed')) return [];
  if (!crossed) return [{ type: 'CreditThresholdRearmed', data: { alert, rearmedAt: now } }];
  // A second crossing needs an event between: only the first one can be of time alone.
  const crossedAt = state === undefined ? since : now;
  return [{ type: 'CreditThresholdCrossed', data: { ...crossing, crossedAt } }];
};

/**
 * Fires an alert once per crossing, also where only time has passed, by the thresholds of the rules of
 * now (dated data). What fell back below is re-armed by an event, so that replay knows which crossing is
 * which. A crossing that came and went between two calls is not seen: there is nothing to do about it.
 */
export const raiseAlerts =
  (ruleBook: RuleBook) =>
  (command: RaiseAlerts, account: CreditAccount): E.Either<never, readonly CreditEvent[]> => {
    const { usedAlertPercents, expiryAlertDays } = rulesAt(ruleBook, command.now);
    const thresholds = [
      ...usedThresholds(account, command, usedAlertPercents),
      ...expiryThresholds(account, command.now, expiryAlertDays),
    ];
    return E.right(thresholds.flatMap((threshold) => consequence(account, threshold, command.now)));
  };
