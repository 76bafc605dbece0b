import type { EventStore, ReadError } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { logDirectory } from './config.js';

/**
 * The data directory was filled from another log than the one it is now opened with. Positions of one
 * log mean nothing in another: read models and processes would pass events over without a word.
 */
export type AnotherLog = Readonly<{ _tag: 'AnotherLog'; message: string }>;

/** The first event says which log it is: no two logs begin with the same one at the same place. */
type Identity = Readonly<{ id: string; position: number }>;

const fileIn = (directory: string): string => join(directory, 'log-identity.json');

/** Does the directory hold a log of its own? */
export const ownLogIn = (directory: string): boolean =>
  existsSync(join(logDirectory(directory), 'log.db'));

const anotherLog = (message: string): AnotherLog => ({ _tag: 'AnotherLog', message });

export const refusedOwnLog = (directory: string): AnotherLog =>
  anotherLog(
    `${directory} holds a log of its own. Name another data directory for a node of an event store; daybook log copy brings a log there.`,
  );

const notEmbedded = (directory: string): AnotherLog =>
  anotherLog(
    `${directory} belongs to a node whose log is in an event store. Name the store with --store or DAYBOOK_STORE_FILE, or another directory with --data.`,
  );

const differs = (directory: string): AnotherLog =>
  anotherLog(
    `${directory} was filled from another log than the one in this event store. Name another data directory; it is filled from the log by itself.`,
  );

const firstOf = async (
  store: Pick<EventStore, 'readAll'>,
): Promise<E.Either<ReadError, Identity | null>> => {
  for await (const page of store.readAll({ limit: 1 })) {
    if (E.isLeft(page)) return page;
    const [event] = page.right.events;
    if (event !== undefined) return E.right({ id: event.id, position: event.position });
  }
  return E.right(null);
};

const known = (directory: string): Partial<Identity> | null => {
  const file = fileIn(directory);
  if (!existsSync(file)) return null;
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8'))) as Partial<Identity>;
  } catch {
    // Half a file: whose log it was is unknown, so that it is nobody's.
    return {};
  }
};

/** Several threads and programs of one node may write it at once, all of them the same. */
const remember = (directory: string, identity: Identity): void => {
  const written = `${fileIn(directory)}.${process.pid}-${threadId}`;
  writeFileSync(written, `${JSON.stringify(identity)}\n`);
  renameSync(written, fileIn(directory));
};

/**
 * Binds a data directory to the log that it is filled from, once that has a first event, and tells when it is bound
 * to another. Without a store the log is the directory's own.
 */
export const claimForLog = async (
  directory: string,
  store: Pick<EventStore, 'readAll'> | null,
): Promise<E.Either<AnotherLog | ReadError, void>> => {
  const before = known(directory);
  if (store === null) return before === null ? E.right(undefined) : E.left(notEmbedded(directory));
  const first = await firstOf(store);
  if (E.isLeft(first)) return first;
  mkdirSync(directory, { recursive: true });
  if (before === null) {
    if (first.right !== null) remember(directory, first.right);
    return E.right(undefined);
  }
  const isSame = before.id === first.right?.id && before.position === first.right?.position;
  return isSame ? E.right(undefined) : E.left(differs(directory));
};
