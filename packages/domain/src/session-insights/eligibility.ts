import { assertNever, invariant } from '../kernel/index.js';
import type { Basis, FailingReason, Path } from './events.js';

/** What was known of the remote side's answer when the decision was made. */
export type ConsentAnswer = 'not-asked' | 'granted' | 'refused' | 'timed-out' | 'withdrawn';

export type OutgoingFacts = Readonly<{
  optionOn: boolean;
  signedIn: boolean;
  logsSessions: boolean;
  quickSupportExcluded: boolean;
  /** The more restrictive of the two ends (rulebook §2.5). */
  accessControl: 'allowed' | 'denied' | 'after-confirmation';
  attended: boolean;
  consent: ConsentAnswer;
}>;

export type IncomingFacts = Readonly<{
  optionOn: boolean;
  deviceManaged: boolean;
  /** A policy in which the setting is not absent has been applied on the device. */
  policyApplied: boolean;
  reportingOn: boolean;
  insightsOn: boolean;
  switchedOffLocally: boolean;
}>;

/** Everything that rulebook §3 looks at, and nothing else. A path that the session has not is null. */
export type EligibilityFacts = Readonly<{
  aiActivated: boolean;
  planCovered: boolean;
  platformSupported: boolean;
  outgoing: OutgoingFacts | null;
  incoming: IncomingFacts | null;
}>;

export type Eligibility = Readonly<{
  outcome: 'eligible' | 'awaiting-consent' | 'not-eligible';
  /** The basis that capture rests on; the policy wins when both paths are open. */
  basis: Basis | null;
  /** Every basis there is, the one that wins first. */
  bases: readonly Basis[];
  /** First failing reason in the chain's order, outgoing path before incoming. */
  reason: FailingReason | null;
  reasons: readonly Readonly<{ path: Path; reason: FailingReason }>[];
}>;

type PathResult = Readonly<{ failing: readonly FailingReason[]; basis: Basis | 'ask' | null }>;

const when = (condition: boolean, reason: FailingReason): readonly FailingReason[] =>
  condition ? [reason] : [];

const askRemoteSide = (facts: OutgoingFacts): PathResult => {
  if (facts.consent === 'granted') return { failing: [], basis: 'consent' };
  return facts.attended
    ? { failing: [], basis: 'ask' }
    : { failing: ['nobody-to-ask'], basis: null };
};

/** A no of the remote side, silence included, stands for the rest of the session. */
const saidNo = (consent: ConsentAnswer): FailingReason | null => {
  switch (consent) {
    case 'refused':
      return 'consent-refused';
    case 'timed-out':
      return 'consent-timed-out';
    case 'withdrawn':
      return 'consent-withdrawn';
    case 'granted':
    case 'not-asked':
      return null;
    default:
      return assertNever(consent);
  }
};

/** A no outlasts a later Allowed, so that nobody can be captured by switching the setting (ours). */
const accessControlResult = (facts: OutgoingFacts): PathResult => {
  if (facts.accessControl === 'denied')
    return { failing: ['denied-by-access-control'], basis: null };
  const no = saidNo(facts.consent);
  if (no !== null) return { failing: [no], basis: null };
  return facts.accessControl === 'allowed'
    ? { failing: [], basis: 'standing-permission' }
    : askRemoteSide(facts);
};

const outgoingRules = (facts: OutgoingFacts): PathResult => {
  const last = accessControlResult(facts);
  return {
    failing: [
      ...when(!facts.optionOn, 'outgoing-off'),
      ...when(!facts.signedIn, 'not-signed-in'),
      ...when(!facts.logsSessions, 'session-logging-off'),
      ...when(facts.quickSupportExcluded, 'quicksupport-not-covered'),
      ...last.failing,
    ],
    basis: last.basis,
  };
};

/** A rule that rests on one that already failed is not listed: without a policy there is no toggle. */
const incomingRules = (facts: IncomingFacts): PathResult => {
  const option = when(!facts.optionOn, 'incoming-off');
  if (!facts.deviceManaged) return { failing: [...option, 'device-not-managed'], basis: null };
  if (!facts.policyApplied) return { failing: [...option, 'no-applied-policy'], basis: null };
  return {
    failing: [
      ...option,
      ...when(!facts.reportingOn, 'reporting-off'),
      ...when(!facts.insightsOn, 'insights-off'),
      ...when(facts.switchedOffLocally, 'switched-off-locally'),
    ],
    basis: 'policy',
  };
};

const chain = (facts: EligibilityFacts, path: PathResult | null): PathResult | null =>
  path === null
    ? null
    : {
        failing: [
          ...when(!facts.aiActivated, 'ai-not-activated'),
          ...when(!facts.planCovered, 'plan-not-covered'),
          ...path.failing,
          ...when(!facts.platformSupported, 'platform-not-supported'),
        ],
        basis: path.basis,
      };

const isOpen = (path: PathResult | null): boolean => path !== null && path.failing.length === 0;

const openBases = (outgoing: PathResult | null, incoming: PathResult | null): readonly Basis[] => {
  const bases: Basis[] = [];
  for (const path of [incoming, outgoing]) {
    if (path !== null && isOpen(path) && path.basis !== null && path.basis !== 'ask')
      bases.push(path.basis);
  }
  return bases;
};

const hasPath = (facts: EligibilityFacts): boolean =>
  facts.outgoing !== null || facts.incoming !== null;

/**
 * May this session be summarised? Rulebook §3, both paths. The same facts give the same answer for
 * ever; credits are not looked at here, because they are checked when AI is first used.
 */
export const decideEligibility = (facts: EligibilityFacts): Eligibility => {
  invariant(hasPath(facts), 'a session is outgoing, incoming or both');
  const outgoing = chain(facts, facts.outgoing === null ? null : outgoingRules(facts.outgoing));
  const incoming = chain(facts, facts.incoming === null ? null : incomingRules(facts.incoming));
  const bases = openBases(outgoing, incoming);
  const reasons = [
    ...(outgoing?.failing ?? []).map((reason) => ({ path: 'outgoing' as const, reason })),
    ...(incoming?.failing ?? []).map((reason) => ({ path: 'incoming' as const, reason })),
  ];
  const basis = bases[0] ?? null;
  if (basis !== null) return { outcome: 'eligible', basis, bases, reason: null, reasons };
  if (isOpen(outgoing))
    return { outcome: 'awaiting-consent', basis: null, bases, reason: null, reasons };
  return {
    outcome: 'not-eligible',
    basis: null,
    bases,
    reason: reasons[0]?.reason ?? null,
    reasons,
  };
};
