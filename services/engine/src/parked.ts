/**
 * Work that a consumer has passed without having done it: it waits for another attempt, or it is parked
 * until somebody looks at it. Any consumer can keep its own here (a process, a relay, a webhook): it
 * names itself, the event, and a reason in words of its own, never text of a session.
 *
 * Written before the checkpoint that passes the event, so a crash in between only repeats; the rows are
 * as durable as the checkpoints beside them. Who deletes the file loses no work: the checkpoints go with
 * it, and a consumer that starts over finds again what is not done, with its attempts counted anew.
 */
import type Database from 'better-sqlite3';
import type { Either } from 'fp-ts/lib/Either.js';

export type UnfinishedKey = Readonly<{ process: string; eventId: string }>;

export type UnfinishedWork = UnfinishedKey &
  Readonly<{
    /** Where the event stands in the log. */
    stream: string;
    revision: number;
    position: number;
    /** A word or a few, such as `timed-out`; never session text. */
    reason: string;
    /** In all, and since somebody last asked for a retry. */
    attempts: number;
    attemptsInRound: number;
    /** Of the first failure, epoch milliseconds. */
    since: number;
    /** Of the next attempt, epoch milliseconds; null: parked. */
    dueAt: number | null;
  }>;

export type UnfinishedCounts = Readonly<{ process: string; waiting: number; parked: number }>;

export type UnfinishedFilter = Readonly<{
  state: 'waiting' | 'parked';
  /** Of this company's streams alone. */
  company?: string;
  process?: string;
  stream?: string;
  eventId?: string;
  /** Rows after this position; with `limit`, one page after another. */
  after?: number;
  limit: number;
}>;

/** `Failure`: the file could not be used. */
export type Unfinished<Failure> = Readonly<{
  /** Another attempt at `dueAt`. `since` of an earlier failure stays. */
  wait: (work: UnfinishedWork & Readonly<{ dueAt: number }>) => Either<Failure, void>;
  park: (work: Omit<UnfinishedWork, 'dueAt'>) => Either<Failure, void>;
  /** The work is done. Nothing happens where it is not listed. */
  done: (key: UnfinishedKey) => Either<Failure, void>;
  /**
   * Begins a new round, due now, for parked work with these event ids, or for all, of one company where it
   * is named: how many were parked.
   */
  retry: (
    eventIds: readonly string[] | 'all',
    now: number,
    company?: string,
  ) => Either<Failure, number>;
  /** Waiting work of a process whose time has come, in the order of the log. */
  due: (process: string, now: number, limit: number) => readonly UnfinishedWork[];
  nextDueAt: (process: string) => number | null;
  find: (key: UnfinishedKey) => UnfinishedWork | null;
  /** The first unfinished work of a process in a stream before a position: what must be done first. */
  findBefore: (
    process: string,
    before: Readonly<{ stream: string; position: number }>,
  ) => UnfinishedWork | null;
  /** In the order of the log. */
  list: (filter: UnfinishedFilter) => readonly UnfinishedWork[];
  counts: () => readonly UnfinishedCounts[];
}>;

export const UNFINISHED_SCHEMA = `
  CREATE TABLE IF NOT EXISTS unfinished (
    process TEXT NOT NULL, event_id TEXT NOT NULL, stream TEXT NOT NULL, revision INTEGER NOT NULL,
    position INTEGER NOT NULL, reason TEXT NOT NULL, attempts INTEGER NOT NULL,
    attempts_in_round INTEGER NOT NULL, since INTEGER NOT NULL, due_at INTEGER,
    PRIMARY KEY (process, event_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS unfinished_due ON unfinished (process, due_at, position);
  CREATE INDEX IF NOT EXISTS unfinished_stream ON unfinished (process, stream, position);`;

const COLUMNS = `process, event_id AS eventId, stream, revision, position, reason, attempts,
  attempts_in_round AS attemptsInRound, since, due_at AS dueAt`;

const select = <Parameters extends unknown[]>(db: Database.Database, rest: string) =>
  db.prepare<Parameters, UnfinishedWork>(`SELECT ${COLUMNS} FROM unfinished ${rest}`);

/** The company stands after the category, up to `_` or the end; neither holds one. */
const ofCompany = (parameter: string): string =>
  `(${parameter} IS NULL OR substr(substr(stream, instr(stream, '-') + 1) || '_', 1, length(${parameter}) + 1)
    = ${parameter} || '_')`;

type ListParameters = Readonly<{
  isWaiting: 0 | 1;
  company: string | null;
  process: string | null;
  stream: string | null;
  eventId: string | null;
  after: number;
  limit: number;
}>;

/** What is only read: also from another program, beside the one that writes. */
export const unfinishedReader = (
  db: Database.Database,
): Pick<Unfinished<never>, 'due' | 'nextDueAt' | 'find' | 'findBefore' | 'list' | 'counts'> => {
  const due = select<[string, number, number]>(
    db,
    'WHERE process = ? AND due_at <= ? ORDER BY position LIMIT ?',
  );
  const next = db
    .prepare<[string], number | null>('SELECT min(due_at) FROM unfinished WHERE process = ?')
    .pluck();
  const find = select<[string, string]>(db, 'WHERE process = ? AND event_id = ?');
  const before = select<[string, string, number]>(
    db,
    'WHERE process = ? AND stream = ? AND position < ? ORDER BY position LIMIT 1',
  );
  const list = select<[ListParameters]>(
    db,
    `WHERE (due_at IS NOT NULL) = @isWaiting AND position > @after
      AND process = ifnull(@process, process) AND stream = ifnull(@stream, stream)
      AND event_id = ifnull(@eventId, event_id) AND ${ofCompany('@company')}
      ORDER BY position, process LIMIT @limit`,
  );
  const counts = db.prepare<[], UnfinishedCounts>(
    `SELECT process, count(due_at) AS waiting, count(*) - count(due_at) AS parked
      FROM unfinished GROUP BY process ORDER BY process`,
  );
  return {
    due: (process, now, limit) => due.all(process, now, limit),
    nextDueAt: (process) => next.get(process) ?? null,
    find: ({ process, eventId }) => find.get(process, eventId) ?? null,
    findBefore: (process, { stream, position }) => before.get(process, stream, position) ?? null,
    list: ({ state, ...asked }) => {
      const { company = null, process = null, stream = null, eventId = null } = asked;
      const { after = 0, limit } = asked;
      const isWaiting = state === 'waiting' ? 1 : 0;
      return list.all({ isWaiting, company, process, stream, eventId, after, limit });
    },
    counts: () => counts.all(),
  };
};

/** The list in a database that has its schema. `guard` turns what SQLite throws into the caller's failure. */
export const unfinishedIn = <Failure>(
  db: Database.Database,
  guard: <A>(effect: () => A) => Either<Failure, A>,
): Unfinished<Failure> => {
  const put = db.prepare<[UnfinishedWork]>(
    `INSERT INTO unfinished VALUES (@process, @eventId, @stream, @revision, @position, @reason,
        @attempts, @attemptsInRound, @since, @dueAt)
      ON CONFLICT (process, event_id) DO UPDATE SET reason = excluded.reason,
        attempts = excluded.attempts, attempts_in_round = excluded.attempts_in_round,
        since = min(since, excluded.since), due_at = excluded.due_at`,
  );
  const remove = db.prepare<[string, string]>(
    'DELETE FROM unfinished WHERE process = ? AND event_id = ?',
  );
  const retry = db.prepare<
    [Readonly<{ now: number; company: string | null; eventId: string | null }>]
  >(
    `UPDATE unfinished SET due_at = @now, attempts_in_round = 0
      WHERE due_at IS NULL AND event_id = ifnull(@eventId, event_id) AND ${ofCompany('@company')}`,
  );
  const retryThese = db.transaction(
    (eventIds: readonly (string | null)[], now: number, company: string | null): number => {
      let retried = 0;
      for (const eventId of eventIds) retried += retry.run({ now, company, eventId }).changes;
      return retried;
    },
  );
  return {
    ...unfinishedReader(db),
    wait: (work) => guard(() => void put.run(work)),
    park: (work) => guard(() => void put.run({ ...work, dueAt: null })),
    done: ({ process, eventId }) => guard(() => void remove.run(process, eventId)),
    retry: (eventIds, now, company) =>
      guard(() => retryThese(eventIds === 'all' ? [null] : eventIds, now, company ?? null)),
  };
};
