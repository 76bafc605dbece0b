import type { Database } from 'better-sqlite3';
import { fromCursor, toPage, type Cursor, type CursorUnreadable, type PageOf } from './cursor.js';
import {
  FILTER_CONDITIONS,
  filterParameters,
  type Parameters,
  type SummaryFilter,
} from './filter.js';
import {
  SELECT_SUMMARY,
  toCatalogSummary,
  type CatalogSummary,
  type SummaryWithBody,
} from './summary.js';

export type ListRequest = Readonly<{ filter?: SummaryFilter; limit: number; cursor?: Cursor }>;
export type ListQuery = (
  company: string,
  request: ListRequest,
) => PageOf<CatalogSummary> | CursorUnreadable;

/** Newest first. Rows that arrive while somebody pages stand before the cursor and shift nothing. */
export const prepareList = (db: Database): ListQuery => {
  const statement = db.prepare<[Parameters], SummaryWithBody>(
    `${SELECT_SUMMARY} WHERE ${FILTER_CONDITIONS}
      AND (summaries.created_at, summaries.doc) < (:beforeCreated, :beforeDoc)
    ORDER BY summaries.created_at DESC, summaries.doc DESC LIMIT :rows`,
  );
  const first = [Number.MAX_SAFE_INTEGER, 0] as const;
  return (company, { filter = {}, limit, cursor }) => {
    const place = cursor === undefined ? first : fromCursor(cursor);
    if (place === undefined) return { _tag: 'CursorUnreadable' };
    const [beforeCreated, beforeDoc] = place;
    const parameters = filterParameters(company, filter);
    const rows = statement.all({ ...parameters, beforeCreated, beforeDoc, rows: limit + 1 });
    return toPage(rows, limit, {
      item: toCatalogSummary,
      place: (row) => [row.created_at, row.doc],
    });
  };
};
