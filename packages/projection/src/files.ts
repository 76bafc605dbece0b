import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ModelName } from './definition.js';
import { codeOf } from './failure.js';

/*
 * `<name>.v<version>.db` is a symbolic link to a data file `<name>.v<version>.<random>.db`. SQLite forbids renaming
 * over a database that is open: the new file would meet the old one's write-ahead log. A link is replaced
 * atomically, each data file keeps its own log, and readers of the old one are not disturbed.
 */
const baseOf = (model: ModelName): string => `${model.name}.v${model.version}`;

export const livePath = (directory: string, model: ModelName): string =>
  join(directory, `${baseOf(model)}.db`);

export const newDataPath = (directory: string, model: ModelName): string =>
  join(directory, `${baseOf(model)}.${randomUUID().slice(0, 8)}.db`);

/** Path of the data file that is live now, or `undefined` when there is none. */
export const liveDataPath = (directory: string, model: ModelName): string | undefined => {
  try {
    return join(directory, readlinkSync(livePath(directory, model)));
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
};

export const removeDataFile = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

const syncDirectory = (directory: string): void => {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

const fileNameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Makes a data file the live one, unless there is one already. Returns the path that is live afterwards. */
export const publishFirst = (directory: string, model: ModelName, path: string): string => {
  try {
    symlinkSync(fileNameOf(path), livePath(directory, model));
    syncDirectory(directory);
    return path;
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
    removeDataFile(path);
    return liveDataPath(directory, model) ?? path;
  }
};

/** Makes a data file the live one in one step and removes the file that was; open readers keep it until they close. */
export const swapLive = (directory: string, model: ModelName, path: string): void => {
  const before = liveDataPath(directory, model);
  const link = `${path}.link`;
  symlinkSync(fileNameOf(path), link);
  renameSync(link, livePath(directory, model));
  syncDirectory(directory);
  if (before !== undefined) removeDataFile(before);
};

/** A rebuild holds its file locked for as long as its process lives, so an unlocked one was left by a crash. */
const isAbandoned = (path: string): boolean => {
  const db = new Database(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE; ROLLBACK');
    return true;
  } catch (thrown) {
    // A file that is torn in its first page is no database at all: nobody works on it.
    return codeOf(thrown) !== 'SQLITE_BUSY';
  } finally {
    db.close();
  }
};

/** Removes what interrupted rebuilds of this version left behind. */
export const removeLeftovers = (directory: string, model: ModelName): void => {
  mkdirSync(directory, { recursive: true });
  const live = liveDataPath(directory, model);
  const prefix = `${baseOf(model)}.`;
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(directory, name);
    if (/\.[0-9a-f]{8}\.db\.link$/.test(name)) rmSync(path, { force: true });
    else if (/\.[0-9a-f]{8}\.db$/.test(name) && path !== live && isAbandoned(path)) {
      removeDataFile(path);
    } else if (/\.db-(wal|shm)$/.test(name) && !existsSync(path.slice(0, -'-wal'.length))) {
      rmSync(path, { force: true });
    }
  }
};
