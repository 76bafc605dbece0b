import type { Database } from 'better-sqlite3';
import { fromCursor, toPage, type Cursor, type CursorUnreadable, type PageOf } from './cursor.js';
import {
  FILTER_CONDITIONS,
  filterParameters,
  type Parameters,
  type SummaryFilter,
} from './filter.js';
import { searchExpression } from './search-words.js';
import { toCatalogSummary, type CatalogSummary, type SummaryWithBody } from './summary.js';

/** A place in the text; the words that were found stand between `[` and `]`. */
export type Found = Readonly<{ summary: CatalogSummary; snippet: string }>;

export type SearchRequest = Readonly<{
  /** As the user typed it; any text is allowed. */
  words: string;
  filter?: SummaryFilter;
  limit: number;
  cursor?: Cursor;
}>;
export type SearchQuery = (
  company: string,
  request: SearchRequest,
) => PageOf<Found> | CursorUnreadable;

type Row = SummaryWithBody & Readonly<{ score: number; snippet: string }>;

/** Best match first; a word in the title counts most, then tags, then the problem. */
const WEIGHTS = '10.0, 4.0, 2.0, 2.0, 1.0, 6.0';
const SNIPPET_WORDS = 16;

export const prepareSearch = (db: Database): SearchQuery => {
  const statement = db.prepare<[Parameters], Row>(
    `SELECT summaries.*, texts.body, hits.score, hits.snippet
    FROM (SELECT rowid AS doc, bm25(search, ${WEIGHTS}) AS score,
        snippet(search, -1, '[', ']', '…', ${SNIPPET_WORDS}) AS snippet
      FROM search WHERE search MATCH :expression) AS hits
    JOIN summaries ON summaries.doc = hits.doc
    JOIN texts ON texts.company = summaries.company
      AND texts.summary_id = summaries.summary_id AND texts.revision = summaries.revision
    WHERE ${FILTER_CONDITIONS} AND (hits.score, -hits.doc) > (:afterScore, :afterDoc)
    ORDER BY hits.score, hits.doc DESC LIMIT :rows`,
  );
  const first = [-Number.MAX_VALUE, 0] as const;
  return (company, { words, filter = {}, limit, cursor }) => {
    const place = cursor === undefined ? first : fromCursor(cursor);
    if (place === undefined) return { _tag: 'CursorUnreadable' };
    const expression = searchExpression(words);
    if (expression === undefined) return { items: [], next: null };
    const [afterScore, afterDoc] = place;
    const parameters = filterParameters(company, filter);
    const rows = statement.all({
      ...parameters,
      expression,
      afterScore,
      afterDoc,
      rows: limit + 1,
    });
    return toPage(rows, limit, {
      item: (row) => ({ summary: toCatalogSummary(row), snippet: row.snippet }),
      place: (row) => [row.score, -row.doc],
    });
  };
};
