import * as E from 'fp-ts/lib/Either.js';
import { assertNever, type Decider, type Instant } from '../kernel/index.js';
import { answerPrompt, timeOutPrompt, withdrawConsent } from './consent.js';
import type * as C from './commands.js';
import { decideEligibility } from './eligibility.js';
import { eligibilityDecided, type Decision, withConsent } from './decision.js';
import type { FailingReason, SessionEvent } from './events.js';
import { evolveSession, notStarted, type KnownSession, type SessionState } from './session.js';

const startSession = (command: C.StartSession, state: SessionState): Decision => {
  if (state.status !== 'not-started') {
    return JSON.stringify(state.started) === JSON.stringify(command.session)
      ? E.right([])
      : E.left({ _tag: 'SessionAlreadyStarted', startedAt: state.started.startedAt });
  }
  const { startedAt } = command.session;
  const eligibility = decideEligibility(command.read.facts);
  const events: SessionEvent[] = [
    { type: 'SessionStarted', data: command.session },
    eligibilityDecided({
      trigger: 'session-started',
      eligibility,
      inputs: command.read.inputs,
      at: startedAt,
    }),
  ];
  if (eligibility.outcome === 'awaiting-consent') {
    events.push({
      type: 'ConsentRequested',
      data: {
        noticeVersion: command.notice.version,
        language: command.notice.language,
        requestedAt: startedAt,
        timesOutAt: startedAt + command.promptTimeoutMs,
      },
    });
  }
  return E.right(events);
};

/** Capture and assistant answers need an open gate, and content no older than its opening. */
const shutFor = (
  state: KnownSession,
  at: Instant,
): FailingReason | 'awaiting-consent' | 'before-basis' | null => {
  if (!state.gate.open) return state.gate.reason;
  return at < state.gate.since ? 'before-basis' : null;
};

const captureContent = (command: C.CaptureContent, state: KnownSession): Decision => {
  if (state.endedAt !== null)
    return E.left({ _tag: 'SessionAlreadyEnded', endedAt: state.endedAt });
  const reason = shutFor(state, command.at);
  if (reason !== null) return E.left({ _tag: 'NoBasis', reason });
  const { itemId, kind, speaker, at, text } = command;
  return E.right([{ type: 'ContentCaptured', data: { itemId, kind, speaker, at, text } }]);
};

const answerAssistantMessage = (
  command: C.AnswerAssistantMessage,
  state: KnownSession,
): Decision => {
  if (state.endedAt !== null)
    return E.left({ _tag: 'SessionAlreadyEnded', endedAt: state.endedAt });
  const reason = shutFor(state, command.at);
  if (reason !== null) return E.left({ _tag: 'NoBasis', reason });
  if (state.chargeId === null)
    return E.left({ _tag: 'AiUseNotAllowed', reason: state.aiRefused ?? 'not-requested' });
  const { messageId, at, text } = command;
  const ordinal = state.assistantMessages + 1;
  return E.right([{ type: 'AssistantMessageAnswered', data: { messageId, ordinal, at, text } }]);
};

const allowAiUse = (command: C.AllowAiUse, state: KnownSession): Decision => {
  if (state.chargeId === command.chargeId) return E.right([]);
  if (!state.gate.open) return E.left({ _tag: 'NoBasis', reason: state.gate.reason });
  const { trigger, chargeId, at } = command;
  return E.right([{ type: 'AiUseAllowed', data: { trigger, chargeId, at } }]);
};

const refuseAiUse = (command: C.RefuseAiUse, state: KnownSession): Decision => {
  if (state.aiRefused === command.reason && state.chargeId === null) return E.right([]);
  const { trigger, reason, missingCredits, at } = command;
  return E.right([{ type: 'AiUseRefused', data: { trigger, reason, missingCredits, at } }]);
};

const reconsider = (command: C.ReconsiderEligibility, state: KnownSession): Decision => {
  if (state.status === 'ended') return E.right([]);
  const eligibility = decideEligibility(withConsent(command.read.facts, state.consent));
  const before = state.gate.open ? state.gate.basis : state.gate.reason;
  const after = eligibility.basis ?? eligibility.reason ?? 'awaiting-consent';
  if (before === after) return E.right([]);
  return E.right([
    eligibilityDecided({
      trigger: 'fact-changed',
      eligibility,
      inputs: command.read.inputs,
      at: command.at,
    }),
  ]);
};

/** Silence is a refusal: a prompt still open when the session ends has timed out. */
const endSession = (command: C.EndSession, state: KnownSession): Decision => {
  if (state.endedAt !== null)
    return state.endedAt === command.endedAt
      ? E.right([])
      : E.left({ _tag: 'SessionAlreadyEnded', endedAt: state.endedAt });
  const { startedAt } = state.started;
  if (command.endedAt < startedAt)
    return E.left({ _tag: 'EndBeforeStart', startedAt, endedAt: command.endedAt });
  const timedOut = timeOutPrompt(
    { type: 'TimeOutPrompt', at: command.endedAt, read: command.read },
    state,
  );
  const unanswered = E.isRight(timedOut) ? timedOut.right : [];
  return E.right([
    ...unanswered,
    { type: 'SessionEnded', data: { endedAt: command.endedAt } } as const,
  ]);
};

const decideKnown = (
  command: Exclude<C.SessionCommand, C.StartSession>,
  state: KnownSession,
): Decision => {
  switch (command.type) {
    case 'AnswerPrompt':
      return answerPrompt(command, state);
    case 'TimeOutPrompt':
      return timeOutPrompt(command, state);
    case 'WithdrawConsent':
      return withdrawConsent(command, state);
    case 'ReconsiderEligibility':
      return reconsider(command, state);
    case 'CaptureContent':
      return captureContent(command, state);
    case 'AllowAiUse':
      return allowAiUse(command, state);
    case 'RefuseAiUse':
      return refuseAiUse(command, state);
    case 'AnswerAssistantMessage':
      return answerAssistantMessage(command, state);
    case 'EndSession':
      return endSession(command, state);
    default:
      return assertNever(command);
  }
};

const decide = (command: C.SessionCommand, state: SessionState): Decision => {
  if (command.type === 'StartSession') return startSession(command, state);
  if (state.status === 'not-started') return E.left({ _tag: 'SessionNotStarted' });
  return decideKnown(command, state);
};

/** One remote-support session: eligibility, consent, the capture gate and AI use (rulebook §3). */
export const session: Decider<SessionState, C.SessionCommand, SessionEvent, C.SessionRefusal> = {
  initialState: notStarted,
  evolve: evolveSession,
  decide,
};
