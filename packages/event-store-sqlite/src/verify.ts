import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { noDatabase, type OpenError, toOpenError } from './open-error.js';
import { LOG_FILE, openLogForReading } from './schema.js';

export type LogProblem =
  | Readonly<{ kind: 'damaged-page'; detail: string }>
  /** Positions are not 1, 2, 3 … */
  | Readonly<{ kind: 'position-gap'; after: number; next: number }>
  /** The revisions of a stream are not 0, 1, 2 … */
  | Readonly<{ kind: 'revision-gap'; stream: string; events: number; lastRevision: number }>
  | Readonly<{ kind: 'recorded-time-goes-back'; position: number }>
  | Readonly<{ kind: 'nameless-event'; position: number }>;

export type LogVerification = Readonly<{
  directory: string;
  events: number;
  streams: number;
  /** At most `PROBLEMS_MAX` of each kind; none means that the log is whole. */
  problems: readonly LogProblem[];
}>;

const PROBLEMS_MAX = 20;

const countOf = (db: Database.Database, table: 'events' | 'streams'): number =>
  db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

const damagedPages = (db: Database.Database): readonly LogProblem[] =>
  db
    .prepare<[], string>(`PRAGMA quick_check(${String(PROBLEMS_MAX)})`)
    .pluck()
    .all()
    .filter((line) => line !== 'ok')
    .map((detail) => ({ kind: 'damaged-page', detail }));

/** One pass along the log that keeps the previous row only. */
const faultsAlongLog = (db: Database.Database): readonly LogProblem[] => {
  const problems: LogProblem[] = [];
  let previous = { pos: 0, ts: 0 };
  const rows = db.prepare<[], typeof previous>('SELECT pos, ts FROM events ORDER BY pos');
  for (const row of rows.iterate()) {
    if (row.pos !== previous.pos + 1) {
      problems.push({ kind: 'position-gap', after: previous.pos, next: row.pos });
    }
    if (row.ts < previous.ts) {
      problems.push({ kind: 'recorded-time-goes-back', position: row.pos });
    }
    if (problems.length >= PROBLEMS_MAX) break;
    previous = row;
  }
  return problems;
};

type StreamEnd = Readonly<{ stream: string; events: number; lastRevision: number }>;

/** Groups along the index by stream and revision, one stream at a time. */
const revisionGaps = (db: Database.Database): readonly LogProblem[] =>
  db
    .prepare<[number], StreamEnd>(
      `SELECT coalesce(s.name, '') AS stream, e.n AS events, e.last AS lastRevision
       FROM (SELECT sid, count(*) AS n, min(ver) AS first, max(ver) AS last
             FROM events INDEXED BY ev_stream GROUP BY sid) e
       LEFT JOIN streams s USING (sid)
       WHERE e.first <> 0 OR e.n <> e.last + 1 LIMIT ?`,
    )
    .all(PROBLEMS_MAX)
    .map((end) => ({ kind: 'revision-gap', ...end }));

const namelessEvents = (db: Database.Database): readonly LogProblem[] =>
  db
    .prepare<[number], number>(
      `SELECT pos FROM events WHERE tid NOT IN (SELECT tid FROM types)
       OR cid NOT IN (SELECT cid FROM categories)
       OR NOT EXISTS (SELECT 1 FROM streams s WHERE s.sid = events.sid) LIMIT ?`,
    )
    .pluck()
    .all(PROBLEMS_MAX)
    .map((position) => ({ kind: 'nameless-event', position }));

const verify = (directory: string): LogVerification => {
  const db = openLogForReading(join(directory, LOG_FILE));
  try {
    const damaged = damagedPages(db);
    // Damaged pages make every other answer a guess.
    const faults =
      damaged.length > 0
        ? damaged
        : [...faultsAlongLog(db), ...revisionGaps(db), ...namelessEvents(db)];
    const [events, streams] = [countOf(db, 'events'), countOf(db, 'streams')];
    return { directory, events, streams, problems: faults };
  } finally {
    db.close();
  }
};

/**
 * Reads the whole log once, also beside a running writer, and says what is wrong with it. Memory stays flat;
 * the calling thread is busy meanwhile (about two seconds for a million events), so run it from a program of its own.
 */
export const verifySqliteLog =
  (options: Readonly<{ directory: string }>): TaskEither<OpenError, LogVerification> =>
  () => {
    const directory = resolve(options.directory);
    const path = join(directory, LOG_FILE);
    if (!existsSync(path)) return Promise.resolve(E.left(noDatabase(directory, path)));
    try {
      return Promise.resolve(E.right(verify(directory)));
    } catch (thrown) {
      return Promise.resolve(E.left(toOpenError(thrown, path, directory)));
    }
  };
