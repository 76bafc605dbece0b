/**
 * Every session and its timeline: what was decided and why, consent, AI use, charge, summary. Gathered from session,
 * summary and credits streams; no text of a session is kept here, so a deletion has nothing to remove.
 */
import type { ProjectionDefinition } from '@daybook/projection';
import { handledTypes, type HistoryEventType } from './events.js';
import { openSessionHistory } from './handle-events.js';
import { prepareList, type SessionListQuery } from './list.js';
import { schema } from './schema.js';
import { prepareShow, type ShowQuery } from './show.js';
import { prepareTimeline, type TimelineQuery } from './timeline.js';

export type { HistoryEventType } from './events.js';
export type { SessionFilter, SessionListRequest } from './list.js';
export type { ChargeStatus, Consent, Outcome, PathReason, SummaryStatus } from './rows.js';
export type { SessionView } from './session.js';
export type { TimelineEntry, TimelineRequest } from './timeline.js';

export type SessionHistoryQueries = Readonly<{
  list: SessionListQuery;
  show: ShowQuery;
  timeline: TimelineQuery;
}>;

export const sessionHistory: ProjectionDefinition<HistoryEventType, SessionHistoryQueries> = {
  name: 'session-history',
  version: 1,
  handles: handledTypes,
  schema,
  open: openSessionHistory,
  queries: (db) => ({
    list: prepareList(db),
    show: prepareShow(db),
    timeline: prepareTimeline(db),
  }),
};
