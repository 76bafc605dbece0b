import * as E from 'fp-ts/lib/Either.js';
import type { Instant } from '../kernel/index.js';
import type { AnswerPrompt, FactsRead, TimeOutPrompt, WithdrawConsent } from './commands.js';
import { eligibilityDecided, withConsent, type Decision } from './decision.js';
import { decideEligibility, type ConsentAnswer, type Eligibility } from './eligibility.js';
import type { SessionEvent } from './events.js';
import type { KnownSession, Prompt } from './session.js';

type Answered = Readonly<{ consent: ConsentAnswer; read: FactsRead; at: Instant }>;

const eligibilityAfter = ({ read, consent }: Answered): Eligibility =>
  decideEligibility(withConsent(read.facts, consent));

/** No earlier than the decision that it replaces: a late command must not open the gate in the past. */
const decidedAfter = (answer: Answered, state: KnownSession): SessionEvent =>
  eligibilityDecided({
    trigger: 'consent-answered',
    eligibility: eligibilityAfter(answer),
    inputs: answer.read.inputs,
    at: Math.max(answer.at, state.gate.since),
  });

/** The prompt that waits for an answer. */
export const openPrompt = (state: KnownSession): Prompt | null =>
  state.consent === 'not-asked' && state.endedAt === null ? state.prompt : null;

/**
 * A prompt without an answer has been refused, at the instant that its time ran out (rulebook §3), or
 * earlier when the end that showed it reports that it was closed. What is decided then holds from the
 * instant of the command, because its facts were read then.
 */
export const silence = (
  heard: Readonly<{ prompt: Prompt; at: Instant; read: FactsRead }>,
  state: KnownSession,
): readonly SessionEvent[] => {
  const { prompt, at, read } = heard;
  const timedOutAt = Math.max(prompt.requestedAt, Math.min(at, prompt.timesOutAt));
  return [
    { type: 'ConsentTimedOut', data: { timedOutAt } },
    decidedAfter({ consent: 'timed-out', read, at }, state),
  ];
};

export const timeOutPrompt = (command: TimeOutPrompt, state: KnownSession): Decision => {
  if (state.consent === 'timed-out') return E.right([]);
  const prompt = openPrompt(state);
  if (prompt === null) return E.left({ _tag: 'NoPromptOpen', consent: state.consent });
  const { read, at } = command;
  return E.right(silence({ prompt, at, read }, state));
};

const isAnswerGiven = (command: AnswerPrompt, state: KnownSession): boolean => {
  switch (state.consent) {
    case 'granted':
      return command.answer === 'allowed';
    case 'refused':
      return command.answer === 'refused';
    case 'timed-out':
      return state.prompt !== null && command.answeredAt >= state.prompt.timesOutAt;
    default:
      return false;
  }
};

/**
 * An answer that comes at or after the time-out is no answer: silence had already refused. Nor is one
 * from before the question, which cannot be about this notice (ours).
 */
export const answerPrompt = (command: AnswerPrompt, state: KnownSession): Decision => {
  if (isAnswerGiven(command, state)) return E.right([]);
  if (state.consent !== 'not-asked')
    return E.left({ _tag: 'PromptAlreadyAnswered', consent: state.consent });
  const prompt = openPrompt(state);
  const { answeredAt, by, method, notice, read } = command;
  if (prompt === null || answeredAt < prompt.requestedAt)
    return E.left({ _tag: 'NoPromptOpen', consent: state.consent });
  if (answeredAt >= prompt.timesOutAt)
    return E.right(silence({ prompt, at: answeredAt, read }, state));
  const granted = command.answer === 'allowed';
  return E.right([
    {
      type: granted ? 'ConsentGranted' : 'ConsentRefused',
      data: { by, method, noticeVersion: notice.version, language: notice.language, answeredAt },
    },
    decidedAfter({ consent: granted ? 'granted' : 'refused', read, at: answeredAt }, state),
  ]);
};

/** Is there a permission of the remote side, in force or not, or content that rests on one? */
const isWithdrawable = (command: WithdrawConsent, state: KnownSession): boolean =>
  state.restsOnPermission ||
  state.consent === 'granted' ||
  (state.gate.open && state.gate.basis !== 'policy') ||
  (state.consent === 'not-asked' && command.read.facts.outgoing?.accessControl === 'allowed');

const notWithdrawable = (state: KnownSession): Decision =>
  state.gate.open
    ? E.left({ _tag: 'PolicyCannotBeWithdrawn' })
    : E.left({ _tag: 'NothingToWithdraw', consent: state.consent });

/**
 * As easy as giving, at any moment of the session, also one that reaches the log after its end: capture
 * stops and what was gathered is destroyed. A standing permission can be withdrawn for the session too
 * (ours). A policy cannot: where one holds, capture goes on under it, and what it alone covered stays.
 */
export const withdrawConsent = (command: WithdrawConsent, state: KnownSession): Decision => {
  const { by, method, withdrawnAt, read } = command;
  if (state.consent === 'withdrawn') return E.right([]);
  if (state.endedAt !== null && withdrawnAt > state.endedAt)
    return E.left({ _tag: 'SessionAlreadyEnded', endedAt: state.endedAt });
  if (!isWithdrawable(command, state)) return notWithdrawable(state);
  const answer: Answered = { consent: 'withdrawn', read, at: withdrawnAt };
  const events: SessionEvent[] = [
    { type: 'ConsentWithdrawn', data: { by, method, withdrawnAt } },
    decidedAfter(answer, state),
  ];
  if (state.restsOnPermission || eligibilityAfter(answer).outcome !== 'eligible') {
    const data = { items: state.keptTexts, destroyedAt: withdrawnAt };
    events.push({
      type: 'CapturedContentDestroyed',
      data: { reason: 'consent-withdrawn', ...data },
    });
  }
  return E.right(events);
};
