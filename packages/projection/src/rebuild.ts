import type { StoredEventType } from '@daybook/domain/all-events';
import type { Position } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { catchUp } from './catch-up.js';
import type { ProjectionDefinition } from './definition.js';
import type { ProjectionFailure } from './failure.js';
import { newDataPath, removeDataFile, removeLeftovers, swapLive } from './files.js';
import { attemptOnDisk, type LogReader, type ProjectionOptions } from './projection.js';
import { openWriter, type Writer } from './writer.js';

export type RebuildProgress = Readonly<{
  position: Position;
  /** End of the log when the rebuild began. */
  head: Position;
  /** Handled events applied so far. */
  events: number;
}>;

export type Rebuilt = Readonly<{ position: Position; events: number }>;

export type RebuildOptions = ProjectionOptions &
  Readonly<{ onProgress?: (progress: RebuildProgress) => void }>;

/** Follows the end of the log until a whole pass brings nothing new. */
const fill = async (
  writer: Writer,
  handles: readonly string[],
  source: Readonly<{ reader: LogReader; options: RebuildOptions }>,
): Promise<E.Either<ProjectionFailure, Rebuilt>> => {
  const head = await source.reader.head()();
  if (E.isLeft(head)) return head;
  let events = 0;
  for (let before = -1; before < writer.position();) {
    before = writer.position();
    const caughtUp = await catchUp({ ...writer, handles }, source.reader, (page) => {
      events += page.events.length;
      source.options.onProgress?.({ position: writer.position(), head: head.right, events });
    })();
    if (E.isLeft(caughtUp)) return caughtUp;
  }
  return E.right({ position: writer.position(), events });
};

/**
 * Fills a new file beside the live one and puts it in its place in one step once it has caught up. The
 * live file stays readable and is kept when the rebuild fails; an interrupted one leaves a file that
 * the next open removes.
 */
export const rebuild =
  <Type extends StoredEventType>(
    definition: ProjectionDefinition<Type, unknown>,
    reader: LogReader,
    options: RebuildOptions,
  ): TaskEither<ProjectionFailure, Rebuilt> =>
  async () => {
    const { directory, verify = false } = options;
    const opened = attemptOnDisk(definition.name, () => {
      removeLeftovers(directory, definition);
      const path = newDataPath(directory, definition);
      return { path, writer: openWriter(definition, path, { purpose: 'rebuild', verify }) };
    });
    if (E.isLeft(opened)) return opened;
    const { path, writer } = opened.right;
    let swapped = false;
    try {
      const filled = await fill(writer, definition.handles, { reader, options });
      if (E.isLeft(filled)) return filled;
      return attemptOnDisk(definition.name, () => {
        writer.seal();
        swapLive(directory, definition, path);
        swapped = true;
        return filled.right;
      });
    } finally {
      writer.close();
      if (!swapped) removeDataFile(path);
    }
  };
