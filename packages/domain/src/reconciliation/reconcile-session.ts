import { rulesAt, type RuleBook, type RuleSet } from '../rules/index.js';
import { isInScope, type EventRef, type Scope, type SessionFact } from './facts.js';
import type { Finding } from './findings.js';
import { eventsOf } from './references.js';

type Charge = { amount: number; status: 'held' | 'captured' | 'returned' };

type Used = Readonly<{ summaries: number; messages: number }>;

/**
 * What a session owes for what it used (rulebook §5, price), worked out from the rulebook and not with
 * the account's own function: a check that shares the code it checks finds no mistake in it.
 */
const owedFor = ({ summaries, messages }: Used, rules: RuleSet): number => {
  if (summaries + messages === 0) return 0;
  if (rules.tariff === 'per-session' || messages === 0) return 1;
  const further = Math.ceil(messages / rules.assistantBlockMessages) - 1;
  return 1 + further;
};

/** Facts in the order of the log; the steps of a charge mean something only in that order. */
const inOrder = (facts: readonly SessionFact[]): readonly SessionFact[] =>
  facts.toSorted((a, b) => a.ref.position - b.ref.position);

const chargesFrom = (facts: readonly SessionFact[]): ReadonlyMap<string, Charge> => {
  const charges = new Map<string, Charge>();
  for (const fact of facts) {
    if (!('chargeId' in fact)) continue;
    const { chargeId, kind } = fact;
    const charge = charges.get(chargeId);
    if (kind === 'held') {
      // A charge that the log holds twice took its credits twice.
      const amount = fact.amount + (charge?.amount ?? 0);
      charges.set(chargeId, { amount, status: 'held' });
    } else if (charge !== undefined) {
      charge.status = kind === 'captured' ? 'captured' : 'returned';
    }
  }
  return charges;
};

type Tally = Readonly<{
  sessionId: string;
  facts: readonly SessionFact[];
  charges: ReadonlyMap<string, Charge>;
  used: Used;
  owed: number;
  /** Credits that are captured. */
  captured: number;
  /** Those, and what is set aside: a session that is at work is not charged yet. */
  charged: number;
}>;

const count = (facts: readonly SessionFact[], kind: SessionFact['kind']): number =>
  facts.filter((fact) => fact.kind === kind).length;

const sumOf = (charges: Iterable<Charge>, ...statuses: readonly Charge['status'][]): number => {
  let sum = 0;
  for (const { amount, status } of charges) if (statuses.includes(status)) sum += amount;
  return sum;
};

const tallyOf = (
  ruleBook: RuleBook,
  sessionId: string,
  unordered: readonly SessionFact[],
): Tally => {
  const facts = inOrder(unordered);
  const charges = chargesFrom(facts);
  const used = { summaries: count(facts, 'summary'), messages: count(facts, 'assistant') };
  const first = Math.min(...facts.map(({ at }) => at));
  const owed = owedFor(used, rulesAt(ruleBook, first));
  const captured = sumOf(charges.values(), 'captured');
  const charged = captured + sumOf(charges.values(), 'held');
  return { sessionId, facts, charges, used, owed, captured, charged };
};

/** Events of the charges that count, or of those that were given back. */
const chargeEvents = ({ facts, charges }: Tally, isReturned: boolean): readonly EventRef[] =>
  eventsOf(
    facts.filter(
      (fact) =>
        'chargeId' in fact && (charges.get(fact.chargeId)?.status === 'returned') === isReturned,
    ),
  );

const useEvents = ({ facts }: Tally): readonly EventRef[] =>
  eventsOf(facts.filter((fact) => !('chargeId' in fact)));

const together = (...events: readonly (readonly EventRef[])[]): readonly EventRef[] =>
  events.flat().sort((a, b) => a.position - b.position);

const withoutUse = (tally: Tally): readonly Finding[] => {
  const { sessionId, captured } = tally;
  if (captured === 0) return [];
  const events = chargeEvents(tally, false);
  return [{ class: 'charged-without-ai-use', sessionId, charged: captured, lines: [], events }];
};

const withoutCharge = (tally: Tally): readonly Finding[] => {
  const { sessionId, used, owed, charged } = tally;
  // A charge that was given back explains itself beside what it no longer pays for.
  const events = together(useEvents(tally), chargeEvents(tally, true));
  const found: Finding[] = [];
  if (used.messages > 0)
    found.push({ class: 'ai-use-without-charge', sessionId, charged, owed, lines: [], events });
  if (used.summaries > 0 && charged === 0)
    found.push({ class: 'summary-without-charge', sessionId, lines: [], events });
  return found;
};

/**
 * What a session was charged against what it used (rulebook §5). A charge that was released or
 * reversed pays for nothing; a hold that is open may still be settled and counts as paying.
 */
export const reconcileSession =
  (ruleBook: RuleBook, scope: Scope) =>
  (sessionId: string, facts: readonly SessionFact[]): readonly Finding[] => {
    if (!facts.some(({ at }) => isInScope(scope, at))) return [];
    const tally = tallyOf(ruleBook, sessionId, facts);
    const { owed, charged } = tally;
    if (owed === 0) return withoutUse(tally);
    if (charged < owed) return withoutCharge(tally);
    if (charged === owed) return [];
    const events = chargeEvents(tally, false);
    return [{ class: 'session-charged-twice', sessionId, charged, owed, lines: [], events }];
  };
