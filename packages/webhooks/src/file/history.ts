import type Database from 'better-sqlite3';
import type { Attempt, AuditEntry, Parked } from './rows.js';

export type HistoryTables = Readonly<{
  /** Newest first. */
  attempts: (id: string, limit: number) => readonly Attempt[];
  /** Oldest first. */
  parked: (id: string, limit: number) => readonly Parked[];
  /** Parked messages that somebody wants to be sent once more. */
  wantedParked: (id: string, limit: number) => readonly Parked[];
  wantParked: (id: string, events: readonly string[] | 'all') => number;
  dropParkedAfter: (id: string, position: number) => void;
  removeAll: (id: string) => void;
  /** Newest first. */
  audit: (id: string, limit: number) => readonly AuditEntry[];
  note: (entry: AuditEntry) => void;
}>;

const PARKED = 'event, type, position, attempts, since, result, status';

export const historyTables = (db: Database.Database): HistoryTables => {
  const attempts = db.prepare<[string, number], Attempt>(
    `SELECT number, event, type, position, nth, at, duration_ms AS durationMs, result, status, next_at AS nextAt
     FROM attempt WHERE endpoint = ? ORDER BY number DESC LIMIT ?`,
  );
  const parked = db.prepare<[string, number], Parked>(
    `SELECT ${PARKED} FROM parked WHERE endpoint = ? ORDER BY position LIMIT ?`,
  );
  const wanted = db.prepare<[string, number], Parked>(
    `SELECT ${PARKED} FROM parked WHERE endpoint = ? AND wanted = 1 ORDER BY position LIMIT ?`,
  );
  const wantAll = db.prepare<[string]>('UPDATE parked SET wanted = 1 WHERE endpoint = ?');
  const wantOne = db.prepare<[string, string]>(
    'UPDATE parked SET wanted = 1 WHERE endpoint = ? AND event = ?',
  );
  const dropAfter = db.prepare<[string, number]>(
    'DELETE FROM parked WHERE endpoint = ? AND position > ?',
  );
  const removeAttempts = db.prepare<[string]>('DELETE FROM attempt WHERE endpoint = ?');
  const removeParked = db.prepare<[string]>('DELETE FROM parked WHERE endpoint = ?');
  const audit = db.prepare<[string, number], AuditEntry>(
    `SELECT at, by, company, endpoint, action, detail FROM audit WHERE endpoint = ?
     ORDER BY number DESC LIMIT ?`,
  );
  const note = db.prepare<[AuditEntry]>(
    `INSERT INTO audit (at, by, company, endpoint, action, detail)
     VALUES (@at, @by, @company, @endpoint, @action, @detail)`,
  );
  return {
    attempts: (id, limit) => attempts.all(id, limit),
    parked: (id, limit) => parked.all(id, limit),
    wantedParked: (id, limit) => wanted.all(id, limit),
    wantParked: (id, events) =>
      events === 'all'
        ? wantAll.run(id).changes
        : events.reduce((sum, event) => sum + wantOne.run(id, event).changes, 0),
    dropParkedAfter: (id, position) => void dropAfter.run(id, position),
    removeAll: (id) => {
      removeAttempts.run(id);
      removeParked.run(id);
    },
    audit: (id, limit) => audit.all(id, limit),
    note: (entry) => void note.run(entry),
  };
};
