import * as t from 'io-ts';
import { Count, Instant, Nullable, protectedValue, Word, type EventOf } from '../kernel/index.js';

// Stored shapes: a released one never changes; a new shape is a new type beside it, with an upcast.

/** The text of a summary, after redaction: problem → steps (dead ends kept) → result → follow-ups. */
export const SummaryBody = t.strict({
  title: t.string,
  problem: t.string,
  steps: t.array(t.string),
  result: t.string,
  followUps: t.array(t.string),
  tags: t.array(t.string),
});
export type SummaryBody = t.TypeOf<typeof SummaryBody>;

export const summaryEvents = {
  SummaryGenerated: t.strict({
    sessionId: t.string,
    supporterId: Nullable(t.string),
    deviceId: Nullable(t.string),
    revision: Count,
    origin: Word('ai'),
    model: t.string,
    promptVersion: t.string,
    language: t.string,
    generatedAt: Instant,
    body: protectedValue(SummaryBody),
  }),
  SummaryFailed: t.strict({
    sessionId: t.string,
    attempt: Count,
    reason: t.string,
    failedAt: Instant,
  }),
  SummaryEdited: t.strict({
    revision: Count,
    changedRevision: Count,
    origin: Word('human', 'mixed'),
    author: t.string,
    editedAt: Instant,
    language: t.string,
    body: protectedValue(SummaryBody),
  }),
  SummaryDeleted: t.strict({ by: t.string, deletedAt: Instant, lastRevision: Count }),
};
export type SummaryEvent = EventOf<typeof summaryEvents>;
