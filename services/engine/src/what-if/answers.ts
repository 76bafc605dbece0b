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

/** Everything that was true at an instant, summed up event by event. */
type Sweep = Readonly<{ lots: Map<Lot, Sums>; charges: Map<string, ChargeStatus> }>;

const add = (sweep: Sweep, { changes, charge }: HistoryEntry): void => {
  for (const change of changes) {
    let sums = sweep.lots.get(change.lot);
    if (sums === undefined) {
      sums = { granted: 0, left: 0, held: 0, used: 0, lapsed: 0, voided: 0 };
      sweep.lots.set(change.lot, sums);
    }
    sums.granted += change.granted;
    sums.left += change.unallocated;
    sums.held += change.held;
    sums.used += change.used;
    sums.lapsed += change.lapsed;
    sums.voided += change.voided;
  }
  if (charge !== null) sweep.charges.set(charge.chargeId, charge.status);
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
    const status = sweep.charges.get(chargeId);
    if (status !== undefined) charges.push({ ...fact, status });
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

const byKnownAt = (queries: readonly ScenarioQuery[]): ReadonlyMap<Instant, IndexedQuery[]> => {
  const groups = new Map<Instant, IndexedQuery[]>();
  for (const [index, query] of queries.entries()) {
    const knownAt = query.knownAt ?? Number.POSITIVE_INFINITY;
    const group = groups.get(knownAt) ?? [];
    group.push({ ...query, index });
    groups.set(knownAt, group);
  }
  return groups;
};

const answerGroup = (
  group: readonly IndexedQuery[],
  inTime: readonly HistoryEntry[],
  facts: ReadonlyMap<string, ChargeFacts>,
): readonly QueryAnswer[] => {
  const sweep: Sweep = { lots: new Map(), charges: new Map() };
  let next = 0;
  return group
    .toSorted((a, b) => a.at - b.at)
    .map((query) => {
      for (; next < inTime.length; next += 1) {
        const entry = inTime[next];
        if (entry === undefined || entry.occurredAt > query.at) break;
        add(sweep, entry);
      }
      return answerFrom(sweep, query, facts);
    });
};

/**
 * Answers each query as of its instant, as known at its other (rulebook §5, two time axes). The history
 * is gone through once for each different `knownAt`, so many queries cost no more than one.
 */
export const answerQueries = (
  queries: readonly ScenarioQuery[],
  history: readonly HistoryEntry[],
  facts: ReadonlyMap<string, ChargeFacts>,
): readonly QueryAnswer[] => {
  // The sort keeps the order of recording among what happened at one instant.
  const inTime = history.toSorted((a, b) => a.occurredAt - b.occurredAt);
  const answers = [...byKnownAt(queries)].flatMap(([knownAt, group]) => {
    const known = inTime.filter(({ recordedAt }) => recordedAt <= knownAt);
    return answerGroup(group, known, facts);
  });
  return answers.sort((a, b) => a.index - b.index);
};
