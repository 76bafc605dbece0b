import type { HandlingFailure } from '@daybook/command-handling';
import type { Instant } from '@daybook/domain/kernel';
import {
  reconcileMonths,
  reconcileOrder,
  reconcileSession,
  type Activation,
  type Finding,
  type LedgerPurchase,
  type LedgerRefund,
  type PortalContent,
  type PortalPurchase,
  type Scope,
  type SessionFact,
  type UnreadableLine,
} from '@daybook/domain/reconciliation';
import type { RuleBook } from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';
import type { LogFact } from './reconcile-facts.js';
import { gatherFacts, type LogReader } from './reconcile-gather.js';
import { openScratch, type Group, type Scratch } from './reconcile-scratch.js';

/** One line of the portal's export, read or not. */
export type PortalLine = E.Either<UnreadableLine, PortalPurchase>;

/** `Broken`: why the export cannot be read to its end; nothing is then compared. */
export type ReconcileRequest<Broken> = Readonly<{
  company: string;
  timeZone: string;
  /** Months are due up to here. */
  now: Instant;
  scope: Scope;
  portal: AsyncIterable<E.Either<Broken, readonly PortalLine[]>>;
  /** Called for each finding: unreadable lines as they come, then orders, months and sessions in order. */
  onFinding: (finding: Finding) => void;
}>;

export type Reconciliation = Readonly<{
  /** Position of the log that was read. */
  position: number;
  /** Lines of the export that could be read. */
  portalLines: number;
  unreadableLines: number;
  /** Lines that say again what another line says. */
  repeatedLines: number;
  /** Orders with such lines: the first by number, with the first line that was repeated. */
  repeated: readonly Readonly<{ orderNumber: string; line: number; times: number }>[];
  /** Different orders of the portal and the ledger together. */
  orders: number;
  /** Sessions that were charged or used AI. */
  sessions: number;
  /** Months that were granted. */
  months: number;
}>;

type Said =
  | Readonly<{ portal: PortalContent }>
  | Readonly<{ unreadable: number }>
  | Extract<LogFact, { key: string }>;

type Counts = { -readonly [Name in keyof Omit<Reconciliation, 'repeated'>]: number } & {
  repeated: { orderNumber: string; line: number; times: number }[];
};

type Work<Broken> = Readonly<{
  request: ReconcileRequest<Broken>;
  scratch: Scratch;
  counts: Counts;
  activations: Activation[];
  granted: Set<string>;
}>;

const ORDER = 'order:';
const SESSION = 'session:';
const REPEATED_SHOWN = 20;

const addLine = <Broken>({ request, scratch, counts }: Work<Broken>, read: PortalLine): void => {
  if (E.isRight(read)) {
    const { line, ...portal } = read.right;
    counts.portalLines += 1;
    scratch.add(ORDER + portal.orderNumber, JSON.stringify({ portal }), line);
    return;
  }
  const { line, ...problem } = read.left;
  counts.unreadableLines += 1;
  request.onFinding({ class: 'portal-line-unreadable', ...problem, lines: [line], events: [] });
  const { orderNumber } = problem;
  if (orderNumber !== null)
    scratch.add(ORDER + orderNumber, JSON.stringify({ unreadable: line }), line);
};

const addFact = <Broken>({ scratch, activations, granted }: Work<Broken>, fact: LogFact): void => {
  if (fact.about === 'grant') granted.add(fact.month);
  else if (fact.about === 'activation') activations.push(fact.fact);
  else {
    const prefix = fact.about === 'session' ? SESSION : ORDER;
    scratch.add(prefix + fact.key, JSON.stringify(fact), fact.fact.ref.position);
  }
};

const orderOf = (
  group: Group,
  counts: Counts,
): Parameters<ReturnType<typeof reconcileOrder>>[0] => {
  const orderNumber = group.key.slice(ORDER.length);
  const portal: PortalPurchase[] = [];
  const unreadableLines: number[] = [];
  const purchases: LedgerPurchase[] = [];
  const refunds: LedgerRefund[] = [];
  for (const { text, first, times } of group.items) {
    const said = JSON.parse(text) as Said;
    if ('unreadable' in said) unreadableLines.push(first);
    else if ('portal' in said) {
      portal.push({ ...said.portal, line: first });
      if (times === 1) continue;
      counts.repeatedLines += times - 1;
      if (counts.repeated.length < REPEATED_SHOWN)
        counts.repeated.push({ orderNumber, line: first, times });
    } else if (said.about === 'purchase') purchases.push(said.fact);
    else if (said.about === 'refund') refunds.push(said.fact);
  }
  return { orderNumber, portal, unreadableLines, purchases, refunds };
};

const sessionOf = ({ items }: Group): readonly SessionFact[] =>
  items.map(({ text }) => (JSON.parse(text) as Extract<Said, { about: 'session' }>).fact);

const compare = <Broken>(work: Work<Broken>, ruleBook: RuleBook): void => {
  const { request, scratch, counts, activations, granted } = work;
  const { timeZone, scope, now, onFinding } = request;
  const ofOrder = reconcileOrder(timeZone, scope);
  const ofSession = reconcileSession(ruleBook, scope);
  const months = reconcileMonths({ activations, granted }, { timeZone, scope, now });
  counts.months = granted.size;
  months.forEach(onFinding);
  for (const group of scratch.groups()) {
    if (group.key.startsWith(ORDER)) {
      counts.orders += 1;
      ofOrder(orderOf(group, counts)).forEach(onFinding);
    } else {
      counts.sessions += 1;
      ofSession(group.key.slice(SESSION.length), sessionOf(group)).forEach(onFinding);
    }
  }
};

const gather = async <Broken>(
  reader: LogReader,
  work: Work<Broken>,
): Promise<E.Either<HandlingFailure | Broken, number>> => {
  for await (const page of work.request.portal) {
    if (E.isLeft(page)) return page;
    for (const line of page.right) addLine(work, line);
  }
  return gatherFacts(reader, work.request.company, (fact) => addFact(work, fact));
};

const nothingYet = (): Counts => ({
  position: 0,
  portalLines: 0,
  unreadableLines: 0,
  repeatedLines: 0,
  repeated: [],
  orders: 0,
  sessions: 0,
  months: 0,
});

/**
 * Compares a company's ledger with the portal's export of purchases and with its sessions (rulebook
 * §5). It reads and writes nothing; memory does not grow with the export or the log. The order of the
 * export's lines changes no finding.
 */
export const reconcileCompany =
  ({ reader, ruleBook }: Readonly<{ reader: LogReader; ruleBook: RuleBook }>) =>
  async <Broken = never>(
    request: ReconcileRequest<Broken>,
  ): Promise<E.Either<HandlingFailure | Broken, Reconciliation>> => {
    const scratch = openScratch();
    const work = {
      request,
      scratch,
      counts: nothingYet(),
      activations: [],
      granted: new Set<string>(),
    };
    try {
      const position = await gather(reader, work);
      if (E.isLeft(position)) return position;
      compare(work, ruleBook);
      return E.right({ ...work.counts, position: position.right });
    } finally {
      scratch.close();
    }
  };
