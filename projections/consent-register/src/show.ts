import type { Database } from 'better-sqlite3';
import { toConsentRecord, type ConsentRecord } from './record.js';
import type { EntryKind, RecordRow } from './rows.js';

/** One thing that happened to a record, and the event that says so. */
export type ConsentEntry = Readonly<{
  ordinal: number;
  kind: EntryKind;
  position: number;
  revision: number;
  eventId: string;
  occurredAt: number;
  recordedAt: number;
  indicatedBy: string | null;
  method: string | null;
  noticeVersion: string | null;
  language: string | null;
  /** Texts destroyed; null for everything else. */
  items: number | null;
}>;

export type ShowQuery = (
  company: string,
  sessionId: string,
) => Readonly<{ record: ConsentRecord; history: readonly ConsentEntry[] }> | undefined;

/** The record of a session with its history in the order of the log; undefined where there is none. */
export const prepareShow = (db: Database): ShowQuery => {
  const ofSession = db.prepare<[string, string], RecordRow>(
    'SELECT * FROM records WHERE company = ? AND session_id = ? AND state IS NOT NULL',
  );
  const entriesOf = db.prepare<[string, string], ConsentEntry>(
    `SELECT ordinal, kind, position, revision, event_id AS eventId, occurred_at AS occurredAt,
      recorded_at AS recordedAt, indicated_by AS indicatedBy, method, notice_version AS noticeVersion,
      language, items
    FROM entries WHERE company = ? AND session_id = ? ORDER BY ordinal`,
  );
  return (company, sessionId) => {
    const row = ofSession.get(company, sessionId);
    if (row === undefined) return undefined;
    return { record: toConsentRecord(row), history: entriesOf.all(company, sessionId) };
  };
};
