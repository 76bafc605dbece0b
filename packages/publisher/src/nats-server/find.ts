import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { messageOf } from '../message-of.js';

const execute = promisify(execFile);

/** Fit to be shown as it is: it says where was looked and what to do. */
export type NatsServerNotFound = Readonly<{ _tag: 'NatsServerNotFound'; message: string }>;

export type Environment = Readonly<Record<string, string | undefined>>;

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** An ordinary user's PATH has no sbin, which is where distributions install servers. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

const pathOf = (environment: Environment): readonly string[] =>
  (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');

const cacheOf = (environment: Environment): string =>
  join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'daybook', 'nats-server');

/** Unpacked beside the cache and then moved: two test runs that do it at once do not meet half a file. */
const unpackPackage = async (cache: string, environment: Environment): Promise<void> => {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'unpacking-'));
  const how = { cwd: folder, timeout: 60_000, env: { ...environment } };
  try {
    await execute('apt-get', ['download', 'nats-server'], how);
    const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
    if (file === undefined) throw new Error('apt-get downloaded no package');
    await execute('dpkg', ['-x', file, 'root'], how);
    await rename(join(folder, 'root', 'usr', 'sbin', 'nats-server'), join(cache, 'nats-server'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const notFound = (message: string): E.Either<NatsServerNotFound, string> =>
  E.left({ _tag: 'NatsServerNotFound', message });

/**
 * Path of a nats-server: `NATS_SERVER_BIN`, then PATH and sbin, then the cache folder, into which the
 * distribution's package is unpacked when it must be; that needs apt's package lists, but no root.
 */
export const findNatsServer = async (
  environment: Environment = process.env,
  systemFolders: readonly string[] = SYSTEM_FOLDERS,
): Promise<E.Either<NatsServerNotFound, string>> => {
  const named = environment['NATS_SERVER_BIN'];
  if (named !== undefined && named !== '')
    return (await isProgram(named))
      ? E.right(named)
      : notFound(`NATS_SERVER_BIN names ${named}, which is not a program that can be run.`);
  const cache = cacheOf(environment);
  for (const folder of [...pathOf(environment), ...systemFolders, cache]) {
    const path = join(folder, 'nats-server');
    if (await isProgram(path)) return E.right(path);
  }
  try {
    await unpackPackage(cache, environment);
    return E.right(join(cache, 'nats-server'));
  } catch (error) {
    return notFound(
      'There is no nats-server on this machine, and its package could not be unpacked ' +
        `(${messageOf(error)}). Install it with "apt-get install nats-server", or name a program in NATS_SERVER_BIN.`,
    );
  }
};
