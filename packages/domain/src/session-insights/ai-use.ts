import * as E from 'fp-ts/lib/Either.js';
import type { AllowAiUse, RefuseAiUse, SessionRefusal } from './commands.js';
import type { Decision } from './decision.js';
import type { KnownSession } from './session.js';

/** A summary is made after the end; the assistant helps only while the session runs. */
const refusalOf = (
  command: AllowAiUse | RefuseAiUse,
  state: KnownSession,
): SessionRefusal | null => {
  if (command.trigger === 'assistant' && state.endedAt !== null)
    return { _tag: 'SessionAlreadyEnded', endedAt: state.endedAt };
  return state.gate.open ? null : { _tag: 'NoBasis', reason: state.gate.reason };
};

/** Each charge is allowed once: a late repeat must not bring back one that was released since. */
export const allowAiUse = (command: AllowAiUse, state: KnownSession): Decision => {
  const { trigger, chargeId, at } = command;
  if (state.chargesAllowed.includes(chargeId)) return E.right([]);
  const refusal = refusalOf(command, state);
  if (refusal !== null) return E.left(refusal);
  return E.right([{ type: 'AiUseAllowed', data: { trigger, chargeId, at } }]);
};

/** A refusal from before the latest charge came late: that charge pays. */
export const refuseAiUse = (command: RefuseAiUse, state: KnownSession): Decision => {
  const { trigger, reason, missingCredits, at } = command;
  const isLate = state.chargeId !== null && at < state.chargedAt;
  if (state.aiRefused === reason || isLate) return E.right([]);
  const refusal = refusalOf(command, state);
  if (refusal !== null) return E.left(refusal);
  return E.right([{ type: 'AiUseRefused', data: { trigger, reason, missingCredits, at } }]);
};
