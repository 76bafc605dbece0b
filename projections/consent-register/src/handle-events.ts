import type { Fold } from '@daybook/projection';
import type { Database } from 'better-sqlite3';
import type { RegisterEvent, RegisterEventType } from './events.js';
import { recordChange } from './record-changes.js';
import { newRecord, recordRows, type EntryKind, type RecordRow } from './rows.js';

type Said = Readonly<{
  by: string | null;
  method: string | null;
  noticeVersion: string | null;
  language: string | null;
  items: number | null;
}>;

const nothingSaid: Said = {
  by: null,
  method: null,
  noticeVersion: null,
  language: null,
  items: null,
};

const saidIn = (event: RegisterEvent): Said => {
  switch (event.type) {
    case 'ConsentRequested': {
      const { noticeVersion, language } = event.data;
      return { ...nothingSaid, noticeVersion, language };
    }
    case 'ConsentGranted':
    case 'ConsentRefused': {
      const { by, method, noticeVersion, language } = event.data;
      return { by, method, noticeVersion, language, items: null };
    }
    case 'ConsentWithdrawn': {
      const { by, method } = event.data;
      return { ...nothingSaid, by, method };
    }
    case 'CapturedContentDestroyed':
      return { ...nothingSaid, items: event.data.items };
    default:
      return nothingSaid;
  }
};

/** A record has the id and the instant of the first event that says something of permission or basis. */
const opening = (event: RegisterEvent, row: RecordRow): Partial<RecordRow> =>
  row.record_id === null && row.state !== null
    ? { record_id: event.id, opened_at: event.metadata.occurredAt }
    : {};

export const openConsentRegister = (db: Database): Fold<RegisterEventType> => {
  const records = recordRows(db);
  const addEntry = db.prepare(
    'INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );

  const add = (event: RegisterEvent, row: RecordRow, kind: EntryKind): void => {
    const { by, method, noticeVersion, language, items } = saidIn(event);
    addEntry.run(
      row.company,
      row.session_id,
      row.entries,
      kind,
      event.position,
      event.revision,
      event.id,
      event.metadata.occurredAt,
      event.recordedAt,
      by,
      method,
      noticeVersion,
      language,
      items,
    );
    row.entries += 1;
  };

  const handle = (event: RegisterEvent): void => {
    const row = records.touch([event.company, event.subject], () => newRecord(event));
    const { columns, entries } = recordChange(event, row);
    Object.assign(row, columns, { position: event.position });
    Object.assign(row, opening(event, row));
    for (const kind of entries) add(event, row, kind);
  };

  return {
    apply: (events) => {
      for (const event of events) handle(event);
      records.flush();
      return 'applied';
    },
  };
};
