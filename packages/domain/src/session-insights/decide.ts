import * as E from 'fp-ts/lib/Either.js';
import { assertNever, type Decider } from '../kernel/index.js';
import { allowAiUse, refuseAiUse } from './ai-use.js';
import { answerAssistantMessage, captureContent } from './capture.js';
import type * as C from './commands.js';
import { answerPrompt, openPrompt, silence, timeOutPrompt, withdrawConsent } from './consent.js';
import { consentRequested, eligibilityDecided, withConsent, type Decision } from './decision.js';
import { decideEligibility } from './eligibility.js';
import type { SessionEvent } from './events.js';
import { reconsider } from './reconsider.js';
import { evolveSession, notStarted, type KnownSession, type SessionState } from './session.js';

type Started = C.StartSession['session'];

const isSameStart = (left: Started, right: Started): boolean =>
  (Object.keys(left) as (keyof Started)[]).every(
    (field) => JSON.stringify(left[field]) === JSON.stringify(right[field]),
  );

/** Nobody has been asked when a session starts, whatever the facts say: consent is never remembered. */
const startSession = (command: C.StartSession, state: SessionState): Decision => {
  if (state.status !== 'not-started') {
    return isSameStart(state.started, command.session)
      ? E.right([])
      : E.left({ _tag: 'SessionAlreadyStarted', startedAt: state.started.startedAt });
  }
  const { startedAt: at } = command.session;
  const { facts, inputs } = command.read;
  const eligibility = decideEligibility(withConsent(facts, 'not-asked'));
  const events: SessionEvent[] = [
    { type: 'SessionStarted', data: command.session },
    eligibilityDecided({ trigger: 'session-started', eligibility, inputs, at }),
  ];
  if (eligibility.outcome === 'awaiting-consent') events.push(consentRequested(command, at));
  return E.right(events);
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
  const ended: SessionEvent = { type: 'SessionEnded', data: { endedAt: command.endedAt } };
  const prompt = openPrompt(state);
  const { endedAt: at, read } = command;
  return E.right(prompt === null ? [ended] : [...silence({ prompt, at, read }, state), ended]);
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
