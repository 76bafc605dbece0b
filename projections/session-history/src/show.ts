import type { Database } from 'better-sqlite3';
import type { SessionRow } from './rows.js';
import { toSessionView, type SessionView } from './session.js';

export type ShowQuery = (company: string, sessionId: string) => SessionView | undefined;

export const prepareShow = (db: Database): ShowQuery => {
  const statement = db.prepare<[string, string], SessionRow>(
    'SELECT * FROM sessions WHERE company = ? AND session_id = ?',
  );
  return (company, sessionId) => {
    const row = statement.get(company, sessionId);
    return row === undefined ? undefined : toSessionView(row);
  };
};
