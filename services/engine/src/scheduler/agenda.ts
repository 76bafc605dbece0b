import type { StoredEvent } from '@daybook/event-store';
import type { Statement } from 'better-sqlite3';
import type { LogReader } from '../keep-up.js';
import { readUpTo, type NotesFile } from '../notes-file.js';
import { agendaTypes, changesOf, type AgendaKind, type Change } from './agenda-changes.js';

/** Something that happens only because time passes. */
export type Due = Readonly<{
  company: string;
  kind: AgendaKind;
  /** What it is about: a session, a charge, a lot. With company and kind it names the one thing that is due. */
  key: string;
  /** When somebody has to act. */
  dueAt: number;
  /** The instant that the act is dated at; before `dueAt` where the log heard of it late. */
  at: number;
  /** Of the event that made it due. */
  position: number;
}>;

/**
 * What is due and when: one row for each thing that is open, filled from the log. A port: the scheduler
 * asks it for the next instant and sleeps until then.
 */
export type Agenda = LogReader &
  Readonly<{
    /** The earliest instant at which something is due; null: nothing is. */
    nextDueAt: () => number | null;
    /** The earliest thing that is due by `now`, after as many that have to wait; null: nothing is. */
    due: (now: number, passedOver: number) => Due | null;
    /** It has been done. An event that has made it due again meanwhile keeps it here. */
    done: (due: Due) => void;
    /** It has been done for this time, and is due again then. */
    again: (due: Due, dueAt: number) => void;
  }>;

/** At the same instant: credits come, holds end, lapses are written, prompts time out, alerts look at all that. */
const ranks: Readonly<Record<AgendaKind, number>> = {
  month: 0,
  hold: 1,
  lapse: 2,
  prompt: 3,
  'expiry-alert': 4,
  'used-alert': 5,
};

const apply = (statements: Readonly<Record<'put' | 'remove', Statement>>, change: Change): void => {
  const { company, kind, key } = change;
  if (change.change === 'remove') {
    statements.remove.run({ company, kind, key });
    return;
  }
  const { dueAt, at, position } = change;
  statements.put.run({ company, kind, key, dueAt, rank: ranks[kind], at, position });
};

/** The agenda in a notes file. `expiryAlertDays`: every threshold that a version of the rules knows. */
export const openAgenda = (
  { db }: NotesFile,
  options: Readonly<{ expiryAlertDays: readonly number[] }>,
): Agenda => {
  const upTo = readUpTo(db, 'agenda');
  const columns = 'company, kind, key, due_at AS dueAt, at, position';
  const place = 'company = :company AND kind = :kind AND key = :key';
  const statements = {
    put: db.prepare(
      'INSERT OR REPLACE INTO due VALUES (:company, :kind, :key, :dueAt, :rank, :at, :position)',
    ),
    remove: db.prepare(`DELETE FROM due WHERE ${place}`),
  };
  const earliest = db.prepare<[], number | null>('SELECT min(due_at) FROM due').pluck();
  const upToNow = db.prepare<[number, number], Due>(
    `SELECT ${columns} FROM due WHERE due_at <= ? ORDER BY due_at, rank, company, key LIMIT 1 OFFSET ?`,
  );
  const remove = db.prepare(`DELETE FROM due WHERE ${place} AND position = :position`);
  const move = db.prepare(
    `UPDATE due SET due_at = :next, at = :next WHERE ${place} AND position = :position AND due_at = :dueAt`,
  );
  const read = db.transaction((events: readonly StoredEvent[], checkpoint: number) => {
    for (const event of events)
      for (const change of changesOf(event, options)) apply(statements, change);
    upTo.write(checkpoint);
  });
  return {
    types: agendaTypes,
    read: upTo.read,
    apply: (events, checkpoint) => {
      // Somebody else may have read further meanwhile: what was done since must not come back.
      if (checkpoint <= upTo.read()) return;
      const unread = events.filter(({ position }) => position > upTo.read());
      read.immediate(unread, checkpoint);
    },
    clear: db.transaction(() => {
      db.exec('DELETE FROM due');
      upTo.write(0);
    }),
    nextDueAt: () => earliest.get() ?? null,
    due: (now, passedOver) => upToNow.get(now, passedOver) ?? null,
    done: ({ company, kind, key, position }) => void remove.run({ company, kind, key, position }),
    again: ({ company, kind, key, position, dueAt }, next) =>
      void move.run({ company, kind, key, position, dueAt, next }),
  };
};
