import { assertNever, invariant, type DomainEvent, type Instant } from '../kernel/index.js';
import type { ConsentAnswer } from './eligibility.js';
import type { Basis, FailingReason, SessionEvent } from './events.js';

type DataOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>['data'];
type Started = DataOf<'SessionStarted'>;
type Decided = DataOf<'EligibilityDecided'>;

/** The capture gate: open or shut from `since`. Rulebook §3, one gate for all methods. */
export type Gate =
  | Readonly<{ open: true; basis: Basis; since: Instant }>
  | Readonly<{ open: false; reason: FailingReason | 'awaiting-consent'; since: Instant }>;

export type Prompt = Readonly<{ requestedAt: Instant; timesOutAt: Instant }>;

export type SessionState =
  | Readonly<{ status: 'not-started' }>
  | Readonly<{
      status: 'running' | 'ended';
      started: Started;
      gate: Gate;
      /** Bases and inputs of the decision in force. */
      bases: readonly Basis[];
      inputs: Decided['inputs'];
      consent: ConsentAnswer;
      /** The one prompt of the session; it waits while `consent` is `not-asked`. */
      prompt: Prompt | null;
      /** Captured lines that are kept. */
      capturedItems: number;
      /** Assistant answers ever given: the tariff counts them, destroyed or not. */
      assistantMessages: number;
      /** Captured lines and assistant answers that are kept. */
      keptTexts: number;
      /** Something that is kept was gathered on the remote side's own permission, not on a policy. */
      restsOnPermission: boolean;
      /** Keys of every text ever gathered. `evolve` owns it and adds in place; everybody else reads. */
      textKeys: ReadonlySet<string>;
      /** Charge that pays for AI use now; null before the first use and after a refused one. */
      chargeId: string | null;
      chargedAt: Instant;
      chargesAllowed: readonly string[];
      aiRefused: FailingReason | null;
      endedAt: Instant | null;
    }>;

export type KnownSession = Exclude<SessionState, { status: 'not-started' }>;

/** Is there something that may be summarised: the gate is open, and what was gathered is kept? */
export const isSummarisable = ({ gate, keptTexts }: KnownSession): boolean =>
  gate.open && keptTexts > 0;

export const notStarted = (): SessionState => ({ status: 'not-started' });

export const itemKey = (itemId: string): string => `item ${itemId}`;
export const answerKey = (messageId: string): string => `answer ${messageId}`;

const started = (data: Started): KnownSession => ({
  status: 'running',
  started: data,
  gate: { open: false, reason: 'awaiting-consent', since: data.startedAt },
  bases: [],
  inputs: [],
  consent: 'not-asked',
  prompt: null,
  capturedItems: 0,
  assistantMessages: 0,
  keptTexts: 0,
  restsOnPermission: false,
  textKeys: new Set(),
  chargeId: null,
  chargedAt: data.startedAt,
  chargesAllowed: [],
  aiRefused: null,
  endedAt: null,
});

const gateAfter = (decided: Decided, before: Gate): Gate => {
  const { basis, decidedAt } = decided;
  if (decided.outcome !== 'eligible' || basis === null)
    return { open: false, reason: decided.reason ?? 'awaiting-consent', since: decidedAt };
  return before.open && before.basis === basis ? before : { open: true, basis, since: decidedAt };
};

type ConsentEvent = Extract<SessionEvent, { type: `Consent${string}` }>;
type TextEvent = DomainEvent<
  'ContentCaptured' | 'AssistantMessageAnswered' | 'CapturedContentDestroyed'
> &
  SessionEvent;
type CourseEvent = Exclude<SessionEvent, ConsentEvent | TextEvent | DomainEvent<'SessionStarted'>>;

const evolveConsent = (state: KnownSession, event: ConsentEvent): KnownSession => {
  switch (event.type) {
    case 'ConsentRequested': {
      const { requestedAt, timesOutAt } = event.data;
      return { ...state, prompt: { requestedAt, timesOutAt } };
    }
    case 'ConsentGranted':
      return { ...state, consent: 'granted' };
    case 'ConsentRefused':
      return { ...state, consent: 'refused' };
    case 'ConsentTimedOut':
      return { ...state, consent: 'timed-out' };
    case 'ConsentWithdrawn':
      return { ...state, consent: 'withdrawn' };
    default:
      return assertNever(event);
  }
};

/** One copy of the state per text: texts are most of a session's events. */
const gathered = (
  state: KnownSession,
  key: string,
  counts: Readonly<{ capturedItems: number; assistantMessages: number }>,
): KnownSession => {
  (state.textKeys as Set<string>).add(key);
  const { capturedItems, assistantMessages } = counts;
  const keptTexts = state.keptTexts + 1;
  const restsOnPolicy = state.gate.open && state.gate.basis === 'policy';
  const restsOnPermission = state.restsOnPermission || !restsOnPolicy;
  return { ...state, capturedItems, assistantMessages, keptTexts, restsOnPermission };
};

const evolveText = (state: KnownSession, event: TextEvent): KnownSession => {
  const { capturedItems, assistantMessages } = state;
  switch (event.type) {
    case 'ContentCaptured': {
      const counts = { capturedItems: capturedItems + 1, assistantMessages };
      return gathered(state, itemKey(event.data.itemId), counts);
    }
    case 'AssistantMessageAnswered': {
      const counts = { capturedItems, assistantMessages: event.data.ordinal };
      return gathered(state, answerKey(event.data.messageId), counts);
    }
    case 'CapturedContentDestroyed':
      return { ...state, capturedItems: 0, keptTexts: 0, restsOnPermission: false };
    default:
      return assertNever(event);
  }
};

const evolveCourse = (state: KnownSession, event: CourseEvent): KnownSession => {
  switch (event.type) {
    case 'EligibilityDecided': {
      const { bases, inputs } = event.data;
      return { ...state, gate: gateAfter(event.data, state.gate), bases, inputs };
    }
    case 'AiUseAllowed': {
      const { chargeId, at } = event.data;
      const chargesAllowed = [...state.chargesAllowed, chargeId];
      return { ...state, chargeId, chargedAt: at, chargesAllowed, aiRefused: null };
    }
    case 'AiUseRefused':
      return { ...state, chargeId: null, aiRefused: event.data.reason };
    case 'SessionEnded':
      return { ...state, status: 'ended', endedAt: event.data.endedAt };
    default:
      return assertNever(event);
  }
};

const evolveKnown = (
  state: KnownSession,
  event: Exclude<SessionEvent, DomainEvent<'SessionStarted'>>,
): KnownSession => {
  switch (event.type) {
    case 'ConsentRequested':
    case 'ConsentGranted':
    case 'ConsentRefused':
    case 'ConsentTimedOut':
    case 'ConsentWithdrawn':
      return evolveConsent(state, event);
    case 'ContentCaptured':
    case 'AssistantMessageAnswered':
    case 'CapturedContentDestroyed':
      return evolveText(state, event);
    default:
      return evolveCourse(state, event);
  }
};

/** The state after an event. It consumes the state that it is given: fold each history from its beginning. */
export const evolveSession = (state: SessionState, event: SessionEvent): SessionState => {
  if (event.type === 'SessionStarted') {
    invariant(state.status === 'not-started', 'a session starts once');
    return started(event.data);
  }
  invariant(state.status !== 'not-started', `${event.type} follows SessionStarted`);
  return evolveKnown(state, event);
};
