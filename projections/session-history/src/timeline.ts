import type { Database } from 'better-sqlite3';

/** One event of a session, wherever in the log it stands. */
export type TimelineEntry = Readonly<{
  /** Place on the session's timeline, from 0. */
  ordinal: number;
  position: number;
  stream: string;
  revision: number;
  eventId: string;
  type: string;
  /** For people; without any text of the session. */
  what: string;
  occurredAt: number;
  recordedAt: number;
  actor: Readonly<{ kind: string; id: string }>;
}>;

export type TimelineRequest = Readonly<{
  limit: number;
  /** Ordinal of the last entry of the page before. */
  after?: number;
}>;
export type TimelineQuery = (
  company: string,
  sessionId: string,
  request: TimelineRequest,
) => readonly TimelineEntry[];

type Row = Omit<TimelineEntry, 'actor'> & { actorKind: string; actorId: string };

/** In the order of the log, which is the order in which things became known. */
export const prepareTimeline = (db: Database): TimelineQuery => {
  const statement = db.prepare<[string, string, number, number], Row>(
    `SELECT ordinal, position, stream, revision, event_id AS eventId, type, what,
      occurred_at AS occurredAt, recorded_at AS recordedAt, actor_kind AS actorKind,
      actor_id AS actorId
    FROM timeline WHERE company = ? AND session_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?`,
  );
  return (company, sessionId, { limit, after = -1 }) =>
    statement.all(company, sessionId, after, limit).map(({ actorKind, actorId, ...entry }) => ({
      ...entry,
      actor: { kind: actorKind, id: actorId },
    }));
};
