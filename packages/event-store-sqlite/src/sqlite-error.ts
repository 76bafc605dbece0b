import { statfsSync } from 'node:fs';
import type { CorruptStore, ReadError, StoreUnavailable } from '@daybook/event-store';

const codeOf = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'code' in thrown &&
  typeof thrown.code === 'string'
    ? thrown.code
    : undefined;

/**
 * SQLite's result code of a thrown value, e.g. `SQLITE_FULL`; undefined when SQLite did not throw it. By its
 * code, not its class: the native module keeps the error class of whoever loaded it first in the process.
 */
export const sqliteCode = (thrown: unknown): string | undefined => {
  const code = codeOf(thrown);
  return code?.startsWith('SQLITE_') === true ? code : undefined;
};

/** The system's code, e.g. `ENOSPC`. */
export const systemCode = (thrown: unknown): string | undefined => {
  const code = codeOf(thrown);
  return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
};

export const isCorruption = (code: string): boolean =>
  code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT');

const NO_ROOM_BYTES = 256 * 1024;

/** SQLite says only "I/O error" when the shared-memory file cannot grow, so ask the file system. */
const hasNoRoom = (directory: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize < NO_ROOM_BYTES;
  } catch {
    return false;
  }
};

export const isDiskFull = (code: string, directory: string): boolean =>
  code === 'SQLITE_FULL' || (code.startsWith('SQLITE_IOERR') && hasNoRoom(directory));

const unavailable = (reason: StoreUnavailable['reason'], message: string): StoreUnavailable => ({
  _tag: 'StoreUnavailable',
  reason,
  message,
});

export const closedStore: StoreUnavailable = unavailable('closed', 'The event store is closed.');
export const overloadedStore: StoreUnavailable = unavailable(
  'busy',
  'Too many appends are waiting for the disk; try again later.',
);

/** Messages name the directory and SQLite's code only: a statement's text or values never reach a log. */
const reasonOf = (code: string, directory: string): StoreUnavailable => {
  if (isDiskFull(code, directory)) {
    return unavailable(
      'disk-full',
      `No room left on the disk of ${directory} (${code}). Free some and do the same again: what was acknowledged is kept.`,
    );
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return unavailable('read-only', `${directory} cannot be written (${code}).`);
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return unavailable('busy', `Another program holds the log in ${directory} (${code}).`);
  }
  if (isCorruption(code)) {
    return unavailable('io', `The log in ${directory} is damaged (${code}); run doctor.`);
  }
  return unavailable('io', `The disk of ${directory} failed (${code}).`);
};

/** What a failed append is to its caller. Anything that SQLite did not throw is a bug and goes on up. */
export const toStoreUnavailable = (thrown: unknown, directory: string): StoreUnavailable => {
  const code = sqliteCode(thrown);
  if (code === undefined) throw thrown;
  return reasonOf(code, directory);
};

/** What a failed read is to its caller. */
export const toReadError = (thrown: unknown, directory: string): ReadError => {
  const code = sqliteCode(thrown);
  if (code === undefined) throw thrown;
  if (!isCorruption(code)) return reasonOf(code, directory);
  const message = `The log in ${directory} is damaged (${code}); stop the engine, run doctor, restore a backup.`;
  return { _tag: 'CorruptStore', message } satisfies CorruptStore;
};
