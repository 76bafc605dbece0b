import { compareBurnOrder, type Lot } from '@daybook/domain/credits';
import type { Instant } from '@daybook/domain/kernel';
import type { ChargeFacts, ChargeStatus, HistoryEntry } from './history.js';
import type { ScenarioQuery } from './scenario.js';

export type LotAnswer = Readonly<{
  lotId: string;
  kind: Lot['kind'];
  priority: number;
  effectiveAt: Instant;
  expiresAt: Instant;
  /** `granted = used + lapsed + voided + held + available`, with lapses by date. */
  granted: number;
  used: number;
  lapsed: number;
  voided: number;
  held: number;
  available: number;
}>;

export type ChargeAnswer = ChargeFacts & Readonly<{ status: ChargeStatus }>;

export type QueryAnswer = Readonly<{
  /** Place in the scenario's list. */
  index: number;
  at: Instant;
  knownAt: Instant | null;
  what: 'balance' | 'lots' | 'charges';
  available: number;
  free: number;
  paid: number;
  held: number;
  nextExpiryAt: Instant | null;
  /** `balance`: live lots with something in them; `lots`: every lot; both in burn order. */
  lots: readonly LotAnswer[];
  /** `charges`: in the order in which they were held. */
  charges: readonly ChargeAnswer[];
}>;

type Sums = {
  granted: number;
  left: number;
  held: number;
  used: number;
  lapsed: number;
  voided: number;
};

type StatusSince = Readonly<{ status: ChargeStatus; since: Instant }>;

/** What happened in a stretch of time, summed up: as large as the lots that were touched, not as the history. */
type Sweep = Readonly<{ lots: Map<Lot, Sums>; charges: Map<string, StatusSince> }>;

const emptySweep = (): Sweep => ({ lots: new Map(), charges: new Map() });

const addSums = (sweep: Sweep, lot: Lot, more: Sums): void => {
  const sums = sweep.lots.get(lot);
  if (sums === undefined) {
    sweep.lots.set(lot, { ...more });
    return;
  }
  sums.granted += more.granted;
  sums.left += more.left;
  sums.held += more.held;
  sums.used += more.used;
  sums.lapsed += more.lapsed;
  sums.voided += more.voided;
};

/** Of what happened to a charge the latest counts; of two at one instant the one recorded later. */
const addStatus = (sweep: Sweep, chargeId: string, status: StatusSince): void => {
  const known = sweep.charges.get(chargeId);
  if (known === undefined || known.since <= status.since) sweep.charges.set(chargeId, status);
};

const addEntry = (sweep: Sweep, entry: HistoryEntry): void => {
  for (const { lot, unallocated: left, ...figures } of entry.changes)
    addSums(sweep, lot, { ...figures, left });
  if (entry.charge === null) return;
  const { chargeId, status } = entry.charge;
  addStatus(sweep, chargeId, { status, since: entry.occurredAt });
};

const addSweep = (sweep: Sweep, later: Sweep): void => {
  for (const [lot, sums] of later.lots) addSums(sweep, lot, sums);
  for (const [chargeId, status] of later.charges) addStatus(sweep, chargeId, status);
};

const lotAnswer = (lot: Lot, sums: Sums, at: Instant): LotAnswer => {
  const { lotId, kind, priority, effectiveAt, expiresAt } = lot;
  const { granted, used, voided, held, left } = sums;
  const ended = expiresAt <= at;
  const lapsed = sums.lapsed + (ended ? left : 0);
  const figures = { granted, used, lapsed, voided, held, available: ended ? 0 : left };
  return { lotId, kind, priority, effectiveAt, expiresAt, ...figures };
};

const isInBalance = ({ expiresAt, available, held }: LotAnswer, at: Instant): boolean =>
  at < expiresAt && available + held > 0;

type IndexedQuery = ScenarioQuery & Readonly<{ index: number }>;

const lotsOf = (sweep: Sweep, at: Instant): readonly (readonly [Lot, LotAnswer])[] =>
  [...sweep.lots].map(([lot, sums]) => [lot, lotAnswer(lot, sums, at)] as const);

const totalsOf = (
  lots: readonly (readonly [Lot, LotAnswer])[],
): Pick<QueryAnswer, 'available' | 'free' | 'paid' | 'held' | 'nextExpiryAt'> => {
  const total = { free: 0, paid: 0, held: 0 };
  let nextExpiryAt: Instant | null = null;
  for (const [, { kind, available, held, expiresAt }] of lots) {
    total[kind === 'purchased' ? 'paid' : 'free'] += available;
    total.held += held;
    if (available > 0) nextExpiryAt = Math.min(nextExpiryAt ?? expiresAt, expiresAt);
  }
  return { available: total.free + total.paid, ...total, nextExpiryAt };
};

const chargesOf = (
  sweep: Sweep,
  facts: ReadonlyMap<string, ChargeFacts>,
): readonly ChargeAnswer[] => {
  const charges: ChargeAnswer[] = [];
  for (const [chargeId, fact] of facts) {
    const known = sweep.charges.get(chargeId);
    if (known !== undefined) charges.push({ ...fact, status: known.status });
  }
  return charges;
};

const answerFrom = (
  sweep: Sweep,
  query: IndexedQuery,
  facts: ReadonlyMap<string, ChargeFacts>,
): QueryAnswer => {
  const { index, at, knownAt = null, what = 'balance' } = query;
  const all = lotsOf(sweep, at);
  const shown = what === 'lots' ? all : all.filter(([, lot]) => isInBalance(lot, at));
  const listed = what === 'charges' ? [] : [...shown];
  const lots = listed.sort(([a], [b]) => compareBurnOrder(a, b)).map(([, answer]) => answer);
  const charges = what === 'charges' ? chargesOf(sweep, facts) : [];
  return { index, at, knownAt, what, ...totalsOf(all), lots, charges };
};

/** Queries with one `knownAt`, in the order of their instants, and what happened up to each since the one before. */
type Group = Readonly<{
  knownAt: Instant;
  queries: readonly IndexedQuery[];
  stretches: readonly Sweep[];
}>;

const groupsOf = (queries: readonly ScenarioQuery[]): readonly Group[] => {
  const byKnownAt = new Map<Instant, IndexedQuery[]>();
  for (const [index, query] of queries.entries()) {
    const knownAt = query.knownAt ?? Number.POSITIVE_INFINITY;
    const group = byKnownAt.get(knownAt) ?? [];
    group.push({ ...query, index });
    byKnownAt.set(knownAt, group);
  }
  return [...byKnownAt].map(([knownAt, group]) => ({
    knownAt,
    queries: group.sort((a, b) => a.at - b.at),
    stretches: group.map(emptySweep),
  }));
};

/** The first query that an instant counts for, by halving; their number where there is none. */
const firstAtOrAfter = (queries: readonly IndexedQuery[], instant: Instant): number => {
  let [low, high] = [0, queries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((queries[middle]?.at ?? instant) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
};

const answersOf = (
  { queries, stretches }: Group,
  facts: ReadonlyMap<string, ChargeFacts>,
): readonly QueryAnswer[] => {
  const sweep = emptySweep();
  return queries.map((query, place) => {
    addSweep(sweep, stretches[place] ?? emptySweep());
    return answerFrom(sweep, query, facts);
  });
};

export type QuerySweep = Readonly<{
  /** Takes one event, in the order of recording. */
  note: (entry: HistoryEntry) => void;
  answers: (facts: ReadonlyMap<string, ChargeFacts>) => readonly QueryAnswer[];
}>;

/**
 * Answers each query as of its instant, as known at its other (rulebook §5, two time axes). Events are
 * summed up as they come and not kept, so memory grows with lots and queries and not with the history.
 */
export const sweepQueries = (queries: readonly ScenarioQuery[]): QuerySweep => {
  const groups = groupsOf(queries);
  return {
    note: (entry) => {
      for (const group of groups) {
        if (entry.recordedAt > group.knownAt) continue;
        const stretch = group.stretches[firstAtOrAfter(group.queries, entry.occurredAt)];
        if (stretch !== undefined) addEntry(stretch, entry);
      }
    },
    answers: (facts) =>
      groups.flatMap((group) => answersOf(group, facts)).sort((a, b) => a.index - b.index),
  };
};
