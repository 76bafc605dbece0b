import type { HandlingFailure } from '@daybook/command-handling';
import { invariant, partsOf, streamOf } from '@daybook/domain/kernel';
import type { RuleBook, RuleSet } from '@daybook/domain/rules';
import {
  decideEligibility,
  evolveSession,
  notStarted,
  withConsent,
  type Eligibility,
  type KnownSession,
  type SessionEvent,
  type SessionState,
} from '@daybook/domain/session-insights';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from '../aggregates.js';
import { eligibilityFacts, type EligibilityStates } from '../facts.js';
import { decodedEvents, stateAt, type DecodedEvent, type StreamReader } from '../fold-stream.js';
import { metadataOf } from './moment.js';

type DataOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>['data'];

/** A recorded decision, and what the same inputs give when they are evaluated again now. */
export type ExplainedDecision = Readonly<{
  revision: number;
  position: number;
  ruleVersion: string;
  decided: DataOf<'EligibilityDecided'>;
  /** What the remote side had said by then. */
  consent: KnownSession['consent'];
  again: Eligibility;
  agrees: boolean;
}>;

export type SessionExplanation = Readonly<{
  sessionId: string;
  /** The log position of the last event that was looked at. */
  position: number;
  started: DataOf<'SessionStarted'>;
  consent: KnownSession['consent'];
  gate: KnownSession['gate'];
  decisions: readonly ExplainedDecision[];
  capturedItems: number;
  assistantMessages: number;
  chargeId: string | null;
  aiRefused: DataOf<'AiUseRefused'> | null;
  endedAt: number | null;
}>;

type Deps = Readonly<{ reader: StreamReader; ruleBook: RuleBook }>;
type Found = DecodedEvent<SessionEvent>;

const rulesOf = (ruleBook: RuleBook, found: Found): RuleSet => {
  const { ruleVersion } = metadataOf(found.stored);
  const rules = ruleBook.find(({ version }) => version === ruleVersion);
  invariant(rules !== undefined, `rule version ${ruleVersion} is in the rule book`);
  return rules;
};

type Inputs = DataOf<'EligibilityDecided'>['inputs'];

const stateOf = async <State>(
  deps: Deps,
  inputs: Inputs,
  source: Readonly<{
    category: string;
    aggregate: Parameters<typeof stateAt<State, never>>[1];
  }>,
): Promise<E.Either<HandlingFailure, State | null>> => {
  const input = inputs.find(({ stream }) => partsOf(stream).category === source.category);
  return input === undefined ? E.right(null) : stateAt(deps.reader, source.aggregate, input);
};

/** The facts as they were at the recorded revisions of their streams. */
const statesAt = async (
  deps: Deps,
  inputs: Inputs,
): Promise<E.Either<HandlingFailure, EligibilityStates>> => {
  const company = await stateOf(deps, inputs, {
    category: 'company',
    aggregate: aggregates.companies,
  });
  if (E.isLeft(company)) return company;
  const user = await stateOf(deps, inputs, { category: 'user', aggregate: aggregates.users });
  if (E.isLeft(user)) return user;
  const device = await stateOf(deps, inputs, { category: 'device', aggregate: aggregates.devices });
  if (E.isLeft(device)) return device;
  return E.right({
    company: company.right ?? aggregates.companies.initialState(),
    user: user.right,
    device: device.right,
  });
};

const sameOutcome = (decided: DataOf<'EligibilityDecided'>, again: Eligibility): boolean =>
  decided.outcome === again.outcome &&
  decided.basis === again.basis &&
  decided.reason === again.reason &&
  JSON.stringify(decided.reasons) === JSON.stringify(again.reasons) &&
  JSON.stringify(decided.bases) === JSON.stringify(again.bases);

const explainDecision = async (
  deps: Deps,
  before: KnownSession,
  found: Found & Readonly<{ event: Extract<SessionEvent, { type: 'EligibilityDecided' }> }>,
): Promise<E.Either<HandlingFailure, ExplainedDecision>> => {
  const decided = found.event.data;
  const states = await statesAt(deps, decided.inputs);
  if (E.isLeft(states)) return states;
  const rules = rulesOf(deps.ruleBook, found);
  const { consent } = before;
  const facts = eligibilityFacts(before.started, states.right, rules);
  const again = decideEligibility(withConsent(facts, consent));
  const { revision, position } = found.stored;
  const agrees = sameOutcome(decided, again);
  const ruleVersion = rules.version;
  return E.right({ revision, position, ruleVersion, decided, consent, again, agrees });
};

type Explaining = {
  state: SessionState;
  position: number;
  decisions: ExplainedDecision[];
  aiRefused: DataOf<'AiUseRefused'> | null;
};

const isDecision = (
  found: Found,
): found is Found & Readonly<{ event: Extract<SessionEvent, { type: 'EligibilityDecided' }> }> =>
  found.event.type === 'EligibilityDecided';

const look = async (
  deps: Deps,
  explaining: Explaining,
  found: Found,
): Promise<E.Either<HandlingFailure, void>> => {
  if (isDecision(found) && explaining.state.status !== 'not-started') {
    const explained = await explainDecision(deps, explaining.state, found);
    if (E.isLeft(explained)) return explained;
    explaining.decisions.push(explained.right);
  }
  if (found.event.type === 'AiUseRefused') explaining.aiRefused = found.event.data;
  explaining.state = evolveSession(explaining.state, found.event);
  explaining.position = found.stored.position;
  return E.right(undefined);
};

/**
 * Why a session was summarised or not: every decision with its inputs, evaluated again from the same
 * revisions under the same rules. Null when there is no such session.
 */
export const explainSession =
  (deps: Deps) =>
  async (
    company: string,
    sessionId: string,
  ): Promise<E.Either<HandlingFailure, SessionExplanation | null>> => {
    const stream = streamOf('session', company, sessionId);
    const explaining: Explaining = {
      state: notStarted(),
      position: 0,
      decisions: [],
      aiRefused: null,
    };
    for await (const page of decodedEvents(deps.reader, aggregates.sessions, stream)) {
      if (E.isLeft(page)) return page;
      for (const found of page.right) {
        const looked = await look(deps, explaining, found);
        if (E.isLeft(looked)) return looked;
      }
    }
    const { state, position, decisions, aiRefused } = explaining;
    if (state.status === 'not-started') return E.right(null);
    const { started, consent, gate, capturedItems, assistantMessages, chargeId, endedAt } = state;
    const course = { capturedItems, assistantMessages, chargeId, endedAt };
    return E.right({
      sessionId,
      position,
      started,
      consent,
      gate,
      decisions,
      aiRefused,
      ...course,
    });
  };
