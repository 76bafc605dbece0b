import { FailingReason } from '@daybook/domain/session-insights';
import {
  array,
  count,
  flag,
  instant,
  nullable,
  object,
  pageOf,
  position,
  text,
  word,
  type JsonSchema,
} from './common.js';

export const outcome = word('eligible', 'awaiting-consent', 'not-eligible');
export const reason = word(...Object.keys(FailingReason.keys));
export const summaryStatus = word('none', 'failed', 'generated', 'edited', 'deleted');
const basis = word('consent', 'standing-permission', 'policy');
const path = word('outgoing', 'incoming');
const reasons = array(object({ path, reason }));

const session = object({
  sessionId: text,
  supporterId: nullable(text),
  deviceId: nullable(text),
  paths: array(path),
  method: nullable(text),
  module: nullable(text),
  platform: nullable(text),
  source: nullable(text),
  attended: nullable(flag),
  startedAt: instant,
  endedAt: nullable(instant),
  eligibility: object({
    outcome: nullable(outcome),
    basis: nullable(basis),
    bases: array(basis),
    reason: nullable(reason),
    reasons,
  }),
  consent: word('not-asked', 'asked', 'granted', 'refused', 'timed-out', 'withdrawn'),
  aiRefused: nullable(reason),
  charge: nullable(
    object({
      chargeId: text,
      status: word('held', 'captured', 'released', 'reversed'),
      amount: nullable(count),
    }),
  ),
  summary: object({ summaryId: nullable(text), status: summaryStatus }),
  capturedItems: count,
  destroyedItems: count,
  assistantMessages: count,
  events: count,
  position: count,
});

const timelineEntry = object({
  ordinal: count,
  position: count,
  stream: text,
  revision: count,
  eventId: text,
  type: text,
  what: text,
  occurredAt: instant,
  recordedAt: instant,
  actor: object({ kind: text, id: text }),
});

const eligibility = {
  outcome,
  basis: nullable(basis),
  bases: array(basis),
  reason: nullable(reason),
  reasons,
};

const decision = object({
  revision: count,
  position: count,
  ruleVersion: text,
  decided: object({
    trigger: word('session-started', 'consent-answered', 'fact-changed'),
    ...eligibility,
    inputs: array(object({ stream: text, revision: count })),
    decidedAt: instant,
  }),
  consent: word('not-asked', 'granted', 'refused', 'timed-out', 'withdrawn'),
  again: object(eligibility),
  agrees: flag,
  inWords: nullable(text),
});

const gate = {
  oneOf: [
    object({ open: { const: true }, basis, since: instant }),
    object({ open: { const: false }, reason: text }),
  ],
};

const started = object({
  paths: array(path),
  supporterId: nullable(text),
  signedIn: flag,
  deviceId: nullable(text),
  module: text,
  platform: text,
  method: text,
  attended: flag,
  supporterAccessControl: text,
  remoteAccessControl: text,
  startedAt: instant,
  source: text,
});

const aiRefused = object({
  trigger: word('assistant', 'summary'),
  reason,
  missingCredits: count,
  at: instant,
});

export const sessionsAnswer: JsonSchema = pageOf(session);
export const sessionAnswer: JsonSchema = object({ position, session });
export const timelineAnswer: JsonSchema = pageOf(timelineEntry);
export const explanationAnswer: JsonSchema = object({
  position,
  explanation: object({
    sessionId: text,
    started,
    consent: word('not-asked', 'granted', 'refused', 'timed-out', 'withdrawn'),
    gate,
    decisions: array(decision),
    capturedItems: count,
    assistantMessages: count,
    chargeId: nullable(text),
    aiRefused: nullable(aiRefused),
    endedAt: nullable(instant),
  }),
});
