import { aiMark, type AiMark, type SummaryBody } from '@daybook/domain/summaries';
import type { Database } from 'better-sqlite3';

/** Provenance of one revision. `body` is null once the summary is deleted. */
export type SummaryRevision = Readonly<{
  revision: number;
  /** The revision that an edit changed; null for a generated one. */
  changedRevision: number | null;
  origin: 'ai' | 'human' | 'mixed';
  author: string | null;
  /** Model and prompt of the AI text in it; null where a person wrote all of it. */
  model: string | null;
  promptVersion: string | null;
  language: string;
  at: number;
  eventId: string;
  position: number;
  mark: AiMark;
  body: SummaryBody | null;
}>;

export type RevisionsQuery = (company: string, summaryId: string) => readonly SummaryRevision[];

type Row = Omit<SummaryRevision, 'body' | 'mark'> & { body: string | null };

/** Every revision of a summary, first to last. */
export const prepareRevisions = (db: Database): RevisionsQuery => {
  const statement = db.prepare<[string, string], Row>(
    `SELECT revision, changed_revision AS changedRevision, origin, author, model,
      prompt_version AS promptVersion, language, at, event_id AS eventId, position, texts.body
    FROM revisions LEFT JOIN texts USING (company, summary_id, revision)
    WHERE revisions.company = ? AND revisions.summary_id = ? ORDER BY revision`,
  );
  return (company, summaryId) =>
    statement.all(company, summaryId).map((row) => ({
      ...row,
      mark: aiMark(row),
      body: row.body === null ? null : (JSON.parse(row.body) as SummaryBody),
    }));
};
