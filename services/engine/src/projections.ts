import { catchUp, follow, openProjection, type ProjectionFailure } from '@daybook/projection';
import { Worker } from 'node:worker_threads';
import * as E from 'fp-ts/lib/Either.js';
import { readModelDirectory, type Place } from './config.js';
import { openLogReader } from './log-source.js';
import { definitions } from './read-models.js';

/** Every projection, opened for writing. */
const openAll = ({ directory }: Place) => {
  const options = { directory: readModelDirectory(directory) };
  return [
    openProjection(definitions.creditLedger, options),
    openProjection(definitions.summaryCatalog, options),
    openProjection(definitions.devicePolicy, options),
    openProjection(definitions.sessionHistory, options),
    openProjection(definitions.consentRegister, options),
  ];
};

export type ReadModelFailure = ProjectionFailure | Readonly<{ _tag: string; message: string }>;

/** Brings every read model to the end of the log, in this thread. */
export const catchUpReadModels = async (
  place: Place,
): Promise<E.Either<ReadModelFailure, void>> => {
  const reader = await openLogReader(place);
  if (E.isLeft(reader)) return reader;
  try {
    for (const opened of openAll(place)) {
      if (E.isLeft(opened)) return opened;
      const caughtUp = await catchUp(opened.right, reader.right)();
      opened.right.close();
      if (E.isLeft(caughtUp)) return caughtUp;
    }
    return E.right(undefined);
  } finally {
    await reader.right.close();
  }
};

/** Follows the log with every projection until the signal aborts; the first failure ends all. */
export const followReadModels = async (
  place: Place,
  signal: AbortSignal,
): Promise<E.Either<ReadModelFailure, void>> => {
  const reader = await openLogReader(place);
  if (E.isLeft(reader)) return reader;
  const opened = openAll(place);
  for (const projection of opened) if (E.isLeft(projection)) return projection;
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const projections = opened.filter(E.isRight).map((projection) => projection.right);
  const followed = await Promise.all(
    projections.map(async (projection) => {
      const result = await follow(projection, reader.right, both)();
      if (E.isLeft(result)) stop.abort();
      return result;
    }),
  );
  for (const projection of projections) projection.close();
  await reader.right.close();
  return followed.find(E.isLeft) ?? E.right(undefined);
};

export type ProjectionThread = Readonly<{
  /** Resolves with why it ended: null after `stop`, otherwise what went wrong. */
  ended: Promise<string | null>;
  stop: () => Promise<void>;
}>;

/** Runs the projections in a thread of their own, so that no append waits for a read model. */
export const startProjectionThread = ({ directory, source }: Place): ProjectionThread => {
  const worker = new Worker(new URL('./projection-worker.js', import.meta.url), {
    workerData: { directory, source },
  });
  let failure: string | null = null;
  worker.on('message', (message: unknown) => {
    failure = String(message);
  });
  const ended = new Promise<string | null>((resolve) => {
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', (code) => resolve(failure ?? (code === 0 ? null : `exit code ${code}`)));
  });
  return {
    ended,
    stop: async () => {
      worker.postMessage('stop');
      await ended;
    },
  };
};
