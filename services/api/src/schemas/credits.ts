import {
  array,
  count,
  instant,
  month,
  nullable,
  object,
  position,
  text,
  whole,
  word,
  type JsonSchema,
} from './common.js';

const kind = word('free', 'promotional', 'adjustment', 'purchased');

const lot = object({
  lotId: text,
  kind,
  month: nullable(month),
  orderNumber: nullable(text),
  priority: count,
  effectiveAt: instant,
  expiresAt: instant,
  granted: count,
  used: count,
  held: count,
  voided: count,
  lapsed: count,
  available: count,
  upcoming: count,
});

export const balanceAnswer: JsonSchema = object({
  position,
  asOf: instant,
  balance: object({
    available: count,
    free: count,
    paid: count,
    held: count,
    nextExpiryAt: nullable(instant),
    lots: array(lot),
  }),
});

const columns = {
  grantedFree: whole,
  promotional: whole,
  purchased: whole,
  adjusted: whole,
  usedFree: whole,
  usedPaid: whole,
  lapsed: whole,
  voided: whole,
  refunded: whole,
  held: whole,
};

const line = object({
  column: word(...Object.keys(columns)),
  lotId: text,
  amount: whole,
  bookedAt: instant,
  occurredAt: instant,
  correctionOf: nullable(month),
  reference: nullable(text),
  events: array(text),
});

const figures = { opening: whole, ...columns, closing: whole, heldOpening: whole };

const lapseAhead = object({
  lotId: text,
  side: word('free', 'paid'),
  amount: count,
  expiresAt: instant,
  events: array(text),
});

export const statementAnswer: JsonSchema = object({
  position,
  statement: object({
    format: count,
    company: text,
    month,
    timeZone: text,
    from: instant,
    to: instant,
    ...figures,
    free: object(figures),
    paid: object(figures),
    lines: array(line),
    lapsesAhead: array(lapseAhead),
  }),
});

const charge = object({
  chargeId: text,
  sessionId: text,
  generation: count,
  status: word('held', 'captured', 'released', 'reversed'),
  amount: count,
  allocations: array(object({ lotId: text, amount: count })),
  tariff: text,
  heldAt: instant,
  timesOutAt: instant,
  settledAt: nullable(instant),
  reason: nullable(text),
});

export const chargesAnswer: JsonSchema = object({ position, charges: array(charge) });
