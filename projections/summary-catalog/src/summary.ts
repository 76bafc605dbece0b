import { aiMark, type AiMark, type SummaryBody } from '@daybook/domain/summaries';
import type { SummaryRow } from './rows.js';

/** A summary as lists and answers show it. `body` is null once it is deleted: then only who and when remain. */
export type CatalogSummary = Readonly<{
  summaryId: string;
  sessionId: string;
  supporterId: string | null;
  deviceId: string | null;
  status: 'active' | 'deleted';
  revision: number;
  origin: 'ai' | 'human' | 'mixed';
  /** Model and prompt of the latest revision that a model wrote. */
  model: string | null;
  promptVersion: string | null;
  language: string;
  createdAt: number;
  editedAt: number | null;
  deletedAt: number | null;
  deletedBy: string | null;
  /** Goes with the text wherever it goes (rulebook §4). */
  mark: AiMark;
  body: SummaryBody | null;
}>;

export type SummaryWithBody = SummaryRow & { body: string | null };

/** The row of a summary with the text of its latest revision. */
export const SELECT_SUMMARY = `SELECT summaries.*, texts.body FROM summaries
  LEFT JOIN texts ON texts.company = summaries.company
    AND texts.summary_id = summaries.summary_id AND texts.revision = summaries.revision`;

export const toCatalogSummary = (row: SummaryWithBody): CatalogSummary => ({
  summaryId: row.summary_id,
  sessionId: row.session_id,
  supporterId: row.supporter_id,
  deviceId: row.device_id,
  status: row.status,
  revision: row.revision,
  origin: row.origin,
  model: row.model,
  promptVersion: row.prompt_version,
  language: row.language,
  createdAt: row.created_at,
  editedAt: row.edited_at,
  deletedAt: row.deleted_at,
  deletedBy: row.deleted_by,
  mark: aiMark({ origin: row.origin, model: row.model, promptVersion: row.prompt_version }),
  body: row.body === null ? null : (JSON.parse(row.body) as SummaryBody),
});
