import type { LogEntry } from '@daybook/projection/contract';
import * as fc from 'fast-check';

type Of<Type extends LogEntry['type']> = Extract<LogEntry, { type: Type }>['data'];

/** Stands for whatever was said or written; it must reach no row. */
export const TEXT = 'words-of-the-session';

type Entry = LogEntry extends infer Each
  ? Each extends LogEntry
    ? Omit<Each, 'stream'>
    : never
  : never;

export const session = (entry: Entry, id = 's1', company = 'acme'): LogEntry => ({
  ...entry,
  stream: `session-${company}_${id}`,
});
export const summary = (entry: Entry, id = 'sum1', company = 'acme'): LogEntry => ({
  ...entry,
  stream: `summary-${company}_${id}`,
});
export const credits = (entry: Entry, company = 'acme'): LogEntry => ({
  ...entry,
  stream: `credits-${company}`,
});

export const started = (data: Partial<Of<'SessionStarted'>> = {}): Entry => ({
  type: 'SessionStarted',
  data: {
    paths: ['outgoing'],
    supporterId: 'ann',
    signedIn: true,
    deviceId: 'd1',
    module: 'full',
    platform: 'windows',
    method: 'link',
    attended: true,
    supporterAccessControl: 'allowed',
    remoteAccessControl: 'after-confirmation',
    startedAt: 1000,
    source: 'api',
    ...data,
  },
});
export const decided = (data: Partial<Of<'EligibilityDecided'>> = {}): Entry => ({
  type: 'EligibilityDecided',
  data: {
    trigger: 'session-started',
    outcome: 'eligible',
    basis: 'consent',
    bases: ['consent'],
    reason: null,
    reasons: [],
    inputs: [],
    decidedAt: 1000,
    ...data,
  },
});
export const asked: Entry = {
  type: 'ConsentRequested',
  data: { noticeVersion: 'n1', language: 'de', requestedAt: 1000, timesOutAt: 61_000 },
};
export const answered = (type: 'ConsentGranted' | 'ConsentRefused'): Entry => ({
  type,
  data: {
    by: 'remote',
    method: 'prompt',
    noticeVersion: 'n1',
    language: 'de',
    answeredAt: 2000,
  },
});
export const timedOut: Entry = { type: 'ConsentTimedOut', data: { timedOutAt: 61_000 } };
export const consentWithdrawn: Entry = {
  type: 'ConsentWithdrawn',
  data: { by: 'remote', method: 'prompt', withdrawnAt: 3000 },
};
export const destroyed = (items: number): Entry => ({
  type: 'CapturedContentDestroyed',
  data: { reason: 'consent-withdrawn', items, destroyedAt: 3000 },
});
export const captured: Entry = {
  type: 'ContentCaptured',
  data: {
    itemId: 'i1',
    kind: 'chat',
    speaker: 'supporter',
    at: 2000,
    text: { form: 'plain', value: TEXT },
  },
};
export const assisted = (ordinal: number): Entry => ({
  type: 'AssistantMessageAnswered',
  data: { messageId: 'm1', ordinal, at: 2000, text: { form: 'plain', value: TEXT } },
});
export const aiAllowed: Entry = {
  type: 'AiUseAllowed',
  data: { trigger: 'summary', chargeId: 's1:0', at: 4000 },
};
export const aiRefused = (missingCredits: number): Entry => ({
  type: 'AiUseRefused',
  data: { trigger: 'assistant', reason: 'insufficient-credits', missingCredits, at: 4000 },
});
export const ended: Entry = { type: 'SessionEnded', data: { endedAt: 5000 } };
export const refused: Entry = {
  type: 'CommandRefused',
  data: { command: 'EditSummary', refusal: 'StaleRevision', detail: { note: TEXT } },
};

const text = {
  title: TEXT,
  problem: TEXT,
  steps: [TEXT],
  result: TEXT,
  followUps: [],
  tags: [TEXT],
};
const body = { form: 'plain' as const, value: text };

export const generated = (sessionId = 's1'): Entry => ({
  type: 'SummaryGenerated',
  data: {
    sessionId,
    supporterId: 'ann',
    deviceId: 'd1',
    revision: 1,
    origin: 'ai',
    model: 'extractive',
    promptVersion: 'p1',
    language: 'en',
    generatedAt: 6000,
    body,
  },
});
export const summaryFailed: Entry = {
  type: 'SummaryFailed',
  data: { sessionId: 's1', attempt: 1, reason: TEXT, failedAt: 6000 },
};
export const edited: Entry = {
  type: 'SummaryEdited',
  data: {
    revision: 2,
    changedRevision: 1,
    origin: 'mixed',
    author: 'ann',
    editedAt: 7000,
    language: 'en',
    body,
  },
};
export const deleted: Entry = {
  type: 'SummaryDeleted',
  data: { by: 'ann', deletedAt: 8000, lastRevision: 2 },
};

const charge = (generation: number) => ({ chargeId: `s1:${generation}`, sessionId: 's1' });
export const held = (generation = 0, amount = 1): Entry => ({
  type: 'CreditsHeld',
  data: {
    ...charge(generation),
    generation,
    amount,
    allocations: [{ lotId: 'l1', amount }],
    heldAt: 4000,
    timesOutAt: 9000,
    tariff: 'per-session',
  },
});
export const paid = (generation = 0): Entry => ({
  type: 'HoldCaptured',
  data: { ...charge(generation), capturedAt: 6000 },
});
export const givenBack = (generation = 0): Entry => ({
  type: 'HoldReleased',
  data: {
    ...charge(generation),
    reason: 'timed-out',
    returned: [],
    lapsed: [],
    releasedAt: 6000,
  },
});
export const reversed = (generation = 0): Entry => ({
  type: 'ChargeReversed',
  data: {
    ...charge(generation),
    reason: 'nothing-delivered',
    returned: [],
    lapsed: [],
    reversedAt: 7000,
  },
});

const anySessionEntry = fc.constantFrom(
  started(),
  decided(),
  decided({ outcome: 'not-eligible', basis: null, bases: [], reason: 'reporting-off' }),
  asked,
  answered('ConsentGranted'),
  answered('ConsentRefused'),
  timedOut,
  consentWithdrawn,
  destroyed(2),
  captured,
  assisted(1),
  aiAllowed,
  aiRefused(1),
  ended,
  refused,
);
const anySummaryEntry = fc.constantFrom(
  generated(),
  generated('s2'),
  summaryFailed,
  edited,
  deleted,
  refused,
);
const anyCharge = fc.constantFrom(0, 1);

/** Well-formed events in any order, as a reader with gaps might see them. */
export const anyLog: fc.Arbitrary<readonly LogEntry[]> = fc.array(
  fc.oneof(
    fc.tuple(anySessionEntry, fc.constantFrom('s1', 's2')).map(([entry, id]) => session(entry, id)),
    fc
      .tuple(anySummaryEntry, fc.constantFrom('sum1', 'sum2'))
      .map(([entry, id]) => summary(entry, id)),
    fc
      .tuple(fc.constantFrom(held, paid, givenBack, reversed), anyCharge)
      .map(([make, generation]) => credits(make(generation))),
    fc.constant(credits(refused)),
  ),
  { maxLength: 40 },
);
