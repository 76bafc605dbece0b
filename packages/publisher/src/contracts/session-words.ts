import { Word } from '@daybook/domain/kernel';

// The published words are a list of their own: a word that is added to what is stored does not reach a
// subscriber that has never heard of it before somebody has decided on a new version.

/** Why a session is not summarised, in the order in which the rules are asked. */
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
export const Basis = Word('consent', 'standing-permission', 'policy');
export const Path = Word('outgoing', 'incoming');
export const AiTrigger = Word('assistant', 'summary');
