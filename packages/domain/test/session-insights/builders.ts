import { plain } from '../../src/kernel/index.js';
import type {
  AnswerPrompt,
  EligibilityFacts,
  FactsRead,
  FailingReason,
  IncomingFacts,
  OutgoingFacts,
  SessionCommand,
  SessionEvent,
  StartSession,
} from '../../src/session-insights/index.js';

export const START = Date.UTC(2026, 9, 1, 9);
/** Seconds after the start of the session. */
export const at = (seconds: number): number => START + seconds * 1000;

export const outgoing: OutgoingFacts = {
  optionOn: true,
  signedIn: true,
  logsSessions: true,
  quickSupportExcluded: false,
  accessControl: 'after-confirmation',
  attended: true,
  consent: 'not-asked',
};
export const incoming: IncomingFacts = {
  optionOn: true,
  deviceManaged: true,
  policyApplied: true,
  reportingOn: true,
  insightsOn: true,
  switchedOffLocally: false,
};
const switchedOn = { aiActivated: true, planCovered: true, platformSupported: true };

/** Outgoing, attended, After confirmation: the remote side has to be asked. */
export const asking: EligibilityFacts = { ...switchedOn, outgoing, incoming: null };
export const standing: EligibilityFacts = {
  ...asking,
  outgoing: { ...outgoing, accessControl: 'allowed' },
};
export const denied: EligibilityFacts = {
  ...asking,
  outgoing: { ...outgoing, accessControl: 'denied' },
};
export const optionOff: EligibilityFacts = {
  ...asking,
  outgoing: { ...outgoing, optionOn: false },
};
export const byPolicy: EligibilityFacts = { ...switchedOn, outgoing: null, incoming };
export const both: EligibilityFacts = { ...asking, incoming };
export const bothAllowed: EligibilityFacts = { ...standing, incoming };
/** Both paths, the policy gone: the outgoing path alone decides. */
export const policyLost: EligibilityFacts = {
  ...both,
  incoming: { ...incoming, policyApplied: false },
};

/** Facts as they were at a revision of the device. */
export const read = (facts: EligibilityFacts, revision = 1): FactsRead => ({
  facts,
  inputs: [{ stream: 'device-acme_d1', revision }],
});

export const terms = { notice: { version: 'n1', language: 'de' }, promptTimeoutMs: 60_000 };

export const sessionData: StartSession['session'] = {
  paths: ['outgoing'],
  supporterId: 'u1',
  signedIn: true,
  deviceId: 'd1',
  module: 'full',
  platform: 'windows',
  method: 'id-and-password',
  attended: true,
  supporterAccessControl: 'allowed',
  remoteAccessControl: 'after-confirmation',
  startedAt: START,
  source: 'api',
};

export const start = (facts: EligibilityFacts): StartSession => ({
  type: 'StartSession',
  session: sessionData,
  read: read(facts),
  ...terms,
});
export const answer = (
  given: AnswerPrompt['answer'],
  seconds: number,
  facts = asking,
): AnswerPrompt => ({
  type: 'AnswerPrompt',
  answer: given,
  by: 'r1',
  method: 'prompt',
  notice: { version: 'n1', language: 'de' },
  answeredAt: at(seconds),
  read: read(facts),
});
export const timeOut = (seconds: number, facts = asking): SessionCommand => ({
  type: 'TimeOutPrompt',
  at: at(seconds),
  read: read(facts),
});
export const withdraw = (seconds: number, facts = asking): SessionCommand => ({
  type: 'WithdrawConsent',
  by: 'r1',
  method: 'button',
  withdrawnAt: at(seconds),
  read: read(facts),
});
export const reconsider = (
  seconds: number,
  facts: EligibilityFacts,
  revision = 2,
): SessionCommand => ({
  type: 'ReconsiderEligibility',
  at: at(seconds),
  read: read(facts, revision),
  ...terms,
});
export const capture = (seconds: number, itemId = 'i1'): SessionCommand => ({
  type: 'CaptureContent',
  itemId,
  kind: 'chat',
  speaker: 'supporter',
  at: at(seconds),
  text: plain('Hello'),
});
export const assist = (seconds: number, messageId = 'm1'): SessionCommand => ({
  type: 'AnswerAssistantMessage',
  messageId,
  at: at(seconds),
  text: plain('Restart it'),
});
export const allow = (
  seconds: number,
  chargeId = 'c1',
  trigger: 'assistant' | 'summary' = 'assistant',
): SessionCommand => ({ type: 'AllowAiUse', trigger, chargeId, at: at(seconds) });
export const refuse = (
  seconds: number,
  trigger: 'assistant' | 'summary' = 'assistant',
): SessionCommand => ({
  type: 'RefuseAiUse',
  trigger,
  reason: 'insufficient-credits',
  missingCredits: 1,
  at: at(seconds),
});
export const end = (seconds: number, facts = asking): SessionCommand => ({
  type: 'EndSession',
  endedAt: at(seconds),
  read: read(facts),
});

export const started: SessionEvent = { type: 'SessionStarted', data: sessionData };

type Decided = Extract<SessionEvent, { type: 'EligibilityDecided' }>['data'];
type Trigger = Decided['trigger'];

const decided = (seconds: number, over: Partial<Decided>): SessionEvent => ({
  type: 'EligibilityDecided',
  data: {
    trigger: 'session-started',
    outcome: 'not-eligible',
    basis: null,
    bases: [],
    reason: null,
    reasons: [],
    inputs: read(asking).inputs,
    decidedAt: at(seconds),
    ...over,
  },
});
export type Made = Readonly<{
  trigger?: Trigger;
  revision?: number;
  /** Failing reasons of the outgoing path that come with the decision, and the incoming one's. */
  outgoing?: readonly FailingReason[];
  incoming?: FailingReason;
}>;
const made = (how: Made): Partial<Decided> => ({
  trigger: how.trigger ?? 'session-started',
  inputs: read(asking, how.revision).inputs,
  reasons: [
    ...(how.outgoing ?? []).map((reason) => ({ path: 'outgoing' as const, reason })),
    ...(how.incoming === undefined ? [] : [{ path: 'incoming' as const, reason: how.incoming }]),
  ],
});

export const awaiting = (seconds: number, how: Made = {}): SessionEvent =>
  decided(seconds, { ...made(how), outcome: 'awaiting-consent' });
export const eligible = (seconds: number, bases: Decided['bases'], how: Made = {}): SessionEvent =>
  decided(seconds, { ...made(how), outcome: 'eligible', basis: bases[0] ?? null, bases });
export const notEligible = (seconds: number, reason: FailingReason, how: Made = {}): SessionEvent =>
  decided(seconds, { ...made({ ...how, outgoing: [reason, ...(how.outgoing ?? [])] }), reason });
export const byAnswer: Made = { trigger: 'consent-answered' };
export const byFact: Made = { trigger: 'fact-changed', revision: 2 };

export const requested = (seconds: number): SessionEvent => ({
  type: 'ConsentRequested',
  data: {
    noticeVersion: 'n1',
    language: 'de',
    requestedAt: at(seconds),
    timesOutAt: at(seconds + 60),
  },
});
export const granted = (seconds: number): SessionEvent => ({
  type: 'ConsentGranted',
  data: {
    by: 'r1',
    method: 'prompt',
    noticeVersion: 'n1',
    language: 'de',
    answeredAt: at(seconds),
  },
});
export const refused = (seconds: number): SessionEvent => ({
  type: 'ConsentRefused',
  data: {
    by: 'r1',
    method: 'prompt',
    noticeVersion: 'n1',
    language: 'de',
    answeredAt: at(seconds),
  },
});
export const timedOut = (seconds: number): SessionEvent => ({
  type: 'ConsentTimedOut',
  data: { timedOutAt: at(seconds) },
});
export const withdrawn = (seconds: number): SessionEvent => ({
  type: 'ConsentWithdrawn',
  data: { by: 'r1', method: 'button', withdrawnAt: at(seconds) },
});
export const destroyed = (seconds: number, items: number): SessionEvent => ({
  type: 'CapturedContentDestroyed',
  data: { reason: 'consent-withdrawn', items, destroyedAt: at(seconds) },
});
export const captured = (seconds: number, itemId = 'i1'): SessionEvent => ({
  type: 'ContentCaptured',
  data: { itemId, kind: 'chat', speaker: 'supporter', at: at(seconds), text: plain('Hello') },
});
export const answered = (seconds: number, ordinal = 1, messageId = 'm1'): SessionEvent => ({
  type: 'AssistantMessageAnswered',
  data: { messageId, ordinal, at: at(seconds), text: plain('Restart it') },
});
export const allowed = (
  seconds: number,
  chargeId = 'c1',
  trigger: 'assistant' | 'summary' = 'assistant',
): SessionEvent => ({ type: 'AiUseAllowed', data: { trigger, chargeId, at: at(seconds) } });
export const aiRefused = (
  seconds: number,
  trigger: 'assistant' | 'summary' = 'assistant',
): SessionEvent => ({
  type: 'AiUseRefused',
  data: { trigger, reason: 'insufficient-credits', missingCredits: 1, at: at(seconds) },
});
export const ended = (seconds: number): SessionEvent => ({
  type: 'SessionEnded',
  data: { endedAt: at(seconds) },
});

/** A session that has been asked; one that has agreed after 10 s; one that runs on a policy. */
export const asked: readonly SessionEvent[] = [started, awaiting(0), requested(0)];
export const agreed: readonly SessionEvent[] = [
  ...asked,
  granted(10),
  eligible(10, ['consent'], byAnswer),
];
export const covered: readonly SessionEvent[] = [started, eligible(0, ['policy'])];
export const permitted: readonly SessionEvent[] = [started, eligible(0, ['standing-permission'])];
