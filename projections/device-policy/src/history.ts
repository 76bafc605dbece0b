import type { Database } from 'better-sqlite3';

/** One change of a device: what, when, by whom, and the event that says so. */
export type DeviceChange = Readonly<{
  position: number;
  revision: number;
  eventId: string;
  type: string;
  /** For people. */
  what: string;
  occurredAt: number;
  recordedAt: number;
  actor: Readonly<{ kind: string; id: string }>;
}>;
export type HistoryQuery = (company: string, deviceId: string) => readonly DeviceChange[];

type Row = Omit<DeviceChange, 'actor'> & { actorKind: string; actorId: string };

/** Every change of a device, in the order of the log. */
export const prepareHistory = (db: Database): HistoryQuery => {
  const statement = db.prepare<[string, string], Row>(
    `SELECT position, revision, event_id AS eventId, type, what, occurred_at AS occurredAt,
      recorded_at AS recordedAt, actor_kind AS actorKind, actor_id AS actorId
    FROM device_history WHERE company = ? AND device_id = ? ORDER BY position`,
  );
  return (company, deviceId) =>
    statement.all(company, deviceId).map(({ actorKind, actorId, ...change }) => ({
      ...change,
      actor: { kind: actorKind, id: actorId },
    }));
};
