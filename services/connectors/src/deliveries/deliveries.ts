import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Unrecalled } from '../remote.js';
import { deliveryReader, type DeliveryReader } from './reading.js';
import { COLUMNS, type Delivery } from './rows.js';
import { schema } from './schema.js';

/** The file could not be used. It may be deleted: what was delivered is found again by its markers. */
export type DeliveriesUnavailable = Readonly<{ _tag: 'DeliveriesUnavailable'; code: string }>;

/** An event as it enters the table. */
export type Arrived = Pick<
  Delivery,
  'eventId' | 'company' | 'session' | 'kind' | 'revision' | 'position' | 'recordedAt'
>;

export type Intake = Readonly<{
  arrived: readonly Arrived[];
  /** Events that should be a summary's and cannot be read. */
  unreadable: readonly Arrived[];
  position: number;
  at: number;
}>;

export type Settled = Readonly<{
  state: Delivery['state'];
  reason: string | null;
  at: number;
  how?: Delivery['how'];
  recordId?: string | null;
  noteId?: string | null;
  unrecalled?: readonly Unrecalled[];
}>;

/** The delivery table of one connector, as its process writes it. */
export type Deliveries = Readonly<{
  position: () => number | null;
  /** Rows and place in the log in one transaction; a deletion cancels what still waits. */
  take: (intake: Intake) => void;
  /** The first delivery that is due and has none of its session unfinished before it. */
  next: (now: number) => Delivery | null;
  nextDueAt: () => number | null;
  /** Written before the remote call. */
  sending: (eventId: string, at: number) => void;
  /** The record that a note is about to be written to: a deletion looks there, whatever became of the note. */
  placed: (eventId: string, recordId: string) => void;
  settle: (eventId: string, settled: Settled) => void;
  wait: (eventId: string, again: Readonly<{ reason: string; dueAt: number; at: number }>) => void;
  /** Back to waiting without counting the attempt: the connector as a whole has to wait. */
  putBack: (
    eventId: string,
    again: Readonly<{ reason: string; dueAt: number; at: number }>,
  ) => void;
  ofSession: (company: string, session: string) => readonly Delivery[];
  /** What an earlier process was sending is due now. */
  recover: (at: number) => number;
  retry: (eventIds: readonly string[] | 'all', now: number) => number;
  oldestUnfinished: () => number | null;
}>;

/** The code of what SQLite throws; null for anything else. By its form: the class is one for each realm. */
export const sqliteCode = (thrown: unknown): string | null => {
  const code: unknown =
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : null;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
};

const CONNECTOR_FILE = 'connectors.db';

const INSERT = `INSERT OR IGNORE INTO deliveries VALUES (@connector, @eventId, @company, @session, @kind,
  @revision, @position, @recordedAt, @state, @reason, NULL, NULL, NULL, 0, 0, @at, @at)`;

const takeWith = (db: Database.Database, connector: string): Deliveries['take'] => {
  const insert = db.prepare(INSERT);
  const cancel = db.prepare(
    `UPDATE deliveries SET state = 'cancelled', reason = 'deleted-before-sent', changed_at = @at
      WHERE connector = @connector AND company = @company AND session = @session
        AND kind = 'note' AND state IN ('waiting', 'parked') AND position < @position`,
  );
  const place = db.prepare('INSERT OR REPLACE INTO read_up_to VALUES (?, ?)');
  return db.transaction(({ arrived, unreadable, position, at }: Intake) => {
    for (const one of arrived) {
      insert.run({ ...one, connector, at, state: 'waiting', reason: null });
      const { company, session, position: before } = one;
      if (one.kind === 'retraction')
        cancel.run({ connector, company, session, at, position: before });
    }
    for (const one of unreadable)
      insert.run({ ...one, connector, at, state: 'parked', reason: 'SummaryUnreadable' });
    place.run(connector, position);
  });
};

const settleWith = (db: Database.Database, connector: string): Deliveries['settle'] => {
  const update = db.prepare(
    `UPDATE deliveries SET state = @state, reason = @reason, how = @how,
      record_id = ifnull(@recordId, record_id), note_id = ifnull(@noteId, note_id), changed_at = @at
      WHERE connector = @connector AND event_id = @eventId`,
  );
  const drop = db.prepare('DELETE FROM unrecalled WHERE connector = ? AND event_id = ?');
  const add = db.prepare('INSERT INTO unrecalled VALUES (?, ?, ?, ?, ?, ?)');
  const retract = db.prepare(
    `UPDATE deliveries SET state = 'retracted', changed_at = @at
      WHERE connector = @connector AND state = 'delivered' AND kind = 'note'
        AND (company, session) = (SELECT company, session FROM deliveries
          WHERE connector = @connector AND event_id = @eventId AND kind = 'retraction')`,
  );
  return db.transaction((eventId: string, settled: Settled) => {
    const { state, reason, at, how = null, recordId = null, noteId = null } = settled;
    update.run({ connector, eventId, state, reason, how, recordId, noteId, at });
    drop.run(connector, eventId);
    for (const [ordinal, { what, id, why }] of (settled.unrecalled ?? []).entries())
      add.run(connector, eventId, ordinal, what, id, why);
    if (state === 'delivered') retract.run({ connector, eventId, at });
  });
};

/** Whose rows a connector has to do with. One that was given another company leaves those of before alone. */
type Whose = Readonly<{ connector: string; company: string | null }>;

const retryWith = (db: Database.Database, whose: Whose): Deliveries['retry'] => {
  const RETRY = `UPDATE deliveries SET state = 'waiting', due_at = @now, attempts_in_round = 0
    WHERE connector = @connector AND company = ifnull(@company, company)
      AND state = 'parked' AND reason <> 'SummaryUnreadable'`;
  const all = db.prepare(RETRY);
  const one = db.prepare(`${RETRY} AND event_id = @id`);
  return db.transaction((eventIds: readonly string[] | 'all', now: number): number => {
    if (eventIds === 'all') return all.run({ ...whose, now }).changes;
    let retried = 0;
    for (const id of eventIds) retried += one.run({ ...whose, now, id }).changes;
    return retried;
  });
};

/** Nothing is put off for longer: what is due later was written under a clock that has since been put back. */
const DUE_AHEAD_MS_MAX = 25 * 3_600_000;

/** Earlier deliveries of the session that are not finished go first: a note before the one that replaces it. */
const FIRST_OF_SESSION = `connector = @connector AND company = ifnull(@company, company)
    AND state = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM deliveries AS earlier WHERE earlier.connector = one.connector
      AND earlier.company = one.company AND earlier.session = one.session
      AND earlier.position < one.position AND earlier.state IN ('waiting', 'sending'))`;

const deliveriesIn = (db: Database.Database, whose: Whose): Deliveries => {
  const { connector } = whose;
  const position = db.prepare<[string], number>(
    'SELECT position FROM read_up_to WHERE connector = ?',
  );
  const next = db.prepare<[Whose & { now: number }], Delivery>(
    `SELECT ${COLUMNS} FROM deliveries AS one WHERE ${FIRST_OF_SESSION}
      AND (due_at <= @now OR due_at > @now + ${DUE_AHEAD_MS_MAX}) ORDER BY position LIMIT 1`,
  );
  const dueAt = db.prepare<[Whose], number | null>(
    `SELECT min(due_at) FROM deliveries AS one WHERE ${FIRST_OF_SESSION}`,
  );
  const oldest = db.prepare<[Whose], number | null>(
    `SELECT min(recorded_at) FROM deliveries WHERE connector = @connector
      AND company = ifnull(@company, company) AND state IN ('waiting', 'sending')`,
  );
  const place = db.prepare<[string, string, string]>(
    'UPDATE deliveries SET record_id = ? WHERE connector = ? AND event_id = ?',
  );
  const sending = db.prepare(
    `UPDATE deliveries SET state = 'sending', attempts = attempts + 1,
      attempts_in_round = attempts_in_round + 1, changed_at = ? WHERE connector = ? AND event_id = ?`,
  );
  const waiting = db.prepare(
    `UPDATE deliveries SET state = 'waiting', reason = @reason, due_at = @dueAt, changed_at = @at,
      attempts_in_round = attempts_in_round - @uncounted
      WHERE connector = @connector AND event_id = @eventId`,
  );
  const ofSession = db.prepare<[string, string, string], Delivery>(
    `SELECT ${COLUMNS} FROM deliveries WHERE connector = ? AND company = ? AND session = ? ORDER BY position`,
  );
  const recover = db.prepare(
    `UPDATE deliveries SET state = 'waiting', due_at = ?, reason = 'interrupted'
      WHERE connector = ? AND state = 'sending'`,
  );
  return {
    position: () => position.pluck().get(connector) ?? null,
    take: takeWith(db, connector),
    next: (now) => next.get({ ...whose, now }) ?? null,
    nextDueAt: () => dueAt.pluck().get(whose) ?? null,
    sending: (eventId, at) => void sending.run(at, connector, eventId),
    placed: (eventId, recordId) => void place.run(recordId, connector, eventId),
    settle: settleWith(db, connector),
    wait: (eventId, again) => void waiting.run({ connector, eventId, ...again, uncounted: 0 }),
    putBack: (eventId, again) => void waiting.run({ connector, eventId, ...again, uncounted: 1 }),
    ofSession: (company, session) => ofSession.all(connector, company, session),
    recover: (at) => recover.run(at, connector).changes,
    retry: retryWith(db, whose),
    oldestUnfinished: () => oldest.pluck().get(whose) ?? null,
  };
};

export type DeliveryFile = Readonly<{
  /** Of one company, or whatever there is under the connector's name. */
  of: (connector: string, company: string | null) => Deliveries;
  reader: DeliveryReader;
  close: () => void;
}>;

export const deliveryPath = (directory: string): string => join(directory, CONNECTOR_FILE);

/** Opens the delivery tables of a data directory, and makes them where there are none. */
export const openDeliveries = (
  directory: string,
): E.Either<DeliveriesUnavailable, DeliveryFile> => {
  try {
    const db = new Database(deliveryPath(directory));
    db.pragma('journal_mode = WAL');
    db.pragma('busy_timeout = 5000');
    // What a crash takes away is read from the log again, and its effect found by its marker.
    db.pragma('synchronous = NORMAL');
    db.exec(schema);
    return E.right({
      of: (connector, company) => deliveriesIn(db, { connector, company }),
      reader: deliveryReader(db),
      close: () => void db.close(),
    });
  } catch (thrown) {
    const code = sqliteCode(thrown);
    if (code === null) throw thrown;
    return E.left({ _tag: 'DeliveriesUnavailable', code });
  }
};

/** Asks beside a process that delivers, or without one; undefined where there are no deliveries yet. */
export const readDeliveries = <A>(
  directory: string,
  ask: (reader: DeliveryReader) => A,
): A | undefined => {
  if (!existsSync(deliveryPath(directory))) return undefined;
  const db = new Database(deliveryPath(directory), { readonly: true });
  try {
    return ask(deliveryReader(db));
  } finally {
    db.close();
  }
};

/** Held by the one process that delivers; the system lets go of it when that process dies. */
export type DeliveryLock = Readonly<{ release: () => void }>;

/** `SQLITE_BUSY` when another process delivers from this data directory. */
export const lockDeliveries = (
  directory: string,
): E.Either<DeliveriesUnavailable, DeliveryLock> => {
  try {
    const lock = new Database(join(directory, 'connectors.lock'), { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (thrown) {
      lock.close();
      throw thrown;
    }
    return E.right({ release: () => void lock.close() });
  } catch (thrown) {
    const code = sqliteCode(thrown);
    if (code === null) throw thrown;
    return E.left({ _tag: 'DeliveriesUnavailable', code });
  }
};
