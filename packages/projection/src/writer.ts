import type { StoredEventType } from '@daybook/domain/all-events';
import type { AllPage, Position, StoredEvent } from '@daybook/event-store';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { arrived, CorruptEventFound, corruptAmong, verifyEvent } from './arrived-event.js';
import type { Fold, ProjectedEvent, ProjectionDefinition } from './definition.js';
import { toReadModelUnavailable, type ProjectionFailure } from './failure.js';

/** One connection that folds pages into one data file. */
export type Writer = Readonly<{
  position: () => Position;
  /** Rows and checkpoint in one transaction. Events at or below the checkpoint are passed over. */
  applyPage: (page: AllPage) => E.Either<ProjectionFailure, Position>;
  /** Text was removed and the write-ahead log could not be emptied yet, because a reader holds it. */
  erasurePending: () => boolean;
  emptyLog: () => void;
  /** Ends a rebuild: everything is on disk. Its lock is held until the connection closes. */
  seal: () => void;
  close: () => void;
}>;

export type WriterOptions = Readonly<{
  /** Decode every event with its codec before it is applied: slower, for audits. */
  verify: boolean;
  /** A rebuild locks its file, and syncs once at its end. */
  purpose: 'live' | 'rebuild';
}>;

const CHECKPOINT_SCHEMA = `CREATE TABLE projection_checkpoint(
  only INTEGER PRIMARY KEY CHECK (only = 1), position INTEGER NOT NULL) STRICT;
INSERT INTO projection_checkpoint VALUES (1, 0);`;

const BUSY_TIMEOUT_MS = 5000;

/**
 * A live file must survive a crash at any moment. A rebuild's file is thrown away by one, so it keeps no journal, and
 * one transaction holds until it is sealed.
 */
const configure = (db: Database.Database, purpose: WriterOptions['purpose']): void => {
  if (purpose === 'rebuild') {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = FULL');
  } else {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('wal_autocheckpoint = 4000');
  }
  // Freed pages are overwritten, so that deleted text does not stay in the file.
  db.pragma('secure_delete = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -65536');
};

/** Opens a data file, creating its tables when it is new. Throws SQLite's errors. */
const openDataFile = (
  path: string,
  schema: string,
  purpose: WriterOptions['purpose'],
): Database.Database => {
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  configure(db, purpose);
  db.exec('BEGIN EXCLUSIVE');
  const made = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'projection_checkpoint'").get();
  if (made === undefined) db.exec(`${CHECKPOINT_SCHEMA}\n${schema}`);
  if (purpose === 'live') db.exec('COMMIT');
  return db;
};

/** Empties the write-ahead log. False when a reader still needs it; never waits. */
const truncateLog = (db: Database.Database): boolean => {
  db.pragma('busy_timeout = 0');
  try {
    return db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
  } finally {
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
};

const decodePage = <Type extends StoredEventType>(
  events: readonly StoredEvent[],
  after: Position,
  verify: boolean,
): readonly ProjectedEvent<Type>[] => {
  const fresh: ProjectedEvent<Type>[] = [];
  for (const event of events) {
    if (event.position <= after) continue;
    if (verify) verifyEvent(event);
    fresh.push(arrived<Type>(event));
  }
  return fresh;
};

/**
 * What went wrong while a page was applied. A fold that stumbles over a malformed payload throws a
 * plain TypeError or breaks a NOT NULL: the codecs are asked only then, so that good pages don't pay.
 */
const failureOf = (
  projection: string,
  thrown: unknown,
  events: readonly StoredEvent[],
): ProjectionFailure => {
  if (thrown instanceof CorruptEventFound) return thrown.toFailure(projection);
  const unavailable = toReadModelUnavailable(projection, thrown);
  if (unavailable !== undefined) return unavailable;
  const corrupt = corruptAmong(events);
  if (corrupt !== undefined) return corrupt.toFailure(projection);
  throw thrown;
};

type Statements = Readonly<{
  begin: Database.Statement;
  commit: Database.Statement;
  rollback: Database.Statement;
  readPosition: Database.Statement<[], number>;
  writePosition: Database.Statement<[number]>;
}>;

const statementsOf = (db: Database.Database): Statements => ({
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  rollback: db.prepare('ROLLBACK'),
  readPosition: db.prepare<[], number>('SELECT position FROM projection_checkpoint').pluck(),
  writePosition: db.prepare('UPDATE projection_checkpoint SET position = ?'),
});

/** State of one writer between pages. */
type Progress<Type extends StoredEventType> = {
  position: Position;
  fold: Fold<Type> | undefined;
  erasurePending: boolean;
};

type Opened<Type extends StoredEventType> = Readonly<{
  db: Database.Database;
  definition: ProjectionDefinition<Type, unknown>;
  statements: Statements;
  progress: Progress<Type>;
  verify: boolean;
}>;

const foldPage = <Type extends StoredEventType>(opened: Opened<Type>, page: AllPage): Position => {
  const { db, definition, statements, progress } = opened;
  const stored = statements.readPosition.get() ?? 0;
  if (stored !== progress.position) progress.fold = undefined;
  const events = decodePage<Type>(page.events, stored, opened.verify);
  if (events.length > 0) {
    progress.fold ??= definition.open(db);
    if (progress.fold.apply(events) === 'erased') progress.erasurePending = true;
  }
  const position = Math.max(stored, page.checkpoint);
  if (position > stored) statements.writePosition.run(position);
  return position;
};

/** One transaction; throws whatever stops it, after rolling back and forgetting the fold. */
const commitPage = <Type extends StoredEventType>(opened: Opened<Type>, page: AllPage): void => {
  const { db, statements, progress } = opened;
  statements.begin.run();
  try {
    const position = foldPage(opened, page);
    statements.commit.run();
    progress.position = position;
  } catch (thrown) {
    progress.fold = undefined;
    if (db.inTransaction) statements.rollback.run();
    throw thrown;
  }
};

export const openWriter = <Type extends StoredEventType>(
  definition: ProjectionDefinition<Type, unknown>,
  path: string,
  options: WriterOptions,
): Writer => {
  const db = openDataFile(path, definition.schema, options.purpose);
  const statements = statementsOf(db);
  const progress: Progress<Type> = {
    position: statements.readPosition.get() ?? 0,
    fold: undefined,
    // A crash may have come between a deletion and the emptying of the log.
    erasurePending: options.purpose === 'live',
  };
  const opened = { db, definition, statements, progress, verify: options.verify };
  const applyOne = (page: AllPage): void => {
    if (options.purpose === 'live') commitPage(opened, page);
    else progress.position = foldPage(opened, page);
  };
  const emptyLog = (): void => {
    if (progress.erasurePending && options.purpose === 'live') {
      progress.erasurePending = !truncateLog(db);
    }
  };
  emptyLog();
  return {
    position: () => progress.position,
    applyPage: (page) => {
      if (page.checkpoint <= progress.position) return E.right(progress.position);
      try {
        applyOne(page);
        emptyLog();
        return E.right(progress.position);
      } catch (thrown) {
        return E.left(failureOf(definition.name, thrown, page.events));
      }
    },
    erasurePending: () => progress.erasurePending,
    emptyLog,
    seal: () => {
      // The one sync covers the whole file; the journal mode is kept in the file.
      statements.commit.run();
      db.pragma('journal_mode = WAL');
    },
    close: () => db.close(),
  };
};
