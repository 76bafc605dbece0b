import type {
  EventRef,
  LedgerPurchase,
  LedgerRefund,
  OrderFacts,
  PortalPurchase,
  SessionFact,
} from '../../src/reconciliation/index.js';

/** 22 June 2026, 08:00 in Berlin. */
export const AT = Date.UTC(2026, 5, 22, 6);
export const DAY = 86_400_000;
export const ZONE = 'Europe/Berlin';
export const ORDER = 'PO-7';
export const SESSION = 's-1';

export const ref = (position: number, stream = 'credits-acme'): EventRef => ({
  stream,
  revision: position - 1,
  position,
  eventId: `event-${position}`,
});

export const row = (line: number, changes: Partial<PortalPurchase> = {}): PortalPurchase => ({
  orderNumber: ORDER,
  purchasedAt: AT,
  credits: 100,
  status: 'completed',
  price: '129.00',
  currency: 'EUR',
  invoiceNumber: 'INV-1',
  line,
  ...changes,
});

export const purchase = (
  position: number,
  changes: Partial<LedgerPurchase> = {},
): LedgerPurchase => ({ ref: ref(position), credits: 100, purchasedAt: AT, ...changes });

export const refund = (position: number): LedgerRefund => ({
  ref: ref(position),
  refundedAt: AT + DAY,
});

export const order = (facts: Partial<OrderFacts>): OrderFacts => ({
  orderNumber: ORDER,
  portal: [],
  unreadableLines: [],
  purchases: [],
  refunds: [],
  ...facts,
});

const charge = (generation: number): string => `${SESSION}:${generation}`;

export const held = (position: number, generation = 0, amount = 1): SessionFact => ({
  kind: 'held',
  ref: ref(position),
  chargeId: charge(generation),
  amount,
  at: AT,
});

export const step = (
  kind: 'captured' | 'released' | 'reversed',
  position: number,
  generation = 0,
): SessionFact => ({ kind, ref: ref(position), chargeId: charge(generation), at: AT });

export const assistant = (position: number): SessionFact => ({
  kind: 'assistant',
  ref: ref(position, `session-acme_${SESSION}`),
  at: AT,
});

export const summary = (position: number): SessionFact => ({
  kind: 'summary',
  ref: ref(position, `summary-acme_${SESSION}`),
  at: AT,
});
