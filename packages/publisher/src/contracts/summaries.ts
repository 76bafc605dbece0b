import { Count, Nullable, Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { type Contract, contractsOf, type PublishedFrom } from './contract.js';
import { Timestamp, timestamp, Token, word } from './values.js';

const contract = contractsOf('summaries');

/** The API's route of a summary; whoever may read it gets its text there, and nobody once it is deleted. */
export const summaryRef = ({ company, id }: PublishedFrom): string =>
  `/v1/companies/${encodeURIComponent(company)}/summaries/${encodeURIComponent(id)}`;

export const summaryContracts: readonly Contract[] = [
  contract('SummaryGenerated', {
    event: 'summary-generated',
    summary: 'A summary was made by AI; its text is fetched with permission at `dataref`.',
    data: t.strict({
      sessionId: Token,
      supporterId: Nullable(Token),
      deviceId: Nullable(Token),
      revision: Count,
      origin: Word('ai'),
      model: Token,
      promptVersion: Token,
      language: Token,
      generatedAt: Timestamp,
    }),
    toPublished: (stored) => ({
      sessionId: stored.sessionId,
      supporterId: stored.supporterId,
      deviceId: stored.deviceId,
      revision: stored.revision,
      origin: stored.origin,
      model: word(stored.model),
      promptVersion: word(stored.promptVersion),
      language: word(stored.language),
      generatedAt: timestamp(stored.generatedAt),
    }),
    dataref: summaryRef,
  }),
  contract('SummaryEdited', {
    event: 'summary-edited',
    summary: 'A summary has a new revision; its text is fetched with permission at `dataref`.',
    data: t.strict({
      sessionId: Token,
      revision: Count,
      changedRevision: Count,
      origin: Word('human', 'mixed'),
      author: Token,
      language: Token,
      editedAt: Timestamp,
    }),
    toPublished: (stored, { id }) => ({
      sessionId: id,
      revision: stored.revision,
      changedRevision: stored.changedRevision,
      origin: stored.origin,
      author: word(stored.author),
      language: word(stored.language),
      editedAt: timestamp(stored.editedAt),
    }),
    dataref: summaryRef,
  }),
  contract('SummaryDeleted', {
    event: 'summary-deleted',
    summary: 'A summary was deleted: whoever copied its text must retract it.',
    data: t.strict({
      sessionId: Token,
      by: Token,
      lastRevision: Count,
      deletedAt: Timestamp,
    }),
    toPublished: ({ by, lastRevision, deletedAt }, { id }) => ({
      sessionId: id,
      by: word(by),
      lastRevision,
      deletedAt: timestamp(deletedAt),
    }),
    dataref: summaryRef,
  }),
  contract('SummaryFailed', {
    event: 'summary-failed',
    summary: 'An attempt to make the summary failed.',
    data: t.strict({ sessionId: Token, attempt: Count, reason: Token, failedAt: Timestamp }),
    toPublished: ({ sessionId, attempt, reason, failedAt }) => ({
      sessionId,
      attempt,
      reason: word(reason),
      failedAt: timestamp(failedAt),
    }),
  }),
];
