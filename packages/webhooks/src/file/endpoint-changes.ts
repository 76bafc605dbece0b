import type Database from 'better-sqlite3';
import type { DisabledReason } from './rows.js';

type Inserted = Readonly<{
  id: string;
  company: string;
  url: string;
  types: readonly string[];
  now: number;
  after: number;
}>;

/** What management changes of an endpoint. A change that a sender must notice makes its epoch grow. */
export type EndpointChanges = Readonly<{
  insert: (endpoint: Inserted) => void;
  setDisabled: (id: string, reason: DisabledReason | null) => void;
  /** The message that waits begins anew with the place. */
  moveTo: (id: string, position: number) => void;
  /** Has the waiting message tried now; 1 when one waited. */
  dueNow: (id: string) => number;
  remove: (id: string) => void;
}>;

export const endpointChanges = (db: Database.Database): EndpointChanges => {
  const insert = db.prepare<[string, string, string, string, number, number]>(
    'INSERT INTO endpoint (id, company, url, types, created_at, position) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const setDisabled = db.prepare<[DisabledReason | null, string]>(
    `UPDATE endpoint SET disabled = ?, epoch = epoch + 1, parked_in_a_row = 0, attempts = 0,
       due_at = CASE WHEN due_at IS NULL THEN NULL ELSE 0 END WHERE id = ?`,
  );
  const moveTo = db.prepare<[number, string]>(
    `UPDATE endpoint SET position = ?, epoch = epoch + 1, attempts = 0, due_at = NULL,
       waiting_event = NULL, waiting_position = NULL, waiting_recorded_at = NULL,
       parked_in_a_row = 0 WHERE id = ?`,
  );
  const dueNow = db.prepare<[string]>('UPDATE endpoint SET due_at = 0 WHERE id = ? AND due_at > 0');
  const remove = db.prepare<[string]>('DELETE FROM endpoint WHERE id = ?');
  return {
    insert: ({ id, company, url, types, now, after }) =>
      void insert.run(id, company, url, JSON.stringify(types), now, after),
    setDisabled: (id, reason) => void setDisabled.run(reason, id),
    moveTo: (id, position) => void moveTo.run(position, id),
    dueNow: (id) => dueNow.run(id).changes,
    remove: (id) => void remove.run(id),
  };
};
