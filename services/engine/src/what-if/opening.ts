import { compareBurnOrder, type CreditEvent } from '@daybook/domain/credits';
import { addCalendarMonths, monthBounds, monthOf, type Instant } from '@daybook/domain/kernel';
import { rulesAt, type RuleBook } from '@daybook/domain/rules';
import type { ScenarioLot } from './scenario.js';

type Given = Readonly<{ timeZone: string; ruleBook: RuleBook }>;

const byHand = { reason: 'scenario', author: 'scenario' };

const expiryOf = (lot: ScenarioLot, { timeZone, ruleBook }: Given): Instant => {
  const { kind, effectiveAt, expiresAt } = lot;
  if (expiresAt !== undefined) return expiresAt;
  if (kind === 'free') return monthBounds(monthOf(effectiveAt, timeZone), timeZone).end;
  const months = rulesAt(ruleBook, effectiveAt).purchaseLifeMonths;
  return addCalendarMonths(effectiveAt, months, timeZone);
};

type Ranked = Readonly<{
  lotId: string;
  kind: ScenarioLot['kind'];
  amount: number;
  effectiveAt: Instant;
  expiresAt: Instant;
  priority: number;
  recorded: number;
}>;

/**
 * Lots in burn order. Among lots that tie the one recorded earlier pays first, which this keeps; and
 * the account's list is filled from its front to its end, so nothing in it has to move.
 */
const inBurnOrder = (lots: readonly ScenarioLot[], given: Given): readonly Ranked[] =>
  lots
    .map((lot, recorded) => {
      const { lot: lotId, kind, credits: amount, effectiveAt, priority = 0 } = lot;
      const expiresAt = expiryOf(lot, given);
      return { lotId, kind, amount, effectiveAt, expiresAt, priority, recorded };
    })
    .sort(compareBurnOrder);

/** Lots that a scenario begins with, as the events that would have made them. */
export const openingEvents = (
  lots: readonly ScenarioLot[],
  given: Given,
): readonly CreditEvent[] => {
  const months = new Set<string>();
  return inBurnOrder(lots, given).map(({ kind, recorded: _recorded, priority, ...life }) => {
    const { lotId, effectiveAt } = life;
    switch (kind) {
      case 'purchased': {
        const order = { orderNumber: lotId, purchasedAt: effectiveAt, priority };
        return { type: 'CreditsPurchased', data: { ...life, ...order } };
      }
      case 'promotional': {
        const data = { ...life, ...byHand, grantId: lotId, priority };
        return { type: 'PromotionalCreditsGranted', data };
      }
      case 'adjustment': {
        const data = { ...life, ...byHand, adjustmentId: lotId, priority };
        return { type: 'CreditsAdded', data };
      }
      case 'free': {
        const month = monthOf(effectiveAt, given.timeZone);
        const isFirst = !months.has(month);
        months.add(month);
        // A month is granted once; what it was given beyond that are raises.
        return isFirst
          ? { type: 'MonthlyCreditsGranted', data: { ...life, month, plan: '' } }
          : { type: 'MonthlyGrantRaised', data: { ...life, month, fromPlan: '', toPlan: '' } };
      }
    }
  });
};
