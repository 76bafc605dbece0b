import type Database from 'better-sqlite3';
import { type Endpoint, endpointFrom, type EndpointRow } from './rows.js';

/** Reading endpoints: what both sides, the one that manages and the one that sends, ask for. */
export type EndpointTable = Readonly<{
  find: (id: string) => Endpoint | undefined;
  list: (company: string | undefined) => readonly Endpoint[];
  /** Keys that sign now, newest first. */
  secrets: (id: string, now: number) => readonly string[];
  parkedCounts: () => ReadonlyMap<string, number>;
}>;

export const endpointTable = (db: Database.Database): EndpointTable => {
  const byId = db.prepare<[string], EndpointRow>('SELECT * FROM endpoint WHERE id = ?');
  const all = db.prepare<[], EndpointRow>(
    'SELECT * FROM endpoint ORDER BY company, created_at, id',
  );
  const ofCompany = db.prepare<[string], EndpointRow>(
    'SELECT * FROM endpoint WHERE company = ? ORDER BY created_at, id',
  );
  const secrets = db
    .prepare<[string, number], string>(
      `SELECT text FROM secret WHERE endpoint = ? AND (expires_at IS NULL OR expires_at > ?)
       ORDER BY number DESC`,
    )
    .pluck();
  const parked = db.prepare<[], { endpoint: string; count: number }>(
    'SELECT endpoint, count(*) AS count FROM parked GROUP BY endpoint',
  );
  return {
    find: (id) => {
      const row = byId.get(id);
      return row === undefined ? undefined : endpointFrom(row);
    },
    list: (company) =>
      (company === undefined ? all.all() : ofCompany.all(company)).map(endpointFrom),
    secrets: (id, now) => secrets.all(id, now),
    parkedCounts: () => new Map(parked.all().map(({ endpoint, count }) => [endpoint, count])),
  };
};
