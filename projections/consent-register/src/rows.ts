import type { Basis } from '@daybook/domain/session-insights';
import { pageRows, type PageRows } from '@daybook/projection';
import type { Database } from 'better-sqlite3';
import type { DataOf, RegisterEvent } from './events.js';

/**
 * What is known of the remote side's permission. `not-asked` is a session that rests on a policy, which is another
 * legal basis and no consent; `standing-permission` was given by a setting and not in this session; `denied` is a
 * setting too, and nobody was asked.
 */
export const consentStates = [
  'requested',
  'granted',
  'refused',
  'timed-out',
  'withdrawn',
  'nobody-to-ask',
  'standing-permission',
  'denied',
  'not-asked',
] as const;
export type ConsentState = (typeof consentStates)[number];

/** What can happen to a record. `policy-basis` is recorded beside consent and is none. */
export type EntryKind =
  | Exclude<ConsentState, 'not-asked'>
  | 'policy-basis'
  | 'basis-ended'
  | 'content-destroyed'
  | 'session-ended';

type Access = DataOf<'SessionStarted'>['remoteAccessControl'];

export type RecordRow = {
  company: string;
  session_id: string;
  supporter_id: string | null;
  device_id: string | null;
  supporter_access: Access | null;
  remote_access: Access | null;
  started_at: number;
  ended_at: number | null;
  /** Null: nothing about permission or a basis was ever recorded, so there is no record. */
  state: ConsentState | null;
  bases: string;
  asked: 0 | 1;
  /** The notice that was asked with, and from the answer on the one that was in fact shown. */
  notice_version: string | null;
  language: string | null;
  indicated_by: string | null;
  method: string | null;
  opened_at: number | null;
  answered_at: number | null;
  withdrawn_at: number | null;
  destroyed_items: number;
  record_id: string | null;
  entries: number;
  position: number;
};

export const basesOf = (row: RecordRow): readonly Basis[] =>
  JSON.parse(row.bases) as readonly Basis[];

/** A session that is seen for the first time; its start is not later than this event. */
export const newRecord = (event: RegisterEvent): RecordRow => ({
  company: event.company,
  session_id: event.subject,
  supporter_id: null,
  device_id: null,
  supporter_access: null,
  remote_access: null,
  started_at: event.metadata.occurredAt,
  ended_at: null,
  state: null,
  bases: '[]',
  asked: 0,
  notice_version: null,
  language: null,
  indicated_by: null,
  method: null,
  opened_at: null,
  answered_at: null,
  withdrawn_at: null,
  destroyed_items: 0,
  record_id: null,
  entries: 0,
  position: 0,
});

export const recordRows = (db: Database): PageRows<RecordRow> => {
  const load = db.prepare<[string, string], RecordRow>(
    'SELECT * FROM records WHERE company = ? AND session_id = ?',
  );
  const save = db.prepare<[RecordRow]>(`INSERT OR REPLACE INTO records VALUES (
    :company, :session_id, :supporter_id, :device_id, :supporter_access, :remote_access, :started_at,
    :ended_at, :state, :bases, :asked, :notice_version, :language, :indicated_by, :method, :opened_at,
    :answered_at, :withdrawn_at, :destroyed_items, :record_id, :entries, :position)`);
  return pageRows({
    load: ([company, sessionId = '']) => load.get(company, sessionId),
    save: (row) => save.run(row),
  });
};
