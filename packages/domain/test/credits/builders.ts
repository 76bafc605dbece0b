import type { CreditCommand, CreditEvent } from '../../src/credits/index.js';

type DataOf<Type extends CreditEvent['type']> = Extract<CreditEvent, { type: Type }>['data'];
type CommandOf<Type extends CreditCommand['type']> = Omit<
  Extract<CreditCommand, { type: Type }>,
  'type'
>;

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const march = Date.UTC(2025, 2, 1);
export const april = Date.UTC(2025, 3, 1);
export const may = Date.UTC(2025, 4, 1);
/** An ordinary instant in March. */
export const noon = Date.UTC(2025, 2, 10, 12);

export const granted = (
  data: Partial<DataOf<'MonthlyCreditsGranted'>> = {},
): Extract<CreditEvent, { type: 'MonthlyCreditsGranted' }> => ({
  type: 'MonthlyCreditsGranted',
  data: {
    lotId: 'free:2025-03',
    effectiveAt: march,
    expiresAt: april,
    month: '2025-03',
    plan: 'business',
    amount: 5,
    ...data,
  },
});

export const raised = (data: Partial<DataOf<'MonthlyGrantRaised'>> = {}): CreditEvent => ({
  type: 'MonthlyGrantRaised',
  data: {
    lotId: 'free:2025-03:1',
    effectiveAt: noon,
    expiresAt: april,
    month: '2025-03',
    fromPlan: 'business',
    toPlan: 'premium',
    amount: 5,
    ...data,
  },
});

export const purchased = (data: Partial<DataOf<'CreditsPurchased'>> = {}): CreditEvent => ({
  type: 'CreditsPurchased',
  data: {
    lotId: `order:${data.orderNumber ?? 'A-1'}`,
    effectiveAt: march,
    expiresAt: Date.UTC(2026, 2, 1),
    orderNumber: 'A-1',
    amount: 10,
    purchasedAt: march,
    priority: 0,
    ...data,
  },
});

export const refunded = (data: Partial<DataOf<'PurchaseRefunded'>> = {}): CreditEvent => ({
  type: 'PurchaseRefunded',
  data: { lotId: 'order:A-1', orderNumber: 'A-1', voided: 10, refundedAt: noon, ...data },
});

export const held = (data: Partial<DataOf<'CreditsHeld'>> = {}): CreditEvent => {
  const sessionId = data.sessionId ?? 's1';
  const generation = data.generation ?? 0;
  const heldAt = data.heldAt ?? noon;
  return {
    type: 'CreditsHeld',
    data: {
      chargeId: `${sessionId}:${generation}`,
      sessionId,
      generation,
      amount: 1,
      allocations: [{ lotId: 'free:2025-03', amount: 1 }],
      heldAt,
      timesOutAt: heldAt + 48 * hour,
      tariff: 'per-session',
      ...data,
    },
  };
};

export const captured = (data: Partial<DataOf<'HoldCaptured'>> = {}): CreditEvent => ({
  type: 'HoldCaptured',
  data: { chargeId: 's1:0', sessionId: 's1', capturedAt: noon + minute, ...data },
});

export const released = (data: Partial<DataOf<'HoldReleased'>> = {}): CreditEvent => ({
  type: 'HoldReleased',
  data: {
    chargeId: 's1:0',
    sessionId: 's1',
    reason: 'nothing-succeeded',
    returned: [{ lotId: 'free:2025-03', amount: 1 }],
    lapsed: [],
    releasedAt: noon + hour,
    ...data,
  },
});

export const reversed = (data: Partial<DataOf<'ChargeReversed'>> = {}): CreditEvent => ({
  type: 'ChargeReversed',
  data: {
    chargeId: 's1:0',
    sessionId: 's1',
    reason: 'nothing-delivered',
    returned: [{ lotId: 'free:2025-03', amount: 1 }],
    lapsed: [],
    reversedAt: noon + hour,
    ...data,
  },
});

export const lapsed = (data: Partial<DataOf<'CreditsLapsed'>> = {}): CreditEvent => ({
  type: 'CreditsLapsed',
  data: { lotId: 'free:2025-03', amount: 5, lapsedAt: april, origin: null, ...data },
});

export const grant = (data: Partial<CommandOf<'GrantMonthlyCredits'>> = {}): CreditCommand => ({
  type: 'GrantMonthlyCredits',
  plan: 'business',
  timeZone: 'UTC',
  instant: noon,
  ...data,
});

export const raise = (data: Partial<CommandOf<'RaiseMonthlyGrant'>> = {}): CreditCommand => ({
  type: 'RaiseMonthlyGrant',
  fromPlan: 'business',
  toPlan: 'premium',
  timeZone: 'UTC',
  raisedAt: noon,
  ...data,
});

export const purchase = (data: Partial<CommandOf<'PurchaseCredits'>> = {}): CreditCommand => ({
  type: 'PurchaseCredits',
  orderNumber: 'A-1',
  amount: 10,
  purchasedAt: march,
  timeZone: 'UTC',
  ...data,
});

export const refund = (data: Partial<CommandOf<'RefundPurchase'>> = {}): CreditCommand => ({
  type: 'RefundPurchase',
  orderNumber: 'A-1',
  refundedAt: noon,
  ...data,
});

export const hold = (data: Partial<CommandOf<'HoldCredits'>> = {}): CreditCommand => ({
  type: 'HoldCredits',
  sessionId: 's1',
  heldAt: noon,
  ...data,
});

export const capture = (data: Partial<CommandOf<'CaptureHold'>> = {}): CreditCommand => ({
  type: 'CaptureHold',
  chargeId: 's1:0',
  capturedAt: noon + minute,
  ...data,
});

export const release = (data: Partial<CommandOf<'ReleaseHold'>> = {}): CreditCommand => ({
  type: 'ReleaseHold',
  chargeId: 's1:0',
  reason: 'nothing-succeeded',
  releasedAt: noon + hour,
  ...data,
});

export const reverse = (data: Partial<CommandOf<'ReverseCharge'>> = {}): CreditCommand => ({
  type: 'ReverseCharge',
  chargeId: 's1:0',
  reason: 'nothing-delivered',
  reversedAt: noon + hour,
  ...data,
});

export const promote = (data: Partial<CommandOf<'GrantPromotion'>> = {}): CreditCommand => ({
  type: 'GrantPromotion',
  grantId: 'spring',
  amount: 4,
  effectiveAt: march,
  expiresAt: may,
  reason: 'Spring campaign',
  author: 'billing-7',
  ...data,
});

export const promoted = (data: Partial<DataOf<'PromotionalCreditsGranted'>> = {}): CreditEvent => ({
  type: 'PromotionalCreditsGranted',
  data: {
    lotId: `promotion:${data.grantId ?? 'spring'}`,
    grantId: 'spring',
    amount: 4,
    effectiveAt: march,
    expiresAt: may,
    priority: 0,
    reason: 'Spring campaign',
    author: 'billing-7',
    ...data,
  },
});

export const add = (data: Partial<CommandOf<'AddCredits'>> = {}): CreditCommand => ({
  type: 'AddCredits',
  adjustmentId: 'adj-1',
  amount: 3,
  effectiveAt: noon,
  expiresAt: may,
  reason: 'Goodwill after an outage',
  author: 'billing-7',
  ...data,
});

export const added = (data: Partial<DataOf<'CreditsAdded'>> = {}): CreditEvent => ({
  type: 'CreditsAdded',
  data: {
    lotId: `adjustment:${data.adjustmentId ?? 'adj-1'}`,
    adjustmentId: 'adj-1',
    amount: 3,
    effectiveAt: noon,
    expiresAt: may,
    priority: 0,
    reason: 'Goodwill after an outage',
    author: 'billing-7',
    ...data,
  },
});

export const deduct = (data: Partial<CommandOf<'DeductCredits'>> = {}): CreditCommand => ({
  type: 'DeductCredits',
  adjustmentId: 'adj-2',
  amount: 2,
  deductedAt: noon,
  reason: 'Granted twice by hand',
  author: 'billing-7',
  ...data,
});

export const deducted = (data: Partial<DataOf<'CreditsDeducted'>> = {}): CreditEvent => ({
  type: 'CreditsDeducted',
  data: {
    adjustmentId: 'adj-2',
    amount: 2,
    allocations: [{ lotId: 'free:2025-03', amount: 2 }],
    deductedAt: noon,
    reason: 'Granted twice by hand',
    author: 'billing-7',
    ...data,
  },
});

export const voidLot = (data: Partial<CommandOf<'VoidLot'>> = {}): CreditCommand => ({
  type: 'VoidLot',
  voidId: 'dispute-17',
  lotId: 'order:A-1',
  reason: 'dispute',
  author: 'billing-7',
  voidedAt: noon,
  ...data,
});

export const voided = (data: Partial<DataOf<'LotVoided'>> = {}): CreditEvent => ({
  type: 'LotVoided',
  data: {
    lotId: 'order:A-1',
    voidId: 'dispute-17',
    voided: 10,
    reason: 'dispute',
    author: 'billing-7',
    voidedAt: noon,
    ...data,
  },
});

export const issueStatement = (data: Partial<CommandOf<'IssueStatement'>> = {}): CreditCommand => ({
  type: 'IssueStatement',
  month: '2025-03',
  timeZone: 'UTC',
  format: 1,
  issuedAt: april + day,
  knownAt: april,
  revision: 3,
  digest: 'd1',
  opening: 0,
  closing: 5,
  ...data,
});

export const statementIssued = (data: Partial<DataOf<'StatementIssued'>> = {}): CreditEvent => ({
  type: 'StatementIssued',
  data: {
    month: '2025-03',
    timeZone: 'UTC',
    format: 1,
    issuedAt: april + day,
    knownAt: april,
    revision: 3,
    digest: 'd1',
    opening: 0,
    closing: 5,
    ...data,
  },
});

export const raiseAlerts = (now: number, timeZone = 'UTC'): CreditCommand => ({
  type: 'RaiseAlerts',
  now,
  timeZone,
});

export const timeOut = (now: number): CreditCommand => ({ type: 'TimeOutHolds', now });
export const recordLapses = (now: number): CreditCommand => ({ type: 'RecordLapses', now });
