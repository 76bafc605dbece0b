import { invariant, type Instant } from '../kernel/index.js';
import type { LotFigures } from './balance.js';
import type { LotKind } from './burn-order.js';
import type { CreditEvent } from './events.js';
import { isGrant, makePostingSource, occurredAtOf, type Posting } from './statement-postings.js';
import type { StatementEntry } from './statement.js';

/** What was true at `asOf`, by what had been recorded at `knownAt`; absent means ever. */
export type HistoryPoint = Readonly<{ asOf: Instant; knownAt?: Instant }>;

/** Whole credits. `available = free + paid`; held credits stand beside it. */
export type HistoricBalance = Readonly<{
  available: number;
  free: number;
  paid: number;
  held: number;
  /** Lots that had begun by then, in the order of recording; each is conserved. */
  lots: readonly LotFigures[];
}>;

type Tally = {
  readonly lotId: string;
  readonly kind: LotKind;
  readonly expiresAt: Instant;
  granted: number;
  used: number;
  voided: number;
  held: number;
};

const kinds = {
  MonthlyCreditsGranted: 'free',
  MonthlyGrantRaised: 'free',
  PromotionalCreditsGranted: 'promotional',
  CreditsAdded: 'adjustment',
  CreditsPurchased: 'purchased',
} as const;

const openLot = (lots: Map<string, Tally>, event: CreditEvent): void => {
  if (!isGrant(event)) return;
  const { lotId, expiresAt } = event.data;
  const nothing = { granted: 0, used: 0, voided: 0, held: 0 };
  lots.set(lotId, { lotId, kind: kinds[event.type], expiresAt, ...nothing });
};

const move = (lot: Tally, { column, amount }: Posting, opens: boolean): void => {
  switch (column) {
    case 'held':
      lot.held += amount;
      return;
    case 'usedFree':
    case 'usedPaid':
      lot.used += amount;
      return;
    case 'refunded':
      lot.used -= amount;
      return;
    case 'voided':
      lot.voided += amount;
      return;
    default:
      // A grant opens its lot; an adjustment of an open one takes away, with a negative amount.
      if (opens) lot.granted += amount;
      else lot.voided -= amount;
  }
};

const figuresAt = (lot: Tally, asOf: Instant): LotFigures => {
  const { lotId, kind, granted, used, voided, held } = lot;
  const left = granted - used - voided - held;
  const ended = lot.expiresAt <= asOf;
  const [lapsed, available] = ended ? [left, 0] : [0, left];
  return { lotId, kind, granted, used, lapsed, voided, held, available };
};

const summed = (lots: readonly LotFigures[]): HistoricBalance => {
  const sum = { free: 0, paid: 0, held: 0 };
  for (const { kind, available, held } of lots) {
    sum[kind === 'purchased' ? 'paid' : 'free'] += available;
    sum.held += held;
  }
  return { available: sum.free + sum.paid, ...sum, lots };
};

/**
 * The balance on both time axes (rulebook §5), from the events of the whole stream in stream order. It
 * reads what was booked and decides nothing, so a late event changes the answers for `knownAt` from its
 * own recording on, and no allocation ever moves. Credits of a lot that has ended by `asOf` are lapsed,
 * whether or not that was written down.
 */
export const creditsAsOf = (
  entries: Iterable<StatementEntry>,
  { asOf, knownAt = Infinity }: HistoryPoint,
): HistoricBalance => {
  const lots = new Map<string, Tally>();
  const postingsOf = makePostingSource();
  for (const { event, recordedAt = 0 } of entries) {
    if (recordedAt > knownAt || occurredAtOf(event) > asOf) continue;
    openLot(lots, event);
    const opens = isGrant(event);
    for (const posting of postingsOf(event)) {
      const lot = lots.get(posting.lotId);
      invariant(lot !== undefined, 'a lot is granted before anything else is posted to it');
      move(lot, posting, opens);
    }
  }
  return summed([...lots.values()].map((lot) => figuresAt(lot, asOf)));
};
