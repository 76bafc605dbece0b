import * as E from 'fp-ts/lib/Either.js';
import { readModelDirectory, type Place } from './config.js';
import { openLogReader, type LogReader, type SourceProblem } from './log-source.js';
import { catchUpReadModels, type ReadModelFailure } from './projections.js';
import {
  closeReadModels,
  openReadModels,
  type ReadModelProblem,
  type ReadModels,
} from './read-models.js';

/** The reading side of a node, beside its writer or without one. */
export type Queries = Readonly<{
  reader: LogReader;
  models: ReadModels;
  close: () => Promise<void>;
}>;

export type QueriesProblem = SourceProblem | ReadModelProblem | ReadModelFailure;

/**
 * Opens the read models of a node, brought up to the end of the log first: a reader that
 * finds no writer at work would otherwise answer from where the last one stopped.
 */
export const openQueries = async (place: Place): Promise<E.Either<QueriesProblem, Queries>> => {
  const reader = await openLogReader(place);
  if (E.isLeft(reader)) return reader;
  const caughtUp = await catchUpReadModels(place);
  if (E.isLeft(caughtUp)) {
    await reader.right.close();
    return caughtUp;
  }
  const models = openReadModels(readModelDirectory(place.directory));
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
