/**
 * The catalog of summaries: filters, ranked full-text search, provenance of every revision (rulebook §4). A
 * deletion takes the text out of every table and of the index, so that its bytes are in no file of this read model.
 */
import type { ProjectionDefinition } from '@daybook/projection';
import { openCatalog, type CatalogEvent } from './handle-events.js';
import { prepareList, type ListQuery } from './list.js';
import { prepareRevisions, type RevisionsQuery } from './revisions.js';
import { schema } from './schema.js';
import { prepareSearch, type SearchQuery } from './search.js';
import { prepareShow, type ShowQuery } from './show.js';

export { fromCursor, type Cursor, type CursorUnreadable, type PageOf } from './cursor.js';
export type { SummaryFilter } from './filter.js';
export type { CatalogEvent } from './handle-events.js';
export type { ListRequest } from './list.js';
export type { SummaryRevision } from './revisions.js';
export type { Found, SearchRequest } from './search.js';
export { searchExpression } from './search-words.js';
export type { CatalogSummary } from './summary.js';

export type SummaryCatalogQueries = Readonly<{
  list: ListQuery;
  show: ShowQuery;
  revisions: RevisionsQuery;
  search: SearchQuery;
}>;

export const summaryCatalog: ProjectionDefinition<CatalogEvent, SummaryCatalogQueries> = {
  name: 'summary-catalog',
  version: 2,
  handles: ['SummaryGenerated', 'SummaryEdited', 'SummaryDeleted'],
  schema,
  open: openCatalog,
  queries: (db) => ({
    list: prepareList(db),
    show: prepareShow(db),
    revisions: prepareRevisions(db),
    search: prepareSearch(db),
  }),
};
