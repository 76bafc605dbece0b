import { pageRows, type Fold, type PageRows } from '@daybook/projection';
import type { Database } from 'better-sqlite3';
import type { HistoryEvent, HistoryEventType } from './events.js';
import { newSession, sessionRows } from './rows.js';
import { sessionChange } from './session-changes.js';
import { inWords } from './words.js';

type SummarySession = { company: string; summary_id: string; session_id: string };

const summarySessions = (db: Database): PageRows<SummarySession> => {
  const load = db.prepare<[string, string], SummarySession>(
    'SELECT * FROM summary_sessions WHERE company = ? AND summary_id = ?',
  );
  const save = db.prepare<[SummarySession]>(
    'INSERT OR REPLACE INTO summary_sessions VALUES (:company, :summary_id, :session_id)',
  );
  return pageRows({
    load: ([company, summaryId = '']) => load.get(company, summaryId),
    save: (row) => save.run(row),
  });
};

const categoryOf = (event: HistoryEvent): string =>
  event.stream.slice(0, event.stream.indexOf('-'));

const namedSession = (event: HistoryEvent): string | undefined => {
  if ('sessionId' in event.data && typeof event.data.sessionId === 'string')
    return event.data.sessionId;
  return categoryOf(event) === 'session' ? event.subject : undefined;
};

/** Finds the session that an event belongs to. Edits and deletions do not name it: their summary did, once. */
const sessionFinder = (summaries: PageRows<SummarySession>) => {
  return (event: HistoryEvent): string | undefined => {
    const { company, subject } = event;
    const named = namedSession(event);
    if (categoryOf(event) !== 'summary') return named;
    if (named === undefined) return summaries.find([company, subject])?.session_id;
    const row = { company, summary_id: subject, session_id: named };
    Object.assign(
      summaries.touch([company, subject], () => row),
      row,
    );
    return named;
  };
};

export const openSessionHistory = (db: Database): Fold<HistoryEventType> => {
  const sessions = sessionRows(db);
  const summaries = summarySessions(db);
  const sessionOf = sessionFinder(summaries);
  const addToTimeline = db.prepare(
    'INSERT INTO timeline VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );

  const handle = (event: HistoryEvent): void => {
    const sessionId = sessionOf(event);
    if (sessionId === undefined) return;
    const { company, position, metadata } = event;
    const session = sessions.touch([company, sessionId], () => newSession(sessionId, event));
    Object.assign(session, sessionChange(event, session), { position });
    if (categoryOf(event) === 'summary') session.summary_id = event.subject;
    addToTimeline.run(
      company,
      sessionId,
      session.events,
      position,
      event.stream,
      event.revision,
      event.id,
      event.type,
      inWords(event),
      metadata.occurredAt,
      event.recordedAt,
      metadata.actor.kind,
      metadata.actor.id,
    );
    session.events += 1;
  };

  return {
    apply: (events) => {
      for (const event of events) handle(event);
      sessions.flush();
      summaries.flush();
      return 'applied';
    },
  };
};
