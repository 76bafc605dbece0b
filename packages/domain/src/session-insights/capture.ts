import * as E from 'fp-ts/lib/Either.js';
import type { Instant } from '../kernel/index.js';
import type { AnswerAssistantMessage, CaptureContent, SessionRefusal } from './commands.js';
import type { Decision } from './decision.js';
import { answerKey, itemKey, type KnownSession } from './session.js';

/** Session text needs a running session, an open gate, and to be no older than the gate's opening. */
const refusalOf = (state: KnownSession, at: Instant): SessionRefusal | null => {
  const { endedAt, gate } = state;
  if (endedAt !== null) return { _tag: 'SessionAlreadyEnded', endedAt };
  if (!gate.open) return { _tag: 'NoBasis', reason: gate.reason };
  return at < gate.since ? { _tag: 'NoBasis', reason: 'before-basis' } : null;
};

export const captureContent = (command: CaptureContent, state: KnownSession): Decision => {
  const { itemId, kind, speaker, at, text } = command;
  if (state.textKeys.has(itemKey(itemId))) return E.right([]);
  const refusal = refusalOf(state, at);
  if (refusal !== null) return E.left(refusal);
  return E.right([{ type: 'ContentCaptured', data: { itemId, kind, speaker, at, text } }]);
};

/** An assistant's answer is session text too, and needs a charge that pays for it (rulebook §5). */
export const answerAssistantMessage = (
  command: AnswerAssistantMessage,
  state: KnownSession,
): Decision => {
  const { messageId, at, text } = command;
  if (state.textKeys.has(answerKey(messageId))) return E.right([]);
  const refusal = refusalOf(state, at);
  if (refusal !== null) return E.left(refusal);
  if (state.chargeId === null)
    return E.left({ _tag: 'AiUseNotAllowed', reason: state.aiRefused ?? 'not-requested' });
  const ordinal = state.assistantMessages + 1;
  return E.right([{ type: 'AssistantMessageAnswered', data: { messageId, ordinal, at, text } }]);
};
