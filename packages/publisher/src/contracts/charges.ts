import { Count, PositiveCredits, Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { type Contract, contractsOf } from './contract.js';
import { Timestamp, timestamp, Token } from './values.js';

const contract = contractsOf('credits');

/** How much one lot gave, got back or lost. */
const LotAmount = t.strict({ lotId: Token, amount: PositiveCredits });
type Amounts = readonly t.TypeOf<typeof LotAmount>[];

const amounts = (stored: Amounts): t.TypeOf<typeof LotAmount>[] =>
  stored.map(({ lotId, amount }) => ({ lotId, amount }));

const back = { returned: t.array(LotAmount), lapsed: t.array(LotAmount) };

export const chargeContracts: readonly Contract[] = [
  contract('CreditsHeld', {
    event: 'credits-held',
    summary: 'Credits were set aside for a session; `allocations` says which lots pay.',
    data: t.strict({
      chargeId: Token,
      sessionId: Token,
      generation: Count,
      amount: PositiveCredits,
      allocations: t.array(LotAmount),
      tariff: Token,
      heldAt: Timestamp,
      timesOutAt: Timestamp,
    }),
    toPublished: (stored) => ({
      chargeId: stored.chargeId,
      sessionId: stored.sessionId,
      generation: stored.generation,
      amount: stored.amount,
      allocations: amounts(stored.allocations),
      tariff: stored.tariff,
      heldAt: timestamp(stored.heldAt),
      timesOutAt: timestamp(stored.timesOutAt),
    }),
  }),
  contract('HoldCaptured', {
    event: 'hold-captured',
    summary: 'The session’s charge is final: what was held is used.',
    data: t.strict({ chargeId: Token, sessionId: Token, capturedAt: Timestamp }),
    toPublished: ({ chargeId, sessionId, capturedAt }) => ({
      chargeId,
      sessionId,
      capturedAt: timestamp(capturedAt),
    }),
  }),
  contract('HoldReleased', {
    event: 'hold-released',
    summary:
      'Nothing succeeded: what was held went back to its lots (`returned`), or lapsed with those that had ended (`lapsed`; a credits-lapsed event follows for each, count one of the two).',
    data: t.strict({
      chargeId: Token,
      sessionId: Token,
      reason: Word('nothing-succeeded', 'timed-out', 'consent-withdrawn'),
      ...back,
      releasedAt: Timestamp,
    }),
    toPublished: ({ chargeId, sessionId, reason, returned, lapsed, releasedAt }) => ({
      chargeId,
      sessionId,
      reason,
      returned: amounts(returned),
      lapsed: amounts(lapsed),
      releasedAt: timestamp(releasedAt),
    }),
  }),
  contract('ChargeReversed', {
    event: 'charge-reversed',
    summary: 'A captured charge was taken back; the lists mean what they mean in hold-released.',
    data: t.strict({
      chargeId: Token,
      sessionId: Token,
      reason: Word('charged-in-error', 'nothing-delivered'),
      ...back,
      reversedAt: Timestamp,
    }),
    toPublished: ({ chargeId, sessionId, reason, returned, lapsed, reversedAt }) => ({
      chargeId,
      sessionId,
      reason,
      returned: amounts(returned),
      lapsed: amounts(lapsed),
      reversedAt: timestamp(reversedAt),
    }),
  }),
  contract('CreditsDeducted', {
    event: 'credits-deducted',
    summary: 'Billing took credits away by hand, from the lots that would have paid.',
    data: t.strict({
      adjustmentId: Token,
      amount: PositiveCredits,
      allocations: t.array(LotAmount),
      deductedAt: Timestamp,
    }),
    toPublished: ({ adjustmentId, amount, allocations, deductedAt }) => ({
      adjustmentId,
      amount,
      allocations: amounts(allocations),
      deductedAt: timestamp(deductedAt),
    }),
  }),
];
