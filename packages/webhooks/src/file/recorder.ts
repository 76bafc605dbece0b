import type Database from 'better-sqlite3';
import type { Outcome, Verdict } from '../delivery/outcome.js';
import type { DisabledReason, Endpoint, Parked } from './rows.js';

export type SentMessage = Readonly<{
  event: string;
  type: string;
  position: number;
  /** When the log wrote the event down. */
  recordedAt: number;
}>;

export type RecordedAttempt = Readonly<{
  message: SentMessage;
  /** Which attempt of this message. */
  nth: number;
  at: number;
  durationMs: number;
  outcome: Exclude<Outcome, { _tag: 'Abandoned' }>;
  verdict: Verdict;
}>;

/** What the sending side writes. Checkpoint and delivery record commit together. */
export type Recorder = Readonly<{
  attempt: (endpoint: Endpoint, attempt: RecordedAttempt) => void;
  parkedAttempt: (endpoint: Endpoint, parked: Parked, attempt: RecordedAttempt) => void;
  /** A parked message that is not in the log as it was: it stays listed, and is not tried again. */
  unwanted: (id: string, position: number) => void;
  /** Everything up to here is dealt with. */
  passed: (endpoint: Pick<Endpoint, 'id' | 'epoch'>, position: number) => void;
  /** Attempts from before an instant, and secrets that no longer sign. */
  drop: (before: Readonly<{ attempts: number; now: number }>) => void;
}>;

export type RecorderLimits = Readonly<{
  /** Attempts that are kept of an endpoint. */
  attemptsKept: number;
  disableAfterParked: number;
}>;

const resultOf = ({ outcome, verdict }: RecordedAttempt): string => {
  if (verdict._tag === 'Delivered') return 'delivered';
  return outcome._tag === 'Answered' ? 'refused' : outcome.reason;
};

const statusOf = ({ outcome }: RecordedAttempt): number | null =>
  outcome._tag === 'Answered' ? outcome.status : null;

const CLEAR = `attempts = 0, due_at = NULL, waiting_event = NULL, waiting_position = NULL,
  waiting_recorded_at = NULL`;

const statements = (db: Database.Database) => ({
  count: db.prepare<[number, number, string]>(
    `UPDATE endpoint SET made = made + 1, delivered = delivered + ?, retries = retries + ? WHERE id = ?`,
  ),
  made: db.prepare<[string], number>('SELECT made FROM endpoint WHERE id = ?').pluck(),
  log: db.prepare<[Readonly<Record<string, string | number | null>>]>(
    `INSERT INTO attempt (endpoint, number, event, type, position, nth, at, duration_ms, result, status, next_at)
     VALUES (@endpoint, @number, @event, @type, @position, @nth, @at, @durationMs, @result, @status, @nextAt)`,
  ),
  forget: db.prepare<[string, number]>('DELETE FROM attempt WHERE endpoint = ? AND number <= ?'),
  delivered: db.prepare<[number, string, number]>(
    `UPDATE endpoint SET position = ?, parked_in_a_row = 0, ${CLEAR} WHERE id = ? AND epoch = ?`,
  ),
  retry: db.prepare<[Readonly<Record<string, string | number>>]>(
    `UPDATE endpoint SET attempts = @nth, due_at = @at, waiting_event = @event,
       waiting_position = @position, waiting_recorded_at = @recordedAt WHERE id = @id AND epoch = @epoch`,
  ),
  exhausted: db.prepare<[number, string, number]>(
    `UPDATE endpoint SET position = ?, parked_in_a_row = parked_in_a_row + 1, ${CLEAR}
     WHERE id = ? AND epoch = ?`,
  ),
  park: db.prepare<[Readonly<Record<string, string | number | null>>]>(
    `INSERT OR REPLACE INTO parked (endpoint, position, event, type, attempts, since, result, status)
     VALUES (@endpoint, @position, @event, @type, @attempts, @since, @result, @status)`,
  ),
  unpark: db.prepare<[string, number]>('DELETE FROM parked WHERE endpoint = ? AND position = ?'),
  unwanted: db.prepare<[string, number]>(
    'UPDATE parked SET wanted = 0 WHERE endpoint = ? AND position = ?',
  ),
  disableFailing: db.prepare<[string, number]>(
    `UPDATE endpoint SET disabled = 'failing', epoch = epoch + 1
     WHERE id = ? AND disabled IS NULL AND parked_in_a_row >= ?`,
  ),
  disable: db.prepare<[DisabledReason, string, number]>(
    `UPDATE endpoint SET disabled = ?, epoch = epoch + 1, ${CLEAR} WHERE id = ? AND epoch = ?`,
  ),
  note: db.prepare<[number, string, string, string]>(
    `INSERT INTO audit (at, by, company, endpoint, action, detail) VALUES (?, 'sender', ?, ?, 'disabled', ?)`,
  ),
  passed: db.prepare<[number, string, number, number]>(
    'UPDATE endpoint SET position = ? WHERE id = ? AND epoch = ? AND position < ?',
  ),
  dropSecrets: db.prepare<[number]>('DELETE FROM secret WHERE expires_at <= ?'),
  dropOlder: db.prepare<[number]>('DELETE FROM attempt WHERE at < ?'),
});

type Statements = ReturnType<typeof statements>;

const noteAttempt = (
  on: Statements,
  id: string,
  given: Readonly<{ attempt: RecordedAttempt; kept: number }>,
): void => {
  const { attempt, kept } = given;
  const { message, nth, at, durationMs, verdict } = attempt;
  on.count.run(verdict._tag === 'Delivered' ? 1 : 0, nth > 1 ? 1 : 0, id);
  const number = on.made.get(id);
  // Removed meanwhile: nothing of it is kept.
  if (number === undefined) return;
  const { event, type, position } = message;
  on.log.run({
    endpoint: id,
    number,
    event,
    type,
    position,
    nth,
    at,
    durationMs,
    result: resultOf(attempt),
    status: statusOf(attempt),
    nextAt: verdict._tag === 'RetryAt' ? verdict.at : null,
  });
  on.forget.run(id, number - kept);
};

const noteDisabled = (on: Statements, endpoint: Endpoint, given: readonly [number, string]): void =>
  void on.note.run(given[0], endpoint.company, endpoint.id, given[1]);

const park = (on: Statements, endpoint: Endpoint, attempt: RecordedAttempt): void => {
  const { message, nth, at } = attempt;
  const { event, type, position } = message;
  const kept = { event, type, position, attempts: nth, since: at };
  const why = { result: resultOf(attempt), status: statusOf(attempt) };
  on.park.run({ endpoint: endpoint.id, ...kept, ...why });
};

const settle = (
  on: Statements,
  endpoint: Endpoint,
  given: Readonly<{ attempt: RecordedAttempt; limits: RecorderLimits }>,
): void => {
  const { attempt, limits } = given;
  const { id, epoch } = endpoint;
  const { message, nth, verdict, at } = attempt;
  const { event, position, recordedAt } = message;
  switch (verdict._tag) {
    case 'Delivered':
      on.delivered.run(position, id, epoch);
      break;
    case 'RetryAt':
      on.retry.run({ nth, at: verdict.at, event, position, recordedAt, id, epoch });
      break;
    case 'Exhausted':
      if (on.exhausted.run(position, id, epoch).changes === 0) return;
      park(on, endpoint, attempt);
      if (on.disableFailing.run(id, limits.disableAfterParked).changes > 0)
        noteDisabled(on, endpoint, [at, 'failing']);
      break;
    case 'Gone':
      if (on.disable.run('gone', id, epoch).changes > 0) noteDisabled(on, endpoint, [at, 'gone']);
      break;
  }
};

export const makeRecorder = (db: Database.Database, limits: RecorderLimits): Recorder => {
  const on = statements(db);
  const kept = limits.attemptsKept;
  const together = (work: () => void): void => db.transaction(work).immediate();
  return {
    attempt: (endpoint, attempt) =>
      together(() => {
        noteAttempt(on, endpoint.id, { attempt, kept });
        settle(on, endpoint, { attempt, limits });
      }),
    parkedAttempt: (endpoint, parked, attempt) =>
      together(() => {
        noteAttempt(on, endpoint.id, { attempt, kept });
        // Taken back meanwhile, by a replay or a removal: then it is not parked anew.
        const wasParked = on.unpark.run(endpoint.id, parked.position).changes > 0;
        if (wasParked && attempt.verdict._tag !== 'Delivered') park(on, endpoint, attempt);
        if (attempt.verdict._tag === 'Gone') settle(on, endpoint, { attempt, limits });
      }),
    unwanted: (id, position) => void on.unwanted.run(id, position),
    passed: ({ id, epoch }, position) => void on.passed.run(position, id, epoch, position),
    drop: ({ attempts, now }) =>
      together(() => {
        on.dropOlder.run(attempts);
        on.dropSecrets.run(now);
      }),
  };
};
