import type { HandlingFailure } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import type { SummaryEvent } from '@daybook/domain/summaries';
import * as E from 'fp-ts/lib/Either.js';
import { sessionSummaries } from '../aggregates.js';
import { decodedEvents, type StreamReader } from '../fold-stream.js';
import { metadataOf } from './moment.js';

/** Where one revision of a summary comes from (rulebook §4); never its text. */
export type SummaryProvenance = Readonly<{
  revision: number;
  /** The revision that was changed; null for one that was generated. */
  changedRevision: number | null;
  origin: 'ai' | 'human' | 'mixed';
  /** Who wrote it; null where only a model did. */
  author: string | null;
  model: string | null;
  promptVersion: string | null;
  language: string;
  at: number;
  position: number;
  eventId: string;
  ruleVersion: string;
  /** It changed the revision before it, as a change that is not stale does, or is a first one. */
  agrees: boolean;
}>;

export type ExplainedSummary = Readonly<{
  stream: string;
  revisions: readonly SummaryProvenance[];
  failures: readonly Readonly<{ attempt: number; reason: string; at: number; position: number }>[];
  deleted: Readonly<{ by: string; at: number; position: number; lastRevision: number }> | null;
}>;

type Explaining = {
  readonly revisions: SummaryProvenance[];
  readonly failures: ExplainedSummary['failures'][number][];
  deleted: ExplainedSummary['deleted'];
};

const originOf = (event: SummaryEvent) => {
  if (event.type === 'SummaryGenerated') {
    const { model, promptVersion, generatedAt: at } = event.data;
    return { author: null, model, promptVersion, at, changedRevision: null };
  }
  if (event.type === 'SummaryEdited') {
    const { author, editedAt: at, changedRevision } = event.data;
    return { author, model: null, promptVersion: null, at, changedRevision };
  }
  return null;
};

type Found = Readonly<{ stored: Parameters<typeof metadataOf>[0]; event: SummaryEvent }>;

const lookAt = (explaining: Explaining, { stored, event }: Found): void => {
  const { position, id: eventId } = stored;
  if (event.type === 'SummaryFailed') {
    const { attempt, reason, failedAt: at } = event.data;
    explaining.failures.push({ attempt, reason, at, position });
  } else if (event.type === 'SummaryDeleted') {
    const { by, deletedAt: at, lastRevision } = event.data;
    explaining.deleted = { by, at, position, lastRevision };
  } else {
    const { revision, origin, language } = event.data;
    const from = originOf(event);
    if (from === null) return;
    const before = explaining.revisions.at(-1)?.revision ?? 0;
    const follows = from.changedRevision === null || from.changedRevision === before;
    const agrees = revision === before + 1 && follows;
    const { ruleVersion } = metadataOf(stored);
    explaining.revisions.push({
      revision,
      origin,
      language,
      position,
      eventId,
      ruleVersion,
      agrees,
      ...from,
    });
  }
};

/** The revisions of a session's summary with their provenance, its failed attempts and its deletion. */
export const explainSummary =
  (reader: StreamReader) =>
  async (
    company: string,
    sessionId: string,
  ): Promise<E.Either<HandlingFailure, ExplainedSummary>> => {
    const stream = streamOf('summary', company, sessionId);
    const explaining: Explaining = { revisions: [], failures: [], deleted: null };
    for await (const page of decodedEvents(reader, sessionSummaries, stream)) {
      if (E.isLeft(page)) return page;
      for (const found of page.right) lookAt(explaining, found);
    }
    return E.right({ stream, ...explaining });
  };
