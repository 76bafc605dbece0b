import * as t from 'io-ts';
import {
  Count,
  Instant,
  Nullable,
  ProtectedText,
  Revision,
  Word,
  type EventOf,
} from '../kernel/index.js';

// Stored shapes: a released one never changes; a new shape is a new type beside it, with an upcast.

/** Why a session is not summarised; the names of rulebook §3, in the order of its chain. */
export const FailingReason = Word(
  'ai-not-activated',
  'plan-not-covered',
  'outgoing-off',
  'incoming-off',
  'not-signed-in',
  'session-logging-off',
  'quicksupport-not-covered',
  'denied-by-access-control',
  'consent-refused',
  'consent-timed-out',
  'consent-withdrawn',
  'nobody-to-ask',
  'device-not-managed',
  'no-applied-policy',
  'reporting-off',
  'insights-off',
  'switched-off-locally',
  'platform-not-supported',
  'insufficient-credits',
);
export type FailingReason = t.TypeOf<typeof FailingReason>;

export const Basis = Word('consent', 'standing-permission', 'policy');
export type Basis = t.TypeOf<typeof Basis>;

export const Path = Word('outgoing', 'incoming');
export type Path = t.TypeOf<typeof Path>;

export const AccessControlWord = Word('allowed', 'denied', 'after-confirmation');

export const PathReason = t.strict({ path: Path, reason: FailingReason });
export const InputRevision = t.strict({ stream: t.string, revision: Revision });

/** The notice is the one that was in fact shown, which the prompt's end reports with the answer. */
const consentAnswer = t.strict({
  by: t.string,
  method: t.string,
  noticeVersion: t.string,
  language: t.string,
  answeredAt: Instant,
});

export const sessionEvents = {
  SessionStarted: t.strict({
    paths: t.array(Path),
    supporterId: Nullable(t.string),
    signedIn: t.boolean,
    deviceId: Nullable(t.string),
    module: Word('full', 'quicksupport'),
    platform: t.string,
    method: Word('id-and-password', 'session-code', 'link', 'managed'),
    attended: t.boolean,
    supporterAccessControl: AccessControlWord,
    remoteAccessControl: AccessControlWord,
    startedAt: Instant,
    source: Word('journal', 'teamviewer-log', 'api'),
  }),
  EligibilityDecided: t.strict({
    trigger: Word('session-started', 'consent-answered', 'fact-changed'),
    outcome: Word('eligible', 'awaiting-consent', 'not-eligible'),
    basis: Nullable(Basis),
    bases: t.array(Basis),
    reason: Nullable(FailingReason),
    reasons: t.array(PathReason),
    inputs: t.array(InputRevision),
    decidedAt: Instant,
  }),
  ConsentRequested: t.strict({
    noticeVersion: t.string,
    language: t.string,
    requestedAt: Instant,
    timesOutAt: Instant,
  }),
  ConsentGranted: consentAnswer,
  ConsentRefused: consentAnswer,
  ConsentTimedOut: t.strict({ timedOutAt: Instant }),
  ConsentWithdrawn: t.strict({ by: t.string, method: t.string, withdrawnAt: Instant }),
  CapturedContentDestroyed: t.strict({
    reason: Word('consent-withdrawn'),
    items: Count,
    destroyedAt: Instant,
  }),
  ContentCaptured: t.strict({
    itemId: t.string,
    kind: Word('chat', 'action'),
    speaker: Word('supporter', 'remote-side', 'system'),
    at: Instant,
    text: ProtectedText,
  }),
  AssistantMessageAnswered: t.strict({
    messageId: t.string,
    ordinal: Count,
    at: Instant,
    text: ProtectedText,
  }),
  AiUseAllowed: t.strict({
    trigger: Word('assistant', 'summary'),
    chargeId: t.string,
    at: Instant,
  }),
  AiUseRefused: t.strict({
    trigger: Word('assistant', 'summary'),
    reason: FailingReason,
    missingCredits: Count,
    at: Instant,
  }),
  SessionEnded: t.strict({ endedAt: Instant }),
};
export type SessionEvent = EventOf<typeof sessionEvents>;
