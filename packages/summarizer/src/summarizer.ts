import type { SummaryBody } from '@daybook/domain/summaries';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Something of a session, redacted before it comes here (rulebook §4). `at` in epoch milliseconds. */
export type SummaryItem = Readonly<{
  kind: 'chat' | 'action' | 'assistant';
  /** `supporter`, `remote-side` or `system`; an unknown word counts as the remote side. */
  speaker: string;
  at: number;
  text: string;
}>;

export type SummaryInput = Readonly<{
  sessionId: string;
  /** BCP 47 primary language the session is believed to be in; used where the text does not tell. */
  languageHint?: string;
  items: readonly SummaryItem[];
}>;

/** Worth another attempt later, not before `retryAfterMs` where the service said so. */
export type SummarizerUnavailable = Readonly<{
  _tag: 'SummarizerUnavailable';
  reason: 'rate-limited' | 'timed-out' | 'server-error' | 'unreachable';
  retryAfterMs: number | null;
}>;

/** Another attempt would fail the same way. No field holds text of the session or of the answer. */
export type SummaryNotPossible = Readonly<{
  _tag: 'SummaryNotPossible';
  reason: 'invalid-output' | 'truncated-output' | 'refused' | 'unauthorized' | 'rejected-request';
  /** Status code or names of fields. */
  detail: string;
}>;

export type SummarizerFailure = SummarizerUnavailable | SummaryNotPossible;

export type Summary = Readonly<{ body: SummaryBody; language: string }>;

/** Model and prompt version become part of the provenance of every summary (rulebook §4). */
export type Summarizer = Readonly<{
  model: string;
  promptVersion: string;
  summarize: (input: SummaryInput) => TaskEither<SummarizerFailure, Summary>;
}>;
