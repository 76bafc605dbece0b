import { Count, Credits, Nullable, PositiveCredits, Revision, Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { type Contract, contractsOf } from './contract.js';
import { chargeContracts } from './charges.js';
import { Month, Sha256, Timestamp, timestamp, timestampOrNull, Token } from './values.js';

const contract = contractsOf('credits');

const lotLife = { lotId: Token, effectiveAt: Timestamp, expiresAt: Timestamp };

const lifeOf = (
  lot: Readonly<{ lotId: string; effectiveAt: number; expiresAt: number }>,
): Readonly<{ lotId: string; effectiveAt: string; expiresAt: string }> => ({
  lotId: lot.lotId,
  effectiveAt: timestamp(lot.effectiveAt),
  expiresAt: timestamp(lot.expiresAt),
});

const lotContracts: readonly Contract[] = [
  contract('MonthlyCreditsGranted', {
    event: 'monthly-credits-granted',
    summary: 'The month’s free credits; at most once per company and month.',
    data: t.strict({ ...lotLife, month: Month, plan: Token, amount: Credits }),
    toPublished: ({ month, plan, amount, ...lot }) => ({ ...lifeOf(lot), month, plan, amount }),
  }),
  contract('MonthlyGrantRaised', {
    event: 'monthly-grant-raised',
    summary: 'An upgrade in mid-month added the difference for the rest of the month.',
    data: t.strict({
      ...lotLife,
      month: Month,
      fromPlan: Token,
      toPlan: Token,
      amount: PositiveCredits,
    }),
    toPublished: ({ month, fromPlan, toPlan, amount, ...lot }) => ({
      ...lifeOf(lot),
      month,
      fromPlan,
      toPlan,
      amount,
    }),
  }),
  contract('CreditsPurchased', {
    event: 'credits-purchased',
    summary: 'Credits were bought; an order number is counted once.',
    data: t.strict({
      ...lotLife,
      orderNumber: Token,
      amount: PositiveCredits,
      priority: Count,
      purchasedAt: Timestamp,
    }),
    toPublished: ({ orderNumber, amount, priority, purchasedAt, ...lot }) => ({
      ...lifeOf(lot),
      orderNumber,
      amount,
      priority,
      purchasedAt: timestamp(purchasedAt),
    }),
  }),
  contract('PurchaseRefunded', {
    event: 'purchase-refunded',
    summary: 'A purchase was refunded: what remained of its lot is void.',
    data: t.strict({ lotId: Token, orderNumber: Token, voided: Credits, refundedAt: Timestamp }),
    toPublished: ({ lotId, orderNumber, voided, refundedAt }) => ({
      lotId,
      orderNumber,
      voided,
      refundedAt: timestamp(refundedAt),
    }),
  }),
  contract('PromotionalCreditsGranted', {
    event: 'promotional-credits-granted',
    summary: 'Billing granted credits as a promotion.',
    data: t.strict({ ...lotLife, grantId: Token, amount: PositiveCredits, priority: Count }),
    toPublished: ({ grantId, amount, priority, ...lot }) => ({
      ...lifeOf(lot),
      grantId,
      amount,
      priority,
    }),
  }),
  contract('CreditsAdded', {
    event: 'credits-added',
    summary: 'Billing added credits by hand, as a lot of its own.',
    data: t.strict({ ...lotLife, adjustmentId: Token, amount: PositiveCredits, priority: Count }),
    toPublished: ({ adjustmentId, amount, priority, ...lot }) => ({
      ...lifeOf(lot),
      adjustmentId,
      amount,
      priority,
    }),
  }),
  contract('LotVoided', {
    event: 'lot-voided',
    summary: 'What remained of a lot was declared void.',
    data: t.strict({
      lotId: Token,
      voidId: Token,
      voided: Credits,
      reason: Word('dispute', 'granted-in-error', 'agreement-ended'),
      voidedAt: Timestamp,
    }),
    toPublished: ({ lotId, voidId, voided, reason, voidedAt }) => ({
      lotId,
      voidId,
      voided,
      reason,
      voidedAt: timestamp(voidedAt),
    }),
  }),
  contract('CreditsLapsed', {
    event: 'credits-lapsed',
    summary:
      'Credits of a lot ran out of time; true at `lapsedAt`, written down once. `origin` is the charge that gave them back too late, if one did.',
    data: t.strict({
      lotId: Token,
      amount: PositiveCredits,
      lapsedAt: Timestamp,
      origin: Nullable(Token),
    }),
    toPublished: ({ lotId, amount, lapsedAt, origin }) => ({
      lotId,
      amount,
      lapsedAt: timestamp(lapsedAt),
      origin,
    }),
  }),
];

const monthContracts: readonly Contract[] = [
  contract('StatementIssued', {
    event: 'statement-issued',
    summary:
      'A month was closed; `digest` is the SHA-256 of the statement’s canonical bytes, which do not change any more.',
    data: t.strict({
      month: Month,
      timeZone: Token,
      format: Count,
      revision: Revision,
      digest: Sha256,
      opening: Credits,
      closing: Credits,
      issuedAt: Timestamp,
      knownAt: Timestamp,
    }),
    toPublished: ({ issuedAt, knownAt, ...statement }) => ({
      month: statement.month,
      timeZone: statement.timeZone,
      format: statement.format,
      revision: statement.revision,
      digest: statement.digest,
      opening: statement.opening,
      closing: statement.closing,
      issuedAt: timestamp(issuedAt),
      knownAt: timestamp(knownAt),
    }),
  }),
  contract('CreditThresholdCrossed', {
    event: 'credit-threshold-crossed',
    summary: 'An alert fired: a share of the month’s credits is used, or a lot is about to lapse.',
    data: t.strict({
      alert: Token,
      kind: Word('month-used', 'lot-expiring'),
      level: Count,
      subject: Token,
      credits: Credits,
      of: Credits,
      expiresAt: Nullable(Timestamp),
      crossedAt: Timestamp,
    }),
    toPublished: ({ alert, kind, level, subject, credits, of, expiresAt, crossedAt }) => ({
      alert,
      kind,
      level,
      subject,
      credits,
      of,
      expiresAt: timestampOrNull(expiresAt),
      crossedAt: timestamp(crossedAt),
    }),
  }),
  contract('CreditThresholdRearmed', {
    event: 'credit-threshold-rearmed',
    summary: 'What an alert was about is below its threshold again.',
    data: t.strict({ alert: Token, rearmedAt: Timestamp }),
    toPublished: ({ alert, rearmedAt }) => ({ alert, rearmedAt: timestamp(rearmedAt) }),
  }),
];

export const creditContracts: readonly Contract[] = [
  ...lotContracts,
  ...chargeContracts,
  ...monthContracts,
];
