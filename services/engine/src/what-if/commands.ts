import {
  chargeAmount,
  chargeIdOf,
  liveCharge,
  type CreditAccount,
  type CreditCommand,
  type LiveCharge,
} from '@daybook/domain/credits';
import { addCalendarMonths } from '@daybook/domain/kernel';
import { rulesAt, type RuleBook } from '@daybook/domain/rules';
import type { Operation } from './scenario.js';

export type CommandGiven = Readonly<{
  account: CreditAccount;
  ruleBook: RuleBook;
  timeZone: string;
}>;

const byHand = { reason: 'scenario', author: 'scenario' };

type OfSession = Readonly<{ session: string; generation?: number }>;
type AiUse = Extract<Operation, { op: 'use' | 'hold' }>;

/** The charge that an operation means: the named one, the one that pays now, or else the latest. */
const chargeMeant = (account: CreditAccount, { session, generation }: OfSession): string => {
  if (generation !== undefined) return chargeIdOf(session, generation);
  const live: LiveCharge | undefined = liveCharge(account, session);
  const latest = Math.max((account.charges.get(session)?.length ?? 0) - 1, 0);
  return live?.chargeId ?? chargeIdOf(session, latest);
};

/** What a session owes in all: as it is said, or by the tariff for what it has used so far. */
const owed = ({ ruleBook }: CommandGiven, use: AiUse): number | undefined => {
  const { at, credits, summaries, assistantMessages } = use;
  if (credits !== undefined) return credits;
  if (summaries === undefined && assistantMessages === undefined) return undefined;
  const used = { summaries: summaries ?? 0, assistantMessages: assistantMessages ?? 0 };
  return chargeAmount(rulesAt(ruleBook, at), used);
};

const holdOf = (given: CommandGiven, use: AiUse): readonly CreditCommand[] => {
  const amount = owed(given, use);
  if (amount === 0) return [];
  const { session: sessionId, at: heldAt } = use;
  return [{ type: 'HoldCredits', sessionId, heldAt, ...(amount === undefined ? {} : { amount }) }];
};

const adjustmentOf = (
  { ruleBook, timeZone }: CommandGiven,
  operation: Extract<Operation, { op: 'adjust' }>,
): readonly CreditCommand[] => {
  const { id: adjustmentId, at, credits, priority = 0 } = operation;
  const change = { adjustmentId, amount: Math.abs(credits), ...byHand };
  if (credits < 0) return [{ type: 'DeductCredits', ...change, deductedAt: at }];
  const months = rulesAt(ruleBook, at).purchaseLifeMonths;
  const expiresAt = operation.expiresAt ?? addCalendarMonths(at, months, timeZone);
  return [{ type: 'AddCredits', ...change, effectiveAt: at, expiresAt, priority }];
};

type CommandsOf = {
  [Op in Operation['op']]: (
    given: CommandGiven,
    operation: Extract<Operation, { op: Op }>,
  ) => readonly CreditCommand[];
};

const commandsOf: CommandsOf = {
  use: holdOf,
  hold: holdOf,
  capture: ({ account }, operation) => [
    {
      type: 'CaptureHold',
      chargeId: chargeMeant(account, operation),
      capturedAt: operation.at,
    },
  ],
  release: ({ account }, operation) => [
    {
      type: 'ReleaseHold',
      chargeId: chargeMeant(account, operation),
      reason: operation.reason ?? 'nothing-succeeded',
      releasedAt: operation.at,
    },
  ],
  reverse: ({ account }, operation) => [
    {
      type: 'ReverseCharge',
      chargeId: chargeMeant(account, operation),
      reason: operation.reason ?? 'charged-in-error',
      reversedAt: operation.at,
    },
  ],
  purchase: ({ timeZone }, { order: orderNumber, credits: amount, at: purchasedAt, priority }) => [
    {
      type: 'PurchaseCredits',
      orderNumber,
      amount,
      purchasedAt,
      timeZone,
      ...(priority === undefined ? {} : { priority }),
    },
  ],
  refund: (_given, { order: orderNumber, at: refundedAt }) => [
    { type: 'RefundPurchase', orderNumber, refundedAt },
  ],
  void: (_given, { lot: lotId, at: voidedAt, reason = 'granted-in-error' }) => [
    { type: 'VoidLot', voidId: lotId, lotId, reason, author: byHand.author, voidedAt },
  ],
  promote: (_given, { id: grantId, at: effectiveAt, credits: amount, expiresAt, priority = 0 }) => [
    { type: 'GrantPromotion', grantId, amount, effectiveAt, expiresAt, priority, ...byHand },
  ],
  adjust: adjustmentOf,
  grant: ({ timeZone }, { plan, at: instant }) => [
    { type: 'GrantMonthlyCredits', plan, timeZone, instant },
  ],
  raise: ({ timeZone }, { fromPlan, toPlan, at: raisedAt }) => [
    { type: 'RaiseMonthlyGrant', fromPlan, toPlan, timeZone, raisedAt },
  ],
  lapse: (_given, { at: now }) => [{ type: 'RecordLapses', now }],
  'time-out': (_given, { at: now }) => [{ type: 'TimeOutHolds', now }],
};

/** The commands of the account that an operation stands for; none where nothing is owed. */
export const commandsFor = (
  given: CommandGiven,
  operation: Operation,
): readonly CreditCommand[] => {
  const make = commandsOf[operation.op] as (
    given: CommandGiven,
    operation: Operation,
  ) => readonly CreditCommand[];
  return make(given, operation);
};
