import type { Instant, ProtectedText } from '../kernel/index.js';
import type { EligibilityFacts } from './eligibility.js';
import type { FailingReason, SessionEvent } from './events.js';

type DataOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>['data'];

/** Facts from other streams with the revisions they were read at, so that the decision can be repeated. */
export type FactsRead = Readonly<{
  facts: EligibilityFacts;
  inputs: DataOf<'EligibilityDecided'>['inputs'];
}>;

/** What the remote side is shown if it has to be asked, and how long its silence is waited for. */
export type PromptTerms = Readonly<{
  notice: Readonly<{ version: string; language: string }>;
  promptTimeoutMs: number;
}>;

export type StartSession = Readonly<{
  type: 'StartSession';
  session: DataOf<'SessionStarted'>;
  read: FactsRead;
}> &
  PromptTerms;

export type AnswerPrompt = Readonly<{
  type: 'AnswerPrompt';
  answer: 'allowed' | 'refused';
  by: string;
  method: string;
  /** The notice that was shown. */
  notice: Readonly<{ version: string; language: string }>;
  answeredAt: Instant;
  read: FactsRead;
}>;

export type TimeOutPrompt = Readonly<{ type: 'TimeOutPrompt'; at: Instant; read: FactsRead }>;

export type WithdrawConsent = Readonly<{
  type: 'WithdrawConsent';
  by: string;
  method: string;
  withdrawnAt: Instant;
  read: FactsRead;
}>;

/**
 * Sent when a fact that the decision rests on has changed: a policy applied, an option switched. The
 * remote side is asked now if it has to be, and has not been asked before.
 */
export type ReconsiderEligibility = Readonly<{
  type: 'ReconsiderEligibility';
  at: Instant;
  read: FactsRead;
}> &
  PromptTerms;

export type CaptureContent = Readonly<{
  type: 'CaptureContent';
  itemId: string;
  kind: 'chat' | 'action';
  speaker: 'supporter' | 'remote-side' | 'system';
  at: Instant;
  /** Already redacted: text reaches the domain only through the redactor. */
  text: ProtectedText;
}>;

export type AllowAiUse = Readonly<{
  type: 'AllowAiUse';
  trigger: 'assistant' | 'summary';
  chargeId: string;
  at: Instant;
}>;

export type RefuseAiUse = Readonly<{
  type: 'RefuseAiUse';
  trigger: 'assistant' | 'summary';
  reason: FailingReason;
  missingCredits: number;
  at: Instant;
}>;

export type AnswerAssistantMessage = Readonly<{
  type: 'AnswerAssistantMessage';
  messageId: string;
  at: Instant;
  text: ProtectedText;
}>;

export type EndSession = Readonly<{ type: 'EndSession'; endedAt: Instant; read: FactsRead }>;

export type SessionCommand =
  | StartSession
  | AnswerPrompt
  | TimeOutPrompt
  | WithdrawConsent
  | ReconsiderEligibility
  | CaptureContent
  | AllowAiUse
  | RefuseAiUse
  | AnswerAssistantMessage
  | EndSession;

export type SessionRefusal =
  | Readonly<{ _tag: 'SessionNotStarted' }>
  | Readonly<{ _tag: 'SessionAlreadyStarted'; startedAt: Instant }>
  | Readonly<{ _tag: 'SessionAlreadyEnded'; endedAt: Instant }>
  | Readonly<{ _tag: 'EndBeforeStart'; startedAt: Instant; endedAt: Instant }>
  | Readonly<{ _tag: 'NoPromptOpen'; consent: string }>
  | Readonly<{ _tag: 'PromptAlreadyAnswered'; consent: string }>
  | Readonly<{ _tag: 'NothingToWithdraw'; consent: string }>
  | Readonly<{ _tag: 'PolicyCannotBeWithdrawn' }>
  /** The capture gate is shut, or the content is older than its opening. Nothing of it is stored. */
  | Readonly<{ _tag: 'NoBasis'; reason: FailingReason | 'awaiting-consent' | 'before-basis' }>
  | Readonly<{ _tag: 'AiUseNotAllowed'; reason: FailingReason | 'not-requested' }>;
