import { Count, Nullable, Revision, Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { type Contract, contractsOf, type PublishedFrom, type StoredData } from './contract.js';
import { AiTrigger, Basis, FailingReason, Path } from './session-words.js';
import { Timestamp, timestamp, Token, word } from './values.js';

const contract = contractsOf('session-insights');

const ConsentAnswer = t.strict({
  sessionId: Token,
  by: Token,
  method: Token,
  noticeVersion: Token,
  language: Token,
  answeredAt: Timestamp,
});

const consentAnswer = (
  { by, method, noticeVersion, language, answeredAt }: StoredData<'ConsentGranted'>,
  { id }: PublishedFrom,
): t.TypeOf<typeof ConsentAnswer> => ({
  sessionId: id,
  by: word(by),
  method: word(method),
  noticeVersion: word(noticeVersion),
  language: word(language),
  answeredAt: timestamp(answeredAt),
});

const sessionContracts: readonly Contract[] = [
  contract('SessionStarted', {
    event: 'session-started',
    summary: 'A session began: who helps, on what, by which connection.',
    data: t.strict({
      sessionId: Token,
      paths: t.array(Path),
      supporterId: Nullable(Token),
      deviceId: Nullable(Token),
      module: Word('full', 'quicksupport'),
      platform: Token,
      method: Word('id-and-password', 'session-code', 'link', 'managed'),
      attended: t.boolean,
      startedAt: Timestamp,
    }),
    toPublished: (stored, { id }) => ({
      sessionId: id,
      paths: stored.paths,
      supporterId: stored.supporterId,
      deviceId: stored.deviceId,
      module: stored.module,
      platform: word(stored.platform),
      method: stored.method,
      attended: stored.attended,
      startedAt: timestamp(stored.startedAt),
    }),
  }),
  contract('SessionEnded', {
    event: 'session-ended',
    summary: 'A session ended; its summary, if it may have one, follows.',
    data: t.strict({ sessionId: Token, endedAt: Timestamp }),
    toPublished: ({ endedAt }, { id }) => ({ sessionId: id, endedAt: timestamp(endedAt) }),
  }),
  contract('EligibilityDecided', {
    event: 'eligibility-decided',
    summary:
      'Whether the session may be summarised, on which basis, or the first reason why not; with what the decision read.',
    data: t.strict({
      sessionId: Token,
      trigger: Word('session-started', 'consent-answered', 'fact-changed'),
      outcome: Word('eligible', 'awaiting-consent', 'not-eligible'),
      basis: Nullable(Basis),
      bases: t.array(Basis),
      reason: Nullable(FailingReason),
      reasons: t.array(t.strict({ path: Path, reason: FailingReason })),
      inputs: t.array(t.strict({ stream: Token, revision: Revision })),
      decidedAt: Timestamp,
    }),
    toPublished: ({ decidedAt, ...decision }, { id }) => ({
      sessionId: id,
      trigger: decision.trigger,
      outcome: decision.outcome,
      basis: decision.basis,
      bases: decision.bases,
      reason: decision.reason,
      reasons: decision.reasons.map(({ path, reason }) => ({ path, reason })),
      inputs: decision.inputs.map(({ stream, revision }) => ({ stream, revision })),
      decidedAt: timestamp(decidedAt),
    }),
  }),
  contract('AiUseAllowed', {
    event: 'ai-use-allowed',
    summary: 'AI was used in the session; the charge is held from here on.',
    data: t.strict({ sessionId: Token, trigger: AiTrigger, chargeId: Token, at: Timestamp }),
    toPublished: ({ trigger, chargeId, at }, { id }) => ({
      sessionId: id,
      trigger,
      chargeId,
      at: timestamp(at),
    }),
  }),
  contract('AiUseRefused', {
    event: 'ai-use-refused',
    summary: 'AI was asked for and refused; the session goes on without it.',
    data: t.strict({
      sessionId: Token,
      trigger: AiTrigger,
      reason: FailingReason,
      missingCredits: Count,
      at: Timestamp,
    }),
    toPublished: ({ trigger, reason, missingCredits, at }, { id }) => ({
      sessionId: id,
      trigger,
      reason,
      missingCredits,
      at: timestamp(at),
    }),
  }),
  contract('AssistantMessageAnswered', {
    event: 'assistant-message-answered',
    summary: 'The assistant answered a message; which one it was in the session, without its text.',
    data: t.strict({ sessionId: Token, ordinal: Count, at: Timestamp }),
    toPublished: ({ ordinal, at }, { id }) => ({ sessionId: id, ordinal, at: timestamp(at) }),
  }),
];

const consentContracts: readonly Contract[] = [
  contract('ConsentRequested', {
    event: 'consent-requested',
    summary: 'The remote side was asked; silence until the time-out is a refusal.',
    data: t.strict({
      sessionId: Token,
      noticeVersion: Token,
      language: Token,
      requestedAt: Timestamp,
      timesOutAt: Timestamp,
    }),
    toPublished: (stored, { id }) => ({
      sessionId: id,
      noticeVersion: word(stored.noticeVersion),
      language: word(stored.language),
      requestedAt: timestamp(stored.requestedAt),
      timesOutAt: timestamp(stored.timesOutAt),
    }),
  }),
  contract('ConsentGranted', {
    event: 'consent-granted',
    summary: 'The remote side agreed to this session’s capture, to the notice that is named.',
    data: ConsentAnswer,
    toPublished: consentAnswer,
  }),
  contract('ConsentRefused', {
    event: 'consent-refused',
    summary: 'The remote side refused this session’s capture.',
    data: ConsentAnswer,
    toPublished: consentAnswer,
  }),
  contract('ConsentTimedOut', {
    event: 'consent-timed-out',
    summary: 'Nobody answered in time: a refusal for this session.',
    data: t.strict({ sessionId: Token, timedOutAt: Timestamp }),
    toPublished: ({ timedOutAt }, { id }) => ({
      sessionId: id,
      timedOutAt: timestamp(timedOutAt),
    }),
  }),
  contract('ConsentWithdrawn', {
    event: 'consent-withdrawn',
    summary: 'Permission was taken back: capture stopped, what was gathered is destroyed.',
    data: t.strict({ sessionId: Token, by: Token, method: Token, withdrawnAt: Timestamp }),
    toPublished: ({ by, method, withdrawnAt }, { id }) => ({
      sessionId: id,
      by: word(by),
      method: word(method),
      withdrawnAt: timestamp(withdrawnAt),
    }),
  }),
  contract('CapturedContentDestroyed', {
    event: 'captured-content-destroyed',
    summary: 'What had been captured in the session was destroyed.',
    data: t.strict({
      sessionId: Token,
      reason: Word('consent-withdrawn'),
      items: Count,
      destroyedAt: Timestamp,
    }),
    toPublished: ({ reason, items, destroyedAt }, { id }) => ({
      sessionId: id,
      reason,
      items,
      destroyedAt: timestamp(destroyedAt),
    }),
  }),
];

export const sessionInsightsContracts: readonly Contract[] = [
  ...sessionContracts,
  ...consentContracts,
];
