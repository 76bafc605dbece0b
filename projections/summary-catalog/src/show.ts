import type { Database } from 'better-sqlite3';
import {
  SELECT_SUMMARY,
  toCatalogSummary,
  type CatalogSummary,
  type SummaryWithBody,
} from './summary.js';

export type ShowQuery = (company: string, summaryId: string) => CatalogSummary | undefined;

/** One summary with its latest text; a deleted one as its tombstone. */
export const prepareShow = (db: Database): ShowQuery => {
  const statement = db.prepare<[string, string], SummaryWithBody>(
    `${SELECT_SUMMARY} WHERE summaries.company = ? AND summaries.summary_id = ?`,
  );
  return (company, summaryId) => {
    const row = statement.get(company, summaryId);
    return row === undefined ? undefined : toCatalogSummary(row);
  };
};
