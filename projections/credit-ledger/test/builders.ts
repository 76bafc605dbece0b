import type { LogEntry } from '@daybook/projection/contract';
import * as fc from 'fast-check';

export const JAN = Date.UTC(2024, 0, 1);
export const FEB = Date.UTC(2024, 1, 1);
export const MAR = Date.UTC(2024, 2, 1);
export const HOUR = 3_600_000;

type Of<Type extends LogEntry['type']> = Extract<LogEntry, { type: Type }>['data'];

const stream = (company: string): string => `credits-${company}`;

export const granted = (
  data: Partial<Of<'MonthlyCreditsGranted'>> = {},
  of = 'acme',
): LogEntry => ({
  stream: stream(of),
  type: 'MonthlyCreditsGranted',
  data: {
    lotId: 'free-2024-01',
    month: '2024-01',
    plan: 'business',
    amount: 5,
    effectiveAt: JAN,
    expiresAt: FEB,
    ...data,
  },
});
export const raised = (data: Partial<Of<'MonthlyGrantRaised'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'MonthlyGrantRaised',
  data: {
    lotId: 'free-2024-01-premium',
    month: '2024-01',
    fromPlan: 'business',
    toPlan: 'premium',
    amount: 5,
    effectiveAt: JAN + HOUR,
    expiresAt: FEB,
    ...data,
  },
});
export const purchased = (data: Partial<Of<'CreditsPurchased'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'CreditsPurchased',
  data: {
    lotId: 'order-1',
    orderNumber: 'PO-1',
    amount: 20,
    purchasedAt: JAN,
    effectiveAt: JAN,
    expiresAt: Date.UTC(2025, 0, 1),
    priority: 0,
    ...data,
  },
});
export const refunded = (voided: number, refundedAt: number): LogEntry => ({
  stream: stream('acme'),
  type: 'PurchaseRefunded',
  data: { lotId: 'order-1', orderNumber: 'PO-1', voided, refundedAt },
});
export const held = (data: Partial<Of<'CreditsHeld'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'CreditsHeld',
  data: {
    chargeId: 's1:0',
    sessionId: 's1',
    generation: 0,
    amount: 1,
    allocations: [{ lotId: 'free-2024-01', amount: 1 }],
    heldAt: JAN + HOUR,
    timesOutAt: JAN + 49 * HOUR,
    tariff: 'per-session',
    ...data,
  },
});
export const captured = (data: Partial<Of<'HoldCaptured'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'HoldCaptured',
  data: { chargeId: 's1:0', sessionId: 's1', capturedAt: JAN + 2 * HOUR, ...data },
});
export const released = (data: Partial<Of<'HoldReleased'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'HoldReleased',
  data: {
    chargeId: 's1:0',
    sessionId: 's1',
    reason: 'timed-out',
    returned: [{ lotId: 'free-2024-01', amount: 1 }],
    lapsed: [],
    releasedAt: JAN + 2 * HOUR,
    ...data,
  },
});
export const reversed = (data: Partial<Of<'ChargeReversed'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'ChargeReversed',
  data: {
    chargeId: 's1:0',
    sessionId: 's1',
    reason: 'charged-in-error',
    returned: [{ lotId: 'free-2024-01', amount: 1 }],
    lapsed: [],
    reversedAt: JAN + 3 * HOUR,
    ...data,
  },
});
export const lapsed = (data: Partial<Of<'CreditsLapsed'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'CreditsLapsed',
  data: { lotId: 'free-2024-01', amount: 1, lapsedAt: FEB, origin: null, ...data },
});

export const promoted = (
  data: Partial<Of<'PromotionalCreditsGranted'>> = {},
  of = 'acme',
): LogEntry => ({
  stream: stream(of),
  type: 'PromotionalCreditsGranted',
  data: {
    lotId: 'promotion-1',
    grantId: 'spring',
    amount: 4,
    effectiveAt: JAN,
    expiresAt: MAR,
    priority: 0,
    reason: 'Spring campaign',
    author: 'billing-7',
    ...data,
  },
});
export const added = (data: Partial<Of<'CreditsAdded'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'CreditsAdded',
  data: {
    lotId: 'adjustment-1',
    adjustmentId: 'adj-1',
    amount: 3,
    effectiveAt: JAN,
    expiresAt: MAR,
    priority: 0,
    reason: 'Goodwill',
    author: 'billing-7',
    ...data,
  },
});
export const deducted = (data: Partial<Of<'CreditsDeducted'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'CreditsDeducted',
  data: {
    adjustmentId: 'adj-2',
    amount: 2,
    allocations: [{ lotId: 'promotion-1', amount: 2 }],
    deductedAt: JAN + HOUR,
    reason: 'Granted twice',
    author: 'billing-7',
    ...data,
  },
});
export const voided = (data: Partial<Of<'LotVoided'>> = {}, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'LotVoided',
  data: {
    lotId: 'adjustment-1',
    voidId: 'void-1',
    voided: 3,
    reason: 'granted-in-error',
    author: 'billing-7',
    voidedAt: JAN + 2 * HOUR,
    ...data,
  },
});
export const crossed = (alert: string, of = 'acme'): LogEntry => ({
  stream: stream(of),
  type: 'CreditThresholdCrossed',
  data: {
    alert,
    kind: 'month-used',
    level: 80,
    subject: '2024-01',
    credits: 4,
    of: 5,
    expiresAt: null,
    crossedAt: JAN + 3 * HOUR,
  },
});

const anyCompany = fc.constantFrom('acme', 'globex');
const anyLot = fc.constantFrom('free-2024-01', 'order-1');
const anyInstant = fc.integer({ min: 0, max: 40 }).map((days) => JAN + days * 24 * HOUR);
const anyAmounts = fc.array(fc.record({ lotId: anyLot, amount: fc.integer({ min: 1, max: 3 }) }), {
  maxLength: 2,
});
const anyCharge = fc
  .tuple(fc.constantFrom('s1', 's2'), fc.integer({ min: 0, max: 1 }))
  .map(([sessionId, generation]) => ({
    sessionId,
    generation,
    chargeId: `${sessionId}:${generation}`,
  }));
const anySettled = fc
  .tuple(anyCharge, anyAmounts, anyAmounts)
  .map(([{ sessionId, chargeId }, returned, lost]) => ({
    sessionId,
    chargeId,
    returned,
    lapsed: lost,
  }));

const anyEntryAt = (company: string, at: number): fc.Arbitrary<LogEntry> =>
  fc.oneof(
    anyLot.map((lotId) => granted({ lotId, effectiveAt: at }, company)),
    anyLot.map((lotId) => raised({ lotId, effectiveAt: at }, company)),
    anyLot.map((lotId) => promoted({ lotId, effectiveAt: at }, company)),
    anyLot.map((lotId) => added({ lotId, effectiveAt: at }, company)),
    anyAmounts.map((allocations) => deducted({ allocations, deductedAt: at }, company)),
    anyLot.map((lotId) => voided({ lotId, voidedAt: at }, company)),
    fc.constant(crossed('month-used:2024-01:80', company)),
    anyLot.map((lotId) => purchased({ lotId, purchasedAt: at, effectiveAt: at }, company)),
    fc.constant(refunded(2, at)),
    fc
      .tuple(anyCharge, anyAmounts)
      .map(([charge, allocations]) => held({ ...charge, allocations, heldAt: at }, company)),
    anyCharge.map(({ chargeId, sessionId }) =>
      captured({ chargeId, sessionId, capturedAt: at }, company),
    ),
    anySettled.map((settled) => released({ ...settled, releasedAt: at }, company)),
    anySettled.map((settled) => reversed({ ...settled, reversedAt: at }, company)),
    anyLot.map((lotId) => lapsed({ lotId, lapsedAt: at }, company)),
    fc.constant<LogEntry>({ stream: `company-${company}`, type: 'AiDeactivated', data: {} }),
  );

/** Well-formed events in any order, as a reader with gaps might see them. */
export const anyLog: fc.Arbitrary<readonly LogEntry[]> = fc.array(
  fc.tuple(anyCompany, anyInstant).chain(([company, at]) => anyEntryAt(company, at)),
  { maxLength: 30 },
);
