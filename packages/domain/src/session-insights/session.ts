import { assertNever, type DomainEvent, type Instant } from '../kernel/index.js';
import type { ConsentAnswer } from './eligibility.js';
import type { Basis, FailingReason, SessionEvent } from './events.js';

type Started = Extract<SessionEvent, { type: 'SessionStarted' }>['data'];

/** The capture gate: open from `since` on a basis, or shut for a reason. Rulebook §3, one gate for all methods. */
export type Gate =
  | Readonly<{ open: true; basis: Basis; since: Instant }>
  | Readonly<{ open: false; reason: FailingReason | 'awaiting-consent' }>;

export type SessionState =
  | Readonly<{ status: 'not-started' }>
  | Readonly<{
      status: 'running' | 'ended';
      started: Started;
      gate: Gate;
      consent: ConsentAnswer;
      prompt: Readonly<{ requestedAt: Instant; timesOutAt: Instant }> | null;
      capturedItems: number;
      assistantMessages: number;
      /** Charge that pays for this session's AI use; null before the first use. */
      chargeId: string | null;
      aiRefused: FailingReason | null;
      endedAt: Instant | null;
    }>;

export type KnownSession = Exclude<SessionState, { status: 'not-started' }>;

export const notStarted = (): SessionState => ({ status: 'not-started' });

const started = (data: Started): KnownSession => ({
  status: 'running',
  started: data,
  gate: { open: false, reason: 'awaiting-consent' },
  consent: 'not-asked',
  prompt: null,
  capturedItems: 0,
  assistantMessages: 0,
  chargeId: null,
  aiRefused: null,
  endedAt: null,
});

type Decided = Extract<SessionEvent, { type: 'EligibilityDecided' }>['data'];

const gateAfter = (decided: Decided, before: Gate): Gate => {
  if (decided.outcome !== 'eligible' || decided.basis === null)
    return { open: false, reason: decided.reason ?? 'awaiting-consent' };
  return before.open && before.basis === decided.basis
    ? before
    : { open: true, basis: decided.basis, since: decided.decidedAt };
};

type ConsentEvent = Extract<SessionEvent, { type: `Consent${string}` }>;
type CourseEvent = Exclude<SessionEvent, ConsentEvent | DomainEvent<'SessionStarted'>>;

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

const evolveCourse = (state: KnownSession, event: CourseEvent): KnownSession => {
  switch (event.type) {
    case 'EligibilityDecided':
      return { ...state, gate: gateAfter(event.data, state.gate) };
    case 'CapturedContentDestroyed':
      return { ...state, capturedItems: 0 };
    case 'ContentCaptured':
      return { ...state, capturedItems: state.capturedItems + 1 };
    case 'AssistantMessageAnswered':
      return { ...state, assistantMessages: event.data.ordinal };
    case 'AiUseAllowed':
      return { ...state, chargeId: event.data.chargeId, aiRefused: null };
    case 'AiUseRefused':
      return { ...state, aiRefused: event.data.reason };
    case 'SessionEnded':
      return { ...state, status: 'ended', endedAt: event.data.endedAt };
    default:
      return assertNever(event);
  }
};

const isConsentEvent = (event: ConsentEvent | CourseEvent): event is ConsentEvent =>
  event.type.startsWith('Consent');

/** The state after an event. What precedes the start of its session cannot have been written: ignored. */
export const evolveSession = (state: SessionState, event: SessionEvent): SessionState => {
  if (event.type === 'SessionStarted') return started(event.data);
  if (state.status === 'not-started') return state;
  return isConsentEvent(event) ? evolveConsent(state, event) : evolveCourse(state, event);
};
