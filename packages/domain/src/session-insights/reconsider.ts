import * as E from 'fp-ts/lib/Either.js';
import type { FactsRead, ReconsiderEligibility } from './commands.js';
import { openPrompt, silence } from './consent.js';
import { consentRequested, eligibilityDecided, withConsent, type Decision } from './decision.js';
import { decideEligibility, type Eligibility } from './eligibility.js';
import type { KnownSession } from './session.js';

/** Was a fact read at an older revision than the decision in force rests on? Then the command came late. */
const isStale = (read: FactsRead, state: KnownSession): boolean =>
  read.inputs.some((input) =>
    state.inputs.some(
      ({ stream, revision }) => stream === input.stream && revision > input.revision,
    ),
  );

const isInForce = (eligibility: Eligibility, state: KnownSession): boolean => {
  const { gate, bases } = state;
  if (bases.join() !== eligibility.bases.join()) return false;
  return gate.open
    ? gate.basis === eligibility.basis
    : eligibility.basis === null && gate.reason === (eligibility.reason ?? 'awaiting-consent');
};

/**
 * Decides again after a fact has changed. The same outcome is not written again. Nothing follows the
 * end of a session: what was in force then decides whether there is a summary.
 */
export const reconsider = (command: ReconsiderEligibility, state: KnownSession): Decision => {
  const { read } = command;
  if (state.endedAt !== null || isStale(read, state)) return E.right([]);
  const at = Math.max(command.at, state.gate.since);
  const prompt = openPrompt(state);
  if (prompt !== null && at >= prompt.timesOutAt)
    return E.right(silence({ prompt, at, read }, state));
  const eligibility = decideEligibility(withConsent(read.facts, state.consent));
  if (isInForce(eligibility, state)) return E.right([]);
  const decided = eligibilityDecided({
    trigger: 'fact-changed',
    eligibility,
    inputs: read.inputs,
    at,
  });
  const mustAsk = eligibility.outcome === 'awaiting-consent' && state.prompt === null;
  return E.right(mustAsk ? [decided, consentRequested(command, at)] : [decided]);
};
