import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Refusal, secondWriter } from './open-error.js';
import { sqliteCode } from './sqlite-error.js';

export const LOCK_FILE = 'writer.lock';
export const HOLDER_FILE = 'writer.json';

export type WriterLock = Readonly<{ release: () => void }>;

type Holder = Readonly<{ pid: number | undefined; since: string | undefined }>;

/** The note may be missing or torn; then the lock still holds, only its message says less. */
const readHolder = (path: string): Holder => {
  try {
    const note: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const { pid, since } = Object(note) as Record<string, unknown>;
    return {
      pid: typeof pid === 'number' ? pid : undefined,
      since: typeof since === 'string' ? since : undefined,
    };
  } catch {
    return { pid: undefined, since: undefined };
  }
};

/**
 * The one writer holds an exclusive SQLite transaction on an empty lock file while it lives. The kernel drops
 * that lock with the process, however it ends, and SQLite also keeps connections of one process apart.
 * Nothing else may open the lock file or `log.db`: closing any descriptor of a file drops the process's locks on it.
 */
export const takeWriterLock = (directory: string, now: number): WriterLock => {
  const holderPath = join(directory, HOLDER_FILE);
  const lock = new Database(join(directory, LOCK_FILE), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    const isHeld = sqliteCode(thrown)?.startsWith('SQLITE_BUSY') === true;
    throw isHeld ? new Refusal(secondWriter(directory, readHolder(holderPath))) : thrown;
  }
  const release = (): void => {
    rmSync(holderPath, { force: true });
    lock.close();
  };
  try {
    const since = new Date(now).toISOString();
    writeFileSync(holderPath, `${JSON.stringify({ pid: process.pid, since })}\n`);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return { release };
};
