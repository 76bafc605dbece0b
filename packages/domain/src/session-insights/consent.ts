import * as E from 'fp-ts/lib/Either.js';
import type { AnswerPrompt, FactsRead, TimeOutPrompt, WithdrawConsent } from './commands.js';
import { eligibilityDecided, withConsent, type Decision } from './decision.js';
import { decideEligibility, type ConsentAnswer } from './eligibility.js';
import type { SessionEvent } from './events.js';
import type { KnownSession } from './session.js';

const decidedAfter = (
  answer: Readonly<{ consent: ConsentAnswer; read: FactsRead; at: number }>,
): SessionEvent =>
  eligibilityDecided({
    trigger: 'consent-answered',
    eligibility: decideEligibility(withConsent(answer.read.facts, answer.consent)),
    inputs: answer.read.inputs,
    at: answer.at,
  });

/** A prompt without an answer has been refused, at the instant that its time ran out (rulebook §3). */
export const timeOutPrompt = (command: TimeOutPrompt, state: KnownSession): Decision => {
  if (state.consent === 'timed-out') return E.right([]);
  if (state.prompt === null || state.consent !== 'not-asked')
    return E.left({ _tag: 'NoPromptOpen', consent: state.consent });
  const timedOutAt = Math.min(command.at, state.prompt.timesOutAt);
  return E.right([
    { type: 'ConsentTimedOut', data: { timedOutAt } },
    decidedAfter({ consent: 'timed-out', read: command.read, at: timedOutAt }),
  ]);
};

const sameAnswer = (command: AnswerPrompt, state: KnownSession): boolean =>
  (command.answer === 'allowed' && state.consent === 'granted') ||
  (command.answer === 'refused' && state.consent === 'refused');

/** An answer that comes at or after the time-out is no answer: silence had already refused. */
export const answerPrompt = (command: AnswerPrompt, state: KnownSession): Decision => {
  if (sameAnswer(command, state)) return E.right([]);
  if (state.consent !== 'not-asked')
    return E.left({ _tag: 'PromptAlreadyAnswered', consent: state.consent });
  if (state.prompt === null || state.endedAt !== null)
    return E.left({ _tag: 'NoPromptOpen', consent: state.consent });
  const { answeredAt, by, method, read } = command;
  if (answeredAt >= state.prompt.timesOutAt)
    return timeOutPrompt({ type: 'TimeOutPrompt', at: answeredAt, read }, state);
  const granted = command.answer === 'allowed';
  return E.right([
    { type: granted ? 'ConsentGranted' : 'ConsentRefused', data: { by, method, answeredAt } },
    decidedAfter({ consent: granted ? 'granted' : 'refused', read, at: answeredAt }),
  ]);
};

/**
 * As easy as giving, at any moment of the session: capture stops and what was gathered is destroyed.
 * A standing permission can be withdrawn for the session too (ours); a policy cannot.
 */
export const withdrawConsent = (command: WithdrawConsent, state: KnownSession): Decision => {
  if (state.consent === 'withdrawn') return E.right([]);
  if (state.endedAt !== null)
    return E.left({ _tag: 'SessionAlreadyEnded', endedAt: state.endedAt });
  if (!state.gate.open) return E.left({ _tag: 'NothingToWithdraw', consent: state.consent });
  if (state.gate.basis === 'policy') return E.left({ _tag: 'PolicyCannotBeWithdrawn' });
  const { by, method, withdrawnAt, read } = command;
  return E.right([
    { type: 'ConsentWithdrawn', data: { by, method, withdrawnAt } },
    decidedAfter({ consent: 'withdrawn', read, at: withdrawnAt }),
    {
      type: 'CapturedContentDestroyed',
      data: { reason: 'consent-withdrawn', items: state.capturedItems, destroyedAt: withdrawnAt },
    },
  ]);
};
