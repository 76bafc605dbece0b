import { partsOf } from '@daybook/domain/kernel';
import type { SessionEvent } from '@daybook/domain/session-insights';
import type { StoredEvent } from '@daybook/event-store';
import type { LogReader } from '../keep-up.js';
import { readUpTo, type NotesFile } from '../notes-file.js';

/** Whose facts: the company's, or those of one user or one device of it. */
export type Whose =
  | Readonly<{ of: 'company'; company: string }>
  | Readonly<{ of: 'user' | 'device'; company: string; id: string }>;

export type OpenSession = Readonly<{ session: string; position: number }>;

/**
 * The sessions that have started and not ended, by the facts that they rest on: a table of its own,
 * filled from the log, which grows with what is open and not with history.
 */
export type OpenSessions = LogReader &
  Readonly<{
    /** Sessions that rest on these facts and started between two positions of the log, in its order. */
    list: (
      whose: Whose,
      place: Readonly<{ after: number; before: number; limit: number }>,
    ) => readonly OpenSession[];
  }>;

type Started = Extract<SessionEvent, { type: 'SessionStarted' }>['data'];

const restsOn = (whose: Whose): string => {
  switch (whose.of) {
    case 'company':
      return 'TRUE';
    case 'user':
      return 'supporter = :id';
    case 'device':
      return 'device = :id';
  }
};

export const openOpenSessions = ({ db }: NotesFile): OpenSessions => {
  const upTo = readUpTo(db, 'open-sessions');
  const put = db.prepare(
    'INSERT OR REPLACE INTO open_sessions VALUES (:company, :session, :supporter, :device, :position)',
  );
  const remove = db.prepare(
    'DELETE FROM open_sessions WHERE company = :company AND session = :session',
  );
  const read = db.transaction((events: readonly StoredEvent[], checkpoint: number) => {
    for (const { stream, type, data, position } of events) {
      const { company, id: session } = partsOf(stream);
      if (type === 'SessionEnded') remove.run({ company, session });
      else {
        const { supporterId: supporter, deviceId: device } = JSON.parse(data) as Started;
        put.run({ company, session, supporter, device, position });
      }
    }
    upTo.write(checkpoint);
  });
  return {
    types: ['SessionStarted', 'SessionEnded'],
    read: upTo.read,
    apply: (events, checkpoint) => {
      if (checkpoint <= upTo.read()) return;
      const unread = events.filter(({ position }) => position > upTo.read());
      read.immediate(unread, checkpoint);
    },
    clear: db.transaction(() => {
      db.exec('DELETE FROM open_sessions');
      upTo.write(0);
    }),
    list: (whose, place) =>
      db
        .prepare<[unknown], OpenSession>(
          `SELECT session, position FROM open_sessions
            WHERE company = :company AND position > :after AND position < :before AND ${restsOn(whose)}
            ORDER BY position LIMIT :limit`,
        )
        .all({ ...whose, ...place }),
  };
};
