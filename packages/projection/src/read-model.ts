import { setTimeout as pause } from 'node:timers/promises';
import type { StoredEventType } from '@daybook/domain/all-events';
import type { Position } from '@daybook/event-store';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import type { ProjectionDefinition } from './definition.js';
import type { ReadModelMissing, ReadModelUnavailable } from './failure.js';
import { liveDataPath } from './files.js';
import { attemptOnDisk } from './projection.js';

/** An answer and the position of the log that it was read at. */
export type ReadAt<A> = Readonly<{ answer: A; position: Position }>;

/** The reading side: its own read-only connection, in any thread or process. */
export type ReadModel<Queries> = Readonly<{
  /** Runs queries in one snapshot, on the file that is live now. */
  read: <A>(ask: (queries: Queries) => A) => ReadAt<A>;
  position: () => Position;
  /** For reads after one's own write: true once `position` is in the read model, false after `timeoutMs`. */
  waitFor: (position: Position, timeoutMs: number) => Promise<boolean>;
  /** A rebuild has replaced the file; `read` moves to the new one by itself. */
  superseded: () => boolean;
  file: () => string;
  close: () => void;
}>;

type Connection<Queries> = Readonly<{
  path: string;
  db: Database.Database;
  queries: Queries;
  snapshot: Database.Transaction<(ask: () => unknown) => unknown>;
  position: () => Position;
}>;

const connect = <Type extends StoredEventType, Queries>(
  definition: ProjectionDefinition<Type, Queries>,
  path: string,
): Connection<Queries> => {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -32768');
  const position = db.prepare<[], number>('SELECT position FROM projection_checkpoint').pluck();
  return {
    path,
    db,
    queries: definition.queries(db),
    snapshot: db.transaction((ask: () => unknown) => ask()),
    position: () => position.get() ?? 0,
  };
};

/** A swap may remove the file between looking at the link and opening it: look once more. */
const connectLive = <Type extends StoredEventType, Queries>(
  definition: ProjectionDefinition<Type, Queries>,
  directory: string,
): Connection<Queries> | undefined => {
  const path = liveDataPath(directory, definition);
  if (path === undefined) return undefined;
  try {
    return connect(definition, path);
  } catch (thrown) {
    const now = liveDataPath(directory, definition);
    if (now === undefined || now === path) throw thrown;
    return connect(definition, now);
  }
};

const POLL_MS = 2;

const pollFor = async (
  position: Position,
  timeoutMs: number,
  current: () => Position,
): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs;
  while (current() < position) {
    if (performance.now() >= deadline) return false;
    await pause(POLL_MS);
  }
  return true;
};

export const openReadModel = <Type extends StoredEventType, Queries>(
  definition: ProjectionDefinition<Type, Queries>,
  directory: string,
): E.Either<ReadModelMissing | ReadModelUnavailable, ReadModel<Queries>> => {
  const opened = attemptOnDisk(definition.name, () => connectLive(definition, directory));
  if (E.isLeft(opened)) return opened;
  if (opened.right === undefined) {
    const { name, version } = definition;
    return E.left({ _tag: 'ReadModelMissing', projection: name, version });
  }
  let connection = opened.right;
  const superseded = (): boolean => liveDataPath(directory, definition) !== connection.path;
  const current = (): Connection<Queries> => {
    if (!superseded()) return connection;
    const next = connectLive(definition, directory);
    if (next === undefined) return connection;
    connection.db.close();
    connection = next;
    return connection;
  };
  return E.right({
    read: <A>(ask: (queries: Queries) => A) => {
      const { snapshot, queries, position } = current();
      return snapshot(() => ({ position: position(), answer: ask(queries) })) as ReadAt<A>;
    },
    position: () => current().position(),
    waitFor: (position, timeoutMs) => pollFor(position, timeoutMs, () => current().position()),
    superseded,
    file: () => connection.path,
    close: () => connection.db.close(),
  });
};
