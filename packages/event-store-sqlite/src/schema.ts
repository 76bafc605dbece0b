import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { corruptDatabase, noDatabase, Refusal } from './open-error.js';

export const LOG_FILE = 'log.db';
/** "Dayb" in ASCII, in the header of the file: tells a log from any other SQLite database. */
export const APPLICATION_ID = 0x44617962;
export const SCHEMA_VERSION = 1;

/**
 * `cid` repeats the category of the stream so that a category filter needs no join. Event ids have no index:
 * a random one would cost more than half of the append rate, and a repeat is found at its revisions.
 */
const schema = `
CREATE TABLE categories(cid INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE types(tid INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE streams(sid INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE events(
  pos INTEGER PRIMARY KEY,
  sid INTEGER NOT NULL,
  ver INTEGER NOT NULL,
  cid INTEGER NOT NULL,
  tid INTEGER NOT NULL,
  ts INTEGER NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  meta TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ev_stream ON events(sid, ver);
PRAGMA application_id = ${String(APPLICATION_ID)};
PRAGMA user_version = ${String(SCHEMA_VERSION)};
`;

const TABLES = ['categories', 'events', 'ev_stream', 'streams', 'types'];

const numberOf = (db: Database.Database, sql: string): number =>
  db.prepare<[], number>(sql).pluck().get() ?? 0;

/** Throws a `Refusal` unless the file is a log that this version can read; true when it is still empty. */
const isEmptyLog = (db: Database.Database): boolean => {
  const applicationId = numberOf(db, 'PRAGMA application_id');
  const version = numberOf(db, 'PRAGMA user_version');
  const names = db.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all();
  if (applicationId === 0 && version === 0 && names.length === 0) return true;
  if (applicationId !== APPLICATION_ID) {
    throw new Refusal(corruptDatabase(db.name, 'other-application'));
  }
  if (version > SCHEMA_VERSION) throw new Refusal(corruptDatabase(db.name, 'newer-schema'));
  if (!TABLES.every((name) => names.includes(name))) {
    throw new Refusal(corruptDatabase(db.name, 'damaged'));
  }
  return false;
};

const closingOnFailure = <A>(db: Database.Database, use: () => A): A => {
  try {
    return use();
  } catch (thrown) {
    db.close();
    throw thrown;
  }
};

const WRITER_BUSY_MS = 2_000;
const READER_BUSY_MS = 5_000;
const WRITER_CACHE_KIB = 65_536;
const READER_CACHE_KIB = 8_192;

/** Nothing is changed before the file is known to be a log. */
export const openLogForWriting = (path: string): Database.Database => {
  const db = new Database(path, { timeout: WRITER_BUSY_MS });
  return closingOnFailure(db, () => {
    const isNew = isEmptyLog(db);
    db.pragma('journal_mode = WAL');
    // better-sqlite3 is compiled to use NORMAL in WAL mode, which acknowledges before the disk has it.
    db.pragma('synchronous = FULL');
    db.pragma(`cache_size = -${String(WRITER_CACHE_KIB)}`);
    if (isNew) db.transaction(() => db.exec(schema)).immediate();
    return db;
  });
};

export const openLogForReading = (path: string): Database.Database => {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: READER_BUSY_MS });
  return closingOnFailure(db, () => {
    db.pragma(`cache_size = -${String(READER_CACHE_KIB)}`);
    if (isEmptyLog(db)) throw new Refusal(noDatabase(dirname(path), path));
    return db;
  });
};
