import {
  catchUp,
  digest,
  dump,
  lagOf,
  livePath,
  openProjection,
  rebuild,
  type Lag,
  type ProjectionDefinition,
  type ProjectionFailure,
  type RebuildProgress,
} from '@daybook/projection';
import type { StoredEventType } from '@daybook/domain/all-events';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readModelDirectory, type Place } from './config.js';
import { rowContentDigest } from './content-digest.js';
import { withLogReader, type LogReader, type SourceProblem } from './log-source.js';
import { definitions } from './read-models.js';

type AnyDefinition = ProjectionDefinition<StoredEventType, unknown>;

/** The types of what a projection handles are of no interest to whoever only rebuilds and inspects it. */
const all = Object.values(definitions) as unknown as readonly AnyDefinition[];

/** Names of the read models, as `rebuildReadModel` takes them. */
export const readModelNames: readonly string[] = all.map(({ name }) => name);

export type RebuiltReadModel = Readonly<{
  name: string;
  /** Handled events that were applied. */
  events: number;
  position: number;
  milliseconds: number;
  /** SHA-256 over every row; null where there was nothing to compare with. */
  before: string | null;
  after: string;
}>;

type Failed = SourceProblem | ProjectionFailure;

const digestOf = (directory: string, definition: AnyDefinition): Promise<string> =>
  digest(dump({ file: () => livePath(directory, definition) }));

/** Brings the live file to the end of the log, so that it can be compared with one made from the beginning. */
const liveDigest = async (
  directory: string,
  definition: AnyDefinition,
  reader: LogReader,
): Promise<E.Either<ProjectionFailure, string | null>> => {
  if (!existsSync(livePath(directory, definition))) return E.right(null);
  const live = openProjection(definition, { directory });
  if (E.isLeft(live)) return live;
  const caughtUp = await catchUp(live.right, reader)();
  live.right.close();
  if (E.isLeft(caughtUp)) return caughtUp;
  return E.right(await digestOf(directory, definition));
};

/** Makes a read model again from the whole log, beside the live one, and compares the two. */
export const rebuildReadModel = async (
  place: Place,
  name: string,
  onProgress: (progress: RebuildProgress) => void,
): Promise<E.Either<Failed, RebuiltReadModel>> => {
  const definition = all.find((each) => each.name === name);
  if (definition === undefined) throw new Error(`There is no read model ${name}`);
  const directory = readModelDirectory(place.directory);
  return withLogReader<Failed, RebuiltReadModel>(place, async (reader) => {
    const before = await liveDigest(directory, definition, reader);
    if (E.isLeft(before)) return before;
    const started = performance.now();
    const rebuilt = await rebuild(definition, reader, { directory, onProgress })();
    if (E.isLeft(rebuilt)) return rebuilt;
    const milliseconds = performance.now() - started;
    const after = await digestOf(directory, definition);
    return E.right({ name, ...rebuilt.right, milliseconds, before: before.right, after });
  });
};

export type ReadModelCondition = Readonly<{
  name: string;
  version: number;
  position: number;
  lag: Lag;
  /** SHA-256 of the rows, without where and when they were recorded. */
  contentDigest: string;
}>;

type Conditions = ReadonlyMap<string, ReadModelCondition | null>;

const conditionsOf = async (
  directory: string,
  reader: LogReader,
  now: number,
): Promise<E.Either<Failed, Conditions>> => {
  const conditions = new Map<string, ReadModelCondition | null>();
  for (const definition of all) {
    const { name, version } = definition;
    conditions.set(name, null);
    if (!existsSync(livePath(directory, definition))) continue;
    const opened = openProjection(definition, { directory });
    if (E.isLeft(opened)) return opened;
    const position = opened.right.position();
    const lag = await lagOf(opened.right, reader, now)();
    const file = opened.right.file();
    opened.right.close();
    if (E.isLeft(lag)) return lag;
    const contentDigest = rowContentDigest(file);
    conditions.set(name, { name, version, position, lag: lag.right, contentDigest });
  }
  return E.right(conditions);
};

/** How each read model stands; null for one that nothing has filled yet. */
export const inspectReadModels = (
  place: Place,
  now: number,
): Promise<E.Either<Failed, Conditions>> =>
  withLogReader<Failed, Conditions>(place, (reader) =>
    conditionsOf(readModelDirectory(place.directory), reader, now),
  );

/** How far each process has handled the log, by its name; none before the first writer. */
export const readCheckpoints = (dataDirectory: string): Readonly<Record<string, number>> => {
  const file = join(dataDirectory, 'processes.db');
  if (!existsSync(file)) return {};
  const db = new Database(file, { readonly: true });
  try {
    const rows = db
      .prepare<[], Readonly<{ name: string; position: number }>>(
        'SELECT name, position FROM checkpoints ORDER BY name',
      )
      .all();
    return Object.fromEntries(rows.map(({ name, position }) => [name, position]));
  } finally {
    db.close();
  }
};
