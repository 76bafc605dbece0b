import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type {
  AllPage,
  Direction,
  EventStore,
  Position,
  ReadAllOptions,
  ReadError,
  ReadFilter,
  ReadStreamOptions,
  Revision,
  StoredEvent,
  StreamPage,
  SubscribeOptions,
} from './event-store.js';

export const DEFAULT_PAGE_EVENTS = 512;
const PAGE_EVENTS_MAX = 10_000;

export type StreamPageRequest = Readonly<{
  stream: string;
  /** Inclusive; undefined means from the near end of the direction. */
  from: Revision | undefined;
  direction: Direction;
  /** Fewer events in the answer mean that the stream ends there. */
  count: number;
}>;

export type AllPageRequest = Readonly<{
  /** Exclusive; undefined means the whole log. */
  after: Position | undefined;
  direction: Direction;
  filter: ReadFilter;
  /** Most events in the page. It may hold fewer, even none, without being the last. */
  count: number;
}>;

/** What an adapter supplies: single pages, and a way to wait. Each page is a read of its own. */
export type LogPages = Readonly<{
  streamPage: (
    request: StreamPageRequest,
  ) =>
    | E.Either<ReadError, readonly StoredEvent[]>
    | Promise<E.Either<ReadError, readonly StoredEvent[]>>;
  allPage: (
    request: AllPageRequest,
  ) => E.Either<ReadError, AllPage> | Promise<E.Either<ReadError, AllPage>>;
  /** Resolves when the log may reach past `position`, when the signal aborts, or when the store closes. */
  waitPast: (position: Position, signal: AbortSignal) => Promise<void>;
}>;

export type ReadSide = Pick<EventStore, 'readStream' | 'readAll' | 'subscribe'>;

const pageCount = (pageSize: number | undefined, left: number): number =>
  Math.max(1, Math.min(left, pageSize ?? DEFAULT_PAGE_EVENTS, PAGE_EVENTS_MAX));

const followingRevision = (events: readonly StoredEvent[], direction: Direction): Revision => {
  const last = events.at(-1)?.revision ?? -1;
  return direction === 'forwards' ? last + 1 : last - 1;
};

async function* readStreamPages(
  pages: LogPages,
  stream: string,
  options: ReadStreamOptions,
): AsyncGenerator<E.Either<ReadError, StreamPage>, void, void> {
  const direction = options.direction ?? 'forwards';
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let from = options.from;
  while (left > 0) {
    const count = pageCount(options.pageSize, left);
    const page = await pages.streamPage({ stream, from, direction, count });
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    const events = page.right;
    if (events.length > 0) yield E.right({ events });
    from = followingRevision(events, direction);
    if (events.length < count || from < 0) return;
    left -= events.length;
    // A long read lets timers and sockets have their turn between pages.
    await nextTurn();
  }
}

async function* readAllPages(
  pages: LogPages,
  options: ReadAllOptions,
): AsyncGenerator<E.Either<ReadError, AllPage>, void, void> {
  const { direction = 'forwards', filter = {} } = options;
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let after = options.after;
  while (left > 0) {
    const count = pageCount(options.pageSize, left);
    const page = await pages.allPage({ after, direction, filter, count });
    yield page;
    if (E.isLeft(page) || page.right.caughtUp) return;
    left -= page.right.events.length;
    after = page.right.checkpoint;
    await nextTurn();
  }
}

/**
 * One loop for catch-up and live: read a page; when nothing is left, wait until the log has grown. Nothing is
 * buffered, so a slow reader gets larger pages later, not more memory now.
 */
async function* subscription(
  pages: LogPages,
  options: SubscribeOptions,
): AsyncGenerator<E.Either<ReadError, AllPage>, void, void> {
  const { signal, filter = {} } = options;
  const count = pageCount(options.pageSize, Number.POSITIVE_INFINITY);
  let { after } = options;
  let hasCaughtUp = false;
  while (!signal.aborted) {
    const page = await pages.allPage({ after, direction: 'forwards', filter, count });
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    const { checkpoint, caughtUp } = page.right;
    if (checkpoint > after || (caughtUp && !hasCaughtUp)) yield page;
    hasCaughtUp ||= caughtUp;
    after = checkpoint;
    if (caughtUp) await pages.waitPast(after, signal);
    else await nextTurn();
  }
}

/** The read side of a store from an adapter's single pages. */
export const makeReadSide = (pages: LogPages): ReadSide => ({
  readStream: (stream, options = {}) => readStreamPages(pages, stream, options),
  readAll: (options = {}) => readAllPages(pages, options),
  subscribe: (options) => subscription(pages, options),
});
