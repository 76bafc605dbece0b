import { mkdirSync } from 'node:fs';
import type { StoredEventType } from '@daybook/domain/all-events';
import type { AllPage, EventStore, Position } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { ProjectionDefinition } from './definition.js';
import {
  toReadModelUnavailable,
  type ProjectionFailure,
  type ReadModelUnavailable,
} from './failure.js';
import { liveDataPath, newDataPath, publishFirst, removeLeftovers } from './files.js';
import { waiting } from './waiting.js';
import { openWriter, type Writer } from './writer.js';

/** What a projection needs of a store; any adapter has it. */
export type LogReader = Pick<EventStore, 'readAll' | 'subscribe' | 'head'>;

/** The writing side of one read model. One per read model is enough; two do no harm. */
export type Projection = Readonly<{
  name: string;
  version: number;
  handles: readonly string[];
  /** Everything in the log up to here has been looked at. */
  position: () => Position;
  applyPage: (page: AllPage) => E.Either<ProjectionFailure, Position>;
  /** Resolves true once `position` has been applied here, false after `timeoutMs`. */
  waitFor: (position: Position, timeoutMs: number) => Promise<boolean>;
  /** A rebuild has put another file in the place of the one that is being written. */
  superseded: () => boolean;
  /** Goes on with the file that is live now. */
  reopen: () => E.Either<ReadModelUnavailable, void>;
  /** Deleted text still stands in the write-ahead log because a reader holds it; tried again on every page. */
  erasurePending: () => boolean;
  emptyLog: () => void;
  /** The data file behind the link. */
  file: () => string;
  close: () => void;
}>;

export type ProjectionOptions = Readonly<{
  directory: string;
  /** Decode every event with its codecs before it is applied (an audit). Default: trust what was validated on writing. */
  verify?: boolean;
}>;

/** Tables are made under a lock, so that no other process takes the unpublished file for a leftover. */
const ensureLive = <Type extends StoredEventType>(
  definition: ProjectionDefinition<Type, unknown>,
  directory: string,
): string => {
  const live = liveDataPath(directory, definition);
  if (live !== undefined) return live;
  const path = newDataPath(directory, definition);
  const made = openWriter(definition, path, { purpose: 'rebuild', verify: false });
  made.seal();
  const published = publishFirst(directory, definition, path);
  made.close();
  return published;
};

type Held = { path: string; writer: Writer };

const holdLive = <Type extends StoredEventType>(
  definition: ProjectionDefinition<Type, unknown>,
  options: ProjectionOptions,
): Held => {
  const path = ensureLive(definition, options.directory);
  const writer = openWriter(definition, path, {
    purpose: 'live',
    verify: options.verify ?? false,
  });
  return { path, writer };
};

/** A typed value for the disk's faults; anything else is a bug and goes on being thrown. */
export const attemptOnDisk = <A>(
  projection: string,
  action: () => A,
): E.Either<ReadModelUnavailable, A> => {
  try {
    return E.right(action());
  } catch (thrown) {
    const unavailable = toReadModelUnavailable(projection, thrown);
    if (unavailable === undefined) throw thrown;
    return E.left(unavailable);
  }
};

export const openProjection = <Type extends StoredEventType>(
  definition: ProjectionDefinition<Type, unknown>,
  options: ProjectionOptions,
): E.Either<ReadModelUnavailable, Projection> =>
  attemptOnDisk(definition.name, () => {
    mkdirSync(options.directory, { recursive: true });
    removeLeftovers(options.directory, definition);
    const held = holdLive(definition, options);
    const waiters = waiting(() => held.writer.position());
    return {
      name: definition.name,
      version: definition.version,
      handles: definition.handles,
      position: () => held.writer.position(),
      applyPage: (page) => {
        const applied = held.writer.applyPage(page);
        waiters.wake();
        return applied;
      },
      waitFor: waiters.waitFor,
      superseded: () => liveDataPath(options.directory, definition) !== held.path,
      reopen: () =>
        attemptOnDisk(definition.name, () => {
          const next = holdLive(definition, options);
          held.writer.close();
          Object.assign(held, next);
          waiters.wake();
        }),
      erasurePending: () => held.writer.erasurePending(),
      emptyLog: () => held.writer.emptyLog(),
      file: () => held.path,
      close: () => {
        waiters.release();
        held.writer.close();
      },
    };
  });
