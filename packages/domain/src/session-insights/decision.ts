import type { Either } from 'fp-ts/lib/Either.js';
import type { Instant } from '../kernel/index.js';
import type { FactsRead, PromptTerms, SessionRefusal } from './commands.js';
import type { ConsentAnswer, Eligibility, EligibilityFacts } from './eligibility.js';
import type { SessionEvent } from './events.js';

export type Decision = Either<SessionRefusal, readonly SessionEvent[]>;

type Trigger = Extract<SessionEvent, { type: 'EligibilityDecided' }>['data']['trigger'];

export const eligibilityDecided = (
  made: Readonly<{
    trigger: Trigger;
    eligibility: Eligibility;
    inputs: FactsRead['inputs'];
    at: Instant;
  }>,
): SessionEvent => {
  const { outcome, basis, bases, reason, reasons } = made.eligibility;
  return {
    type: 'EligibilityDecided',
    data: {
      trigger: made.trigger,
      outcome,
      basis,
      bases: [...bases],
      reason,
      reasons: [...reasons],
      inputs: made.inputs,
      decidedAt: made.at,
    },
  };
};

export const consentRequested = (terms: PromptTerms, at: Instant): SessionEvent => ({
  type: 'ConsentRequested',
  data: {
    noticeVersion: terms.notice.version,
    language: terms.notice.language,
    requestedAt: at,
    timesOutAt: at + terms.promptTimeoutMs,
  },
});

/** The same facts with the answer of the remote side in this session. */
export const withConsent = (facts: EligibilityFacts, consent: ConsentAnswer): EligibilityFacts =>
  facts.outgoing === null ? facts : { ...facts, outgoing: { ...facts.outgoing, consent } };
