import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';

/**
 * The file of the endpoints: what leaves the house and whereto, their secrets, what was sent. It is apart
 * from the log because secrets must be deletable and events are not; only its owner may read it.
 */
export const WEBHOOKS_FILE = 'webhooks.db';

export type WebhooksUnavailable = Readonly<{
  _tag: 'WebhooksUnavailable';
  /** Of SQLite or of the system, such as SQLITE_FULL. */
  code: string;
  message: string;
}>;

const OWNER_ONLY = 0o600;
const VERSION = 1;
const BUSY_MS = 5_000;

const schema = `
  CREATE TABLE endpoint (
    id TEXT PRIMARY KEY, company TEXT NOT NULL, url TEXT NOT NULL, types TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Null: enabled.
    disabled TEXT,
    -- Grows with each change from outside; a sender that knows an older one changes nothing.
    epoch INTEGER NOT NULL DEFAULT 0,
    -- Everything up to here is delivered, parked, or not of interest.
    position INTEGER NOT NULL,
    -- The message that waits: attempts made, and when the next is due.
    attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER,
    waiting_event TEXT, waiting_position INTEGER, waiting_recorded_at INTEGER,
    parked_in_a_row INTEGER NOT NULL DEFAULT 0,
    made INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX endpoint_by_company ON endpoint (company, created_at);
  CREATE TABLE secret (
    endpoint TEXT NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER,
    PRIMARY KEY (endpoint, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attempt (
    endpoint TEXT NOT NULL, number INTEGER NOT NULL,
    event TEXT NOT NULL, type TEXT NOT NULL, position INTEGER NOT NULL, nth INTEGER NOT NULL,
    at INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
    result TEXT NOT NULL, status INTEGER, next_at INTEGER,
    PRIMARY KEY (endpoint, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE parked (
    endpoint TEXT NOT NULL, position INTEGER NOT NULL,
    event TEXT NOT NULL, type TEXT NOT NULL, attempts INTEGER NOT NULL,
    since INTEGER NOT NULL, result TEXT NOT NULL, status INTEGER, wanted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (endpoint, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL,
    company TEXT NOT NULL, endpoint TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL
  ) STRICT;
`;

const remedyFor = (code: string): string => {
  if (/FULL|ENOSPC/.test(code)) return 'Make room on its disk.';
  if (/READONLY|EACCES|EPERM|EROFS/.test(code)) return 'Check its owner and its permissions.';
  if (/CORRUPT|NOTADB/.test(code))
    return 'It is damaged: put a copy back, or move it away and add the endpoints again.';
  return 'It is safe to try again.';
};

const codeOf = (thrown: unknown): string | undefined => {
  const code: unknown =
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
  return typeof code === 'string' && /^(SQLITE_|E[A-Z]+$)/.test(code) ? code : undefined;
};

/** What keeps the file from being used, or undefined when something else was thrown: a bug. */
export const unavailableFrom = (thrown: unknown): WebhooksUnavailable | undefined => {
  const code = codeOf(thrown);
  if (code === undefined) return undefined;
  const message = `${WEBHOOKS_FILE} cannot be used (${code}). ${remedyFor(code)}`;
  return { _tag: 'WebhooksUnavailable', code, message };
};

export const usingFile = <A>(work: () => A): E.Either<WebhooksUnavailable, A> => {
  try {
    return E.right(work());
  } catch (thrown) {
    const unavailable = unavailableFrom(thrown);
    if (unavailable === undefined) throw thrown;
    return E.left(unavailable);
  }
};

/** Made for its owner alone before SQLite opens it: its side files then have the same permissions. */
const keepFromOthers = (path: string): void => {
  if (existsSync(path)) chmodSync(path, OWNER_ONLY);
  else closeSync(openSync(path, 'a', OWNER_ONLY));
};

const makeTables = (db: Database.Database): void => {
  const found: unknown = db.pragma('user_version', { simple: true });
  if (found === VERSION) return;
  if (found !== 0)
    throw Object.assign(new Error('unknown version'), { code: 'SQLITE_CORRUPT_VERSION' });
  db.exec(schema);
  db.pragma(`user_version = ${VERSION}`);
};

export const openFile = (directory: string): E.Either<WebhooksUnavailable, Database.Database> =>
  usingFile(() => {
    const path = join(directory, WEBHOOKS_FILE);
    keepFromOthers(path);
    const db = new Database(path, { timeout: BUSY_MS });
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      // A secret that is deleted is overwritten.
      db.pragma('secure_delete = ON');
      db.transaction(makeTables).immediate(db);
    } catch (thrown) {
      db.close();
      throw thrown;
    }
    return db;
  });
