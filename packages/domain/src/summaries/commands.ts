import type { Actor, Instant } from '../kernel/index.js';
import type { SummaryNotTheirs } from './authority.js';
import type { SummaryBody, SummaryEvent } from './events.js';

type Generated = Extract<SummaryEvent, { type: 'SummaryGenerated' }>['data'];
type Edited = Extract<SummaryEvent, { type: 'SummaryEdited' }>['data'];
type Origin = Generated['origin'] | Edited['origin'];

export type SummaryState =
  | Readonly<{ status: 'none'; failures: number }>
  | Readonly<{
      status: 'visible';
      revision: number;
      /** Whose session it was; null when nobody of the company's. */
      supporterId: string | null;
      origin: Origin;
      /** Who wrote this revision; null when a model did. */
      author: string | null;
      language: string;
      body: SummaryBody;
      failures: number;
    }>
  | Readonly<{ status: 'deleted'; revision: number; supporterId: string | null }>;

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
  actor: Actor;
  editedAt: Instant;
  /** Fields to replace; the others stay as they are. */
  changes: Partial<SummaryBody>;
}>;
export type DeleteSummary = Readonly<{ type: 'DeleteSummary'; actor: Actor; deletedAt: Instant }>;

export type SummaryCommand = GenerateSummary | RecordSummaryFailure | EditSummary | DeleteSummary;

export type SummaryRefusal =
  | Readonly<{ _tag: 'SummaryNotFound' }>
  | Readonly<{ _tag: 'SummaryIsDeleted' }>
  | SummaryNotTheirs
  /** Somebody changed it in between; nothing is lost: read the current revision and edit that. */
  | Readonly<{ _tag: 'StaleRevision'; changedRevision: number; currentRevision: number }>;
