import type { EventStore, ReadError } from '@daybook/event-store';
import { makeEsdbEventStore, type InvalidConnection } from '@daybook/event-store-esdb';
import {
  openSqliteEventReader,
  openSqliteEventStore,
  type OpenError,
} from '@daybook/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { logDirectory, type LogSource, type Place } from './config.js';
import { claimForLog, ownLogIn, refusedOwnLog, type AnotherLog } from './log-identity.js';
import { ownStreams } from './own-streams.js';

/** The read side of the port, whatever the store. */
export type LogReader = Omit<EventStore, 'append'>;

export type SourceProblem = OpenError | InvalidConnection | AnotherLog | ReadError;

export const embedded: LogSource = { kind: 'embedded' };

/** The log of an event store, for who keeps nothing beside it. */
export const connectToLog = (
  connectionString: string,
  clock: () => number,
): E.Either<InvalidConnection, EventStore> =>
  makeEsdbEventStore({ connectionString, clock, random: () => Math.random() });

const connect = async (
  directory: string,
  connectionString: string,
  clock: () => number,
): Promise<E.Either<SourceProblem, EventStore>> => {
  if (ownLogIn(directory)) return E.left(refusedOwnLog(directory));
  const store = connectToLog(connectionString, clock);
  if (E.isLeft(store)) return store;
  const claimed = await claimForLog(directory, store.right);
  if (E.isRight(claimed)) return store;
  await store.right.close();
  return claimed;
};

/** Opens the log for writing, with all that it holds: an embedded one as its one writer. */
export const openLog = async (
  { directory, source = embedded }: Place,
  clock: () => number,
): Promise<E.Either<SourceProblem, EventStore>> => {
  if (source.kind === 'esdb') return connect(directory, source.connectionString, clock);
  const free = await claimForLog(directory, null);
  if (E.isLeft(free)) return free;
  return openSqliteEventStore({ directory: logDirectory(directory), clock })();
};

/** Opens the log for reading, with all that it holds, beside its writers. */
export const openWholeLogReader = async ({
  directory,
  source = embedded,
}: Place): Promise<E.Either<SourceProblem, LogReader>> =>
  source.kind === 'esdb'
    ? connect(directory, source.connectionString, Date.now)
    : openSqliteEventReader({ directory: logDirectory(directory) })();

/** Opens what is Daybook's of the log for reading, beside its writers. */
export const openLogReader = async (place: Place): Promise<E.Either<SourceProblem, LogReader>> => {
  const whole = await openWholeLogReader(place);
  return E.isLeft(whole) ? whole : E.right(ownStreams(whole.right));
};

/** Does something with the log, opened for reading, and closes it. */
export const withLogReader = async <L, A>(
  place: Place,
  work: (reader: LogReader) => Promise<E.Either<L, A>>,
): Promise<E.Either<L | SourceProblem, A>> => {
  const reader = await openLogReader(place);
  if (E.isLeft(reader)) return reader;
  try {
    return await work(reader.right);
  } finally {
    await reader.right.close();
  }
};
