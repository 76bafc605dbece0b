// Written by write-contracts.mjs from the contracts of the publisher.
import * as t from 'io-ts';
import { Whole } from '../whole.js';

export const summaries = {
  'daybook.summaries.summary-deleted.v1': t.type({
    sessionId: t.string,
    by: t.string,
    lastRevision: Whole,
    deletedAt: t.string,
  }),
  'daybook.summaries.summary-edited.v1': t.type({
    sessionId: t.string,
    revision: Whole,
    changedRevision: Whole,
    origin: t.keyof({ human: null, mixed: null }),
    author: t.string,
    language: t.string,
    editedAt: t.string,
  }),
  'daybook.summaries.summary-failed.v1': t.type({
    sessionId: t.string,
    attempt: Whole,
    reason: t.string,
    failedAt: t.string,
  }),
  'daybook.summaries.summary-generated.v1': t.type({
    sessionId: t.string,
    supporterId: t.union([t.string, t.null]),
    deviceId: t.union([t.string, t.null]),
    revision: Whole,
    origin: t.keyof({ ai: null }),
    model: t.string,
    promptVersion: t.string,
    language: t.string,
    generatedAt: t.string,
  }),
};
