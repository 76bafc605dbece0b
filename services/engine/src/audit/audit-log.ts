import { decodeEvent } from '@daybook/command-handling';
import { isCommandEvent } from '@daybook/domain/all-events';
import { creditEvents, type CreditEvent } from '@daybook/domain/credits';
import { partsOf, type DomainEvent, type EventTable } from '@daybook/domain/kernel';
import type { RuleBook } from '@daybook/domain/rules';
import { sessionEvents } from '@daybook/domain/session-insights';
import { summaryEvents } from '@daybook/domain/summaries';
import type { EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { openAccount, sessionIn, type AuditAccount } from './book.js';
import { lookAt } from './credit-events.js';
import {
  makeFindings,
  placeOf,
  type AuditClass,
  type AuditFinding,
  type Findings,
} from './findings.js';
import { compareLedger, type LedgerFigures } from './ledger.js';
import { makeLogOrder } from './log-order.js';
import { closeAccount, noteAiFact, type AiFact } from './sessions.js';

export type AuditReport = Readonly<{
  /** Position of the last event that was looked at. */
  position: number;
  events: number;
  streams: number;
  creditEvents: number;
  companies: number;
  lots: number;
  charges: number;
  sessions: number;
  /** Lots of the read model that were compared; null where there was none to compare with. */
  ledgerLots: number | null;
  eventsPerSecond: number;
  isClean: boolean;
  counts: Readonly<Record<AuditClass, number>>;
  /** The first hundred of each class. */
  findings: readonly AuditFinding[];
}>;

export type AuditOptions = Readonly<{
  ruleBook: RuleBook;
  /** The read model's rows; the log is then looked at up to where they stand. */
  ledger?: LedgerFigures;
}>;

/** Events of sessions and summaries that say something about AI use; no other is decoded. */
const aiTypes: Readonly<Record<string, EventTable>> = {
  AiUseAllowed: sessionEvents,
  AssistantMessageAnswered: sessionEvents,
  SummaryGenerated: summaryEvents,
};

const aiFactOf = (event: DomainEvent, stored: StoredEvent): AiFact => {
  const at = placeOf(stored);
  if (event.type === 'SummaryGenerated') return { kind: 'summary', event: at };
  if (event.type === 'AssistantMessageAnswered') return { kind: 'message', event: at };
  const { chargeId } = event.data as Readonly<{ chargeId: string }>;
  return { kind: 'use', chargeId, event: at };
};

type Audit = Readonly<{
  accounts: Map<string, AuditAccount>;
  findings: Findings;
}>;

const accountIn = ({ accounts }: Audit, company: string): AuditAccount => {
  const known = accounts.get(company);
  if (known !== undefined) return known;
  const account = openAccount(company);
  accounts.set(company, account);
  return account;
};

const decoded = (audit: Audit, table: EventTable, stored: StoredEvent): DomainEvent | null => {
  const event = decodeEvent(table, stored);
  if (E.isRight(event)) return event.right;
  const { stream, type } = stored;
  const { company } = partsOf(stream);
  const isUnknown = !Object.hasOwn(table, type);
  audit.findings.add({
    class: isUnknown ? 'event-unknown' : 'event-unreadable',
    company,
    subject: type,
    detail: isUnknown ? 'no such event' : event.left.paths,
    events: [placeOf(stored)],
  });
  return null;
};

const lookAtCredits = (audit: Audit, stored: StoredEvent): void => {
  if (isCommandEvent(stored.type)) return;
  const account = accountIn(audit, partsOf(stored.stream).company);
  account.revision = stored.revision;
  const event = decoded(audit, creditEvents, stored);
  if (event === null) return;
  const { findings } = audit;
  // One name for all of an account's events: each row of the store brings a copy of its own.
  const at = { ...placeOf(stored), stream: account.stream };
  lookAt({ account, event: at, findings }, event as CreditEvent);
};

const lookAtAiUse = (audit: Audit, stored: StoredEvent): void => {
  const table = Object.hasOwn(aiTypes, stored.type) ? aiTypes[stored.type] : undefined;
  if (table === undefined) return;
  const { company, id = '' } = partsOf(stored.stream);
  const event = decoded(audit, table, stored);
  if (event === null) return;
  const account = accountIn(audit, company);
  noteAiFact(account, sessionIn(account, id), aiFactOf(event, stored));
};

type Totals = Pick<AuditReport, 'companies' | 'lots' | 'charges' | 'sessions'>;

const totalsOf = (accounts: ReadonlyMap<string, AuditAccount>): Totals => {
  const totals = { companies: accounts.size, lots: 0, charges: 0, sessions: 0 };
  for (const { lots, charges, sessions } of accounts.values()) {
    totals.lots += lots.size;
    totals.charges += charges.size;
    totals.sessions += sessions.size;
  }
  return totals;
};

const lotsOf = ({ accounts }: LedgerFigures): number =>
  accounts.reduce((sum, { lots }) => sum + lots.length, 0);

/**
 * Looks at every event of the log once, in its order, and says everything about credits that does not
 * hold. Reads only. Memory grows with streams, lots and charges, and not with events or their text.
 */
export const auditLog = async (
  reader: Pick<EventStore, 'readAll'>,
  options: AuditOptions,
): Promise<E.Either<ReadError, AuditReport>> => {
  const { ruleBook, ledger } = options;
  const end = ledger?.position ?? Number.MAX_SAFE_INTEGER;
  const started = performance.now();
  const findings = makeFindings();
  const audit: Audit = { accounts: new Map(), findings };
  const order = makeLogOrder(findings);
  const counted = { position: 0, events: 0, creditEvents: 0 };
  const lookAtOne = (stored: StoredEvent): void => {
    counted.position = stored.position;
    counted.events += 1;
    order.check(stored);
    if (!stored.stream.startsWith('credits-')) {
      lookAtAiUse(audit, stored);
      return;
    }
    counted.creditEvents += 1;
    lookAtCredits(audit, stored);
  };
  for await (const page of reader.readAll()) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) if (stored.position <= end) lookAtOne(stored);
    if (page.right.checkpoint >= end) break;
  }
  for (const account of audit.accounts.values()) closeAccount(account, ruleBook, findings);
  if (ledger !== undefined) compareLedger(audit.accounts, ledger, findings);
  const seconds = (performance.now() - started) / 1000;
  return E.right({
    ...counted,
    streams: order.streams(),
    ...totalsOf(audit.accounts),
    ledgerLots: ledger === undefined ? null : lotsOf(ledger),
    eventsPerSecond: Math.round(counted.events / Math.max(seconds, 0.001)),
    isClean: Object.values(findings.counts()).every((count) => count === 0),
    counts: findings.counts(),
    findings: findings.kept(),
  });
};
