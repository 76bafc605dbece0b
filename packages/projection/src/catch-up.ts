import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AllPage, Position } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ProjectionFailure } from './failure.js';
import type { LogReader, Projection } from './projection.js';

/** Events per transaction: large enough that a commit costs nothing per event, small enough to keep memory flat. */
export const PAGE_SIZE = 2000;

type Applier = Pick<Projection, 'position' | 'applyPage' | 'handles'>;

/** Applies the log page by page up to its end. `afterPage` hears of each page that was committed. */
export const catchUp =
  (
    projection: Applier,
    reader: Pick<LogReader, 'readAll'>,
    afterPage: (page: AllPage) => void = () => undefined,
  ): TaskEither<ProjectionFailure, Position> =>
  async () => {
    const pages = reader.readAll({
      after: projection.position(),
      filter: { types: projection.handles },
      pageSize: PAGE_SIZE,
    });
    for await (const page of pages) {
      if (E.isLeft(page)) return page;
      const applied = projection.applyPage(page.right);
      if (E.isLeft(applied)) return applied;
      afterPage(page.right);
      // A store that answers from memory would otherwise keep timers and sockets waiting until the end.
      await nextTurn();
    }
    return E.right(projection.position());
  };

/** How often a live projection looks whether a rebuild has replaced its file, milliseconds. */
const SUPERSEDED_CHECK_MS = 250;

/** One subscription, until it is stopped, fails, or its file has been replaced. */
const followOnce = async (
  projection: Projection,
  reader: Pick<LogReader, 'subscribe'>,
  signal: AbortSignal,
): Promise<E.Either<ProjectionFailure, void>> => {
  const pages = reader.subscribe({
    after: projection.position(),
    filter: { types: projection.handles },
    pageSize: PAGE_SIZE,
    signal,
  });
  for await (const page of pages) {
    if (E.isLeft(page)) return page;
    if (signal.aborted || projection.superseded()) return E.right(undefined);
    const applied = projection.applyPage(page.right);
    if (E.isLeft(applied)) return applied;
    await nextTurn();
  }
  return E.right(undefined);
};

const untilReplaced = async (
  projection: Projection,
  reader: Pick<LogReader, 'subscribe'>,
  stop: AbortSignal,
): Promise<E.Either<ProjectionFailure, void>> => {
  const replaced = new AbortController();
  const stopToo = (): void => replaced.abort();
  stop.addEventListener('abort', stopToo, { once: true });
  const watch = setInterval(() => {
    if (projection.superseded()) replaced.abort();
    else projection.emptyLog();
  }, SUPERSEDED_CHECK_MS);
  try {
    return await followOnce(projection, reader, replaced.signal);
  } finally {
    clearInterval(watch);
    stop.removeEventListener('abort', stopToo);
  }
};

/**
 * Catches up, then stays live until the signal aborts; moves to the new file when a rebuild swaps it in. Ends with
 * a failure that stopped it: what had been applied stays, and following again resumes there.
 */
export const follow =
  (
    projection: Projection,
    reader: Pick<LogReader, 'subscribe'>,
    signal: AbortSignal,
  ): TaskEither<ProjectionFailure, Position> =>
  async () => {
    while (!signal.aborted) {
      if (projection.superseded()) {
        const reopened = projection.reopen();
        if (E.isLeft(reopened)) return reopened;
      }
      const followed = await untilReplaced(projection, reader, signal);
      if (E.isLeft(followed)) return followed;
      await nextTurn();
    }
    return E.right(projection.position());
  };
