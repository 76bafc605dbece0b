import type { Instant, Month } from '../kernel/index.js';

/** Where an event stands in the log, so that a reader of a finding can look it up. */
export type EventRef = Readonly<{
  stream: string;
  revision: number;
  position: number;
  eventId: string;
}>;

/** `null` where the file has no column for it: then refunds cannot be compared. */
export type PortalStatus = 'completed' | 'refunded' | null;

/** What one line of the portal's export says. Equal contents on several lines are one statement. */
export type PortalContent = Readonly<{
  orderNumber: string;
  purchasedAt: Instant;
  credits: number;
  status: PortalStatus;
  /** Plain data: compared as they are written, never calculated with. */
  price: string;
  currency: string;
  invoiceNumber: string;
}>;

/** One statement of the portal, with the first line that makes it. */
export type PortalPurchase = PortalContent & Readonly<{ line: number }>;

/** A line that says nothing. `orderNumber` where at least that could be read. Never what stands in it. */
export type UnreadableLine = Readonly<{
  line: number;
  orderNumber: string | null;
  column: string | null;
  reason: string;
  remedy: string;
}>;

export type LedgerPurchase = Readonly<{
  ref: EventRef;
  credits: number;
  purchasedAt: Instant;
}>;
export type LedgerRefund = Readonly<{ ref: EventRef; refundedAt: Instant }>;

/** Everything that is known of one order number, in any order. */
export type OrderFacts = Readonly<{
  orderNumber: string;
  portal: readonly PortalPurchase[];
  /** Lines of this order that could not be read: the portal has the order, with what is not known. */
  unreadableLines: readonly number[];
  purchases: readonly LedgerPurchase[];
  refunds: readonly LedgerRefund[];
}>;

type ChargeStep = Readonly<{ ref: EventRef; chargeId: string; at: Instant }>;

/** What the ledger, the session and its summary say about one session. */
export type SessionFact =
  | (ChargeStep & Readonly<{ kind: 'held'; amount: number }>)
  | (ChargeStep & Readonly<{ kind: 'captured' | 'released' | 'reversed' }>)
  /** An assistant message was answered, or a summary generated. */
  | Readonly<{ kind: 'assistant' | 'summary'; ref: EventRef; at: Instant }>;

/** AI was activated or deactivated for the company. */
export type Activation = Readonly<{ ref: EventRef; at: Instant; active: boolean }>;

export type MonthFacts = Readonly<{
  activations: readonly Activation[];
  granted: ReadonlySet<Month>;
}>;

/** The instants `[from, to)` that are looked at; an absent bound leaves that side open. */
export type Scope = Readonly<{ from?: Instant; to?: Instant }>;

export const isInScope = ({ from = -Infinity, to = Infinity }: Scope, at: Instant): boolean =>
  from <= at && at < to;
