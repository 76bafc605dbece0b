import type { Instant } from '../kernel/index.js';
import type { SummaryBody, SummaryEvent } from './events.js';

type Generated = Extract<SummaryEvent, { type: 'SummaryGenerated' }>['data'];
type Edited = Extract<SummaryEvent, { type: 'SummaryEdited' }>['data'];
type Origin = Generated['origin'] | Edited['origin'];

export type SummaryState =
  | Readonly<{ status: 'none'; failures: number }>
  | Readonly<{
      status: 'visible';
      revision: number;
      origin: Origin;
      /** Who wrote this revision; null when a model did. */
      author: string | null;
      language: string;
      body: SummaryBody;
      failures: number;
    }>
  | Readonly<{ status: 'deleted'; revision: number }>;

export type GenerateSummary = Readonly<{
  type: 'GenerateSummary';
  /** Revision that it replaces; 0 for the first. */
  changedRevision: number;
  summary: Omit<Generated, 'revision' | 'origin' | 'body'>;
  body: SummaryBody;
}>;
export type RecordSummaryFailure = Readonly<{
  type: 'RecordSummaryFailure';
  sessionId: string;
  reason: string;
  failedAt: Instant;
  attempt: number;
}>;
export type EditSummary = Readonly<{
  type: 'EditSummary';
  changedRevision: number;
  author: string;
  editedAt: Instant;
  /** Fields to replace; the others stay as they are. */
  changes: Partial<SummaryBody>;
}>;
export type DeleteSummary = Readonly<{ type: 'DeleteSummary'; by: string; deletedAt: Instant }>;

export type SummaryCommand = GenerateSummary | RecordSummaryFailure | EditSummary | DeleteSummary;

export type SummaryRefusal =
  | Readonly<{ _tag: 'SummaryNotFound' }>
  | Readonly<{ _tag: 'SummaryIsDeleted' }>
  /** Somebody changed it in between; nothing is lost: read the current revision and edit that. */
  | Readonly<{ _tag: 'StaleRevision'; changedRevision: number; currentRevision: number }>;
