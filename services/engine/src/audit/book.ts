import type { LotAmount } from '@daybook/domain/credits';
import { creditsStream, type Instant } from '@daybook/domain/kernel';
import type { AuditClass, AuditedEvent, Findings } from './findings.js';

/** A lot as the audit counts it; what is left is never kept, only computed. */
export type AuditLot = {
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant;
  readonly granted: number;
  readonly opened: AuditedEvent;
  used: number;
  held: number;
  voided: number;
  lapsed: number;
};

export type ChargeStatus = 'held' | 'captured' | 'released' | 'reversed';

export type AuditCharge = {
  readonly chargeId: string;
  readonly tariff: string;
  readonly amount: number;
  readonly allocations: readonly LotAmount[];
  readonly heldAt: Instant;
  readonly held: AuditedEvent;
  status: ChargeStatus;
};

/** What a session used and what it was charged. */
export type AuditSession = {
  readonly charges: AuditCharge[];
  messages: number;
  summary: AuditedEvent | null;
  use: AuditedEvent | null;
  /** AI use that named a charge which had not been held by then. */
  readonly unpaid: Readonly<{ chargeId: string; event: AuditedEvent }>[];
};

/** A company's credits, counted from the events alone. */
export type AuditAccount = {
  readonly company: string;
  readonly stream: string;
  /** Last revision of the stream that is no refusal. */
  revision: number;
  readonly lots: Map<string, AuditLot>;
  /** Nearly every charge takes the same amount from one lot: such lists are kept once. */
  readonly shared: Map<string, readonly LotAmount[]>;
  readonly charges: Map<string, AuditCharge>;
  readonly sessions: Map<string, AuditSession>;
  readonly months: Map<string, AuditedEvent>;
  readonly orders: Map<string, AuditedEvent>;
  readonly statements: Map<string, AuditedEvent>;
  /** Credits that a release or reversal said had lapsed, by charge and lot, until their lapse follows. */
  readonly dueLapses: Map<string, Readonly<{ amount: number; event: AuditedEvent }>>;
};

export const openAccount = (company: string): AuditAccount => ({
  company,
  stream: creditsStream(company),
  shared: new Map(),
  revision: -1,
  lots: new Map(),
  charges: new Map(),
  sessions: new Map(),
  months: new Map(),
  orders: new Map(),
  statements: new Map(),
  dueLapses: new Map(),
});

export const sessionIn = (account: AuditAccount, sessionId: string): AuditSession => {
  const known = account.sessions.get(sessionId);
  if (known !== undefined) return known;
  const session: AuditSession = {
    charges: [],
    messages: 0,
    summary: null,
    use: null,
    unpaid: [],
  };
  account.sessions.set(sessionId, session);
  return session;
};

/** The same list for the same amounts, so that a charge costs no list of its own. */
export const sharedList = (
  { shared }: AuditAccount,
  amounts: readonly LotAmount[],
): readonly LotAmount[] => {
  const [only] = amounts;
  if (only === undefined || amounts.length > 1) return amounts;
  const key = `${only.amount} ${only.lotId}`;
  const known = shared.get(key) ?? amounts;
  shared.set(key, known);
  return known;
};

export const leftIn = ({ granted, used, held, voided, lapsed }: AuditLot): number =>
  granted - used - held - voided - lapsed;

export const isAlive = ({ effectiveAt, expiresAt }: AuditLot, at: Instant): boolean =>
  effectiveAt <= at && at < expiresAt;

export const sumOf = (amounts: readonly LotAmount[]): number => {
  let sum = 0;
  for (const { amount } of amounts) sum += amount;
  return sum;
};

/** An event of an account while it is looked at. */
export type Looking = Readonly<{ account: AuditAccount; event: AuditedEvent; findings: Findings }>;

export const found = (
  { account, event, findings }: Looking,
  what: Readonly<{
    class: AuditClass;
    subject: string;
    detail: string;
    beside?: AuditedEvent | undefined;
  }>,
): void => {
  const { class: name, subject, detail, beside } = what;
  const events = beside === undefined ? [event] : [beside, event];
  findings.add({ class: name, company: account.company, subject, detail, events });
};

type Figure = 'used' | 'held' | 'voided' | 'lapsed';

/** The lot that an event names, with the finding where there is none. */
export const lotNamed = (looking: Looking, lotId: string): AuditLot | undefined => {
  const lot = looking.account.lots.get(lotId);
  if (lot === undefined)
    found(looking, { class: 'lot-unknown', subject: lotId, detail: 'never granted' });
  return lot;
};

/** Takes what is left in a lot into one of its figures; more than that is `broken`. */
export const takeLeft = (
  looking: Looking,
  taken: LotAmount & Readonly<{ figure: Figure; broken: AuditClass }>,
): void => {
  const { lotId, amount, figure, broken } = taken;
  const lot = lotNamed(looking, lotId);
  if (lot === undefined) return;
  const left = leftIn(lot);
  if (amount > left) {
    const detail = `${amount} of ${left} left`;
    found(looking, { class: broken, subject: lotId, detail, beside: lot.opened });
  }
  lot[figure] += amount;
};

/** Moves credits out of a figure, into another one or back into what is left. */
export const moveOut = (
  looking: Looking,
  moved: LotAmount & Readonly<{ from: Figure; to: Figure | null }>,
): void => {
  const { lotId, amount, from, to } = moved;
  const lot = lotNamed(looking, lotId);
  if (lot === undefined) return;
  if (amount > lot[from]) {
    const detail = `${amount} out of ${lot[from]} ${from}`;
    found(looking, { class: 'conservation-broken', subject: lotId, detail, beside: lot.opened });
  }
  lot[from] -= amount;
  if (to !== null) lot[to] += amount;
};

export const mustLive = (looking: Looking, lotId: string, at: Instant): void => {
  const lot = looking.account.lots.get(lotId);
  if (lot === undefined || isAlive(lot, at)) return;
  const { effectiveAt, expiresAt, opened } = lot;
  const detail = `${at} is outside [${effectiveAt}, ${expiresAt})`;
  found(looking, { class: 'lot-outside-life', subject: lotId, detail, beside: opened });
};

/** Notes that something came once; the second time is a finding that names both. */
export const once = (
  looking: Looking,
  seen: Map<string, AuditedEvent>,
  what: Readonly<{ class: AuditClass; subject: string }>,
): void => {
  const first = seen.get(what.subject);
  if (first === undefined) seen.set(what.subject, looking.event);
  else found(looking, { ...what, detail: 'came before', beside: first });
};
