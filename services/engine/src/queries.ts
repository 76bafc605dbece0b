import {
  openSqliteEventReader,
  type OpenError,
  type SqliteEventReader,
} from '@daybook/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { logDirectory, readModelDirectory } from './config.js';
import { catchUpReadModels, type ReadModelFailure } from './projections.js';
import {
  closeReadModels,
  openReadModels,
  type ReadModelProblem,
  type ReadModels,
} from './read-models.js';

/** The reading side of a data directory, beside its writer or without one. */
export type Queries = Readonly<{
  reader: SqliteEventReader;
  models: ReadModels;
  close: () => Promise<void>;
}>;

export type QueriesProblem = OpenError | ReadModelProblem | ReadModelFailure;

/**
 * Opens the read models of a data directory, brought up to the end of the log first: a reader that
 * finds no writer at work would otherwise answer from where the last one stopped.
 */
export const openQueries = async (
  directory: string,
): Promise<E.Either<QueriesProblem, Queries>> => {
  const reader = await openSqliteEventReader({ directory: logDirectory(directory) })();
  if (E.isLeft(reader)) return reader;
  const caughtUp = await catchUpReadModels(directory);
  if (E.isLeft(caughtUp)) {
    await reader.right.close();
    return caughtUp;
  }
  const models = openReadModels(readModelDirectory(directory));
  if (E.isLeft(models)) {
    await reader.right.close();
    return models;
  }
  return E.right({
    reader: reader.right,
    models: models.right,
    close: async () => {
      closeReadModels(models.right);
      await reader.right.close();
    },
  });
};
