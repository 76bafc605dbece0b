import * as E from 'fp-ts/lib/Either.js';
import {
  type AppendError,
  type Appended,
  type Direction,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  firstRevisionAfter,
  makeReadSide,
  type ReadError,
  rejectionOf,
  type StoredEvent,
} from '@daybook/event-store';
import { type AppendQueue, makeAppendQueue } from './append-queue.js';
import { type AppendRequest, unsendable } from './append-request.js';
import { makeClosing } from './closing.js';
import { Connection } from './connection.js';
import { type InvalidConnection, readConnectionString } from './connection-settings.js';
import { type EsdbPages, makePages } from './log-pages.js';
import { neverDecreasingPages } from './recorded-times.js';
import type { StoreFailure } from './store-error.js';
import { subscription, type SubscriptionParts } from './subscription.js';
import type { AppendSuccess } from './wire/append-response.js';

export type EsdbEventStoreOptions = Readonly<{
  /** `esdb://` or `esdb+discover://`, as EventStoreDB and KurrentDB document it. */
  connectionString: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** At least 0, below 1: spreads the attempts of clients that lost the same server. */
  random: () => number;
  /**
   * How long an append or read is repeated while the server cannot be reached, from the first failure. Default
   * 45,000 milliseconds: a restart of the database, or an election, is not noticed but for the wait. 0 is one attempt.
   */
  outageMsMax?: number;
  /** Default 50 milliseconds, doubled with each further attempt. */
  retryDelayMsFirst?: number;
  /** Default 1,000 milliseconds: so long after the server is back, at most, the work goes on. */
  retryDelayMsMax?: number;
  /** Longest time without an answer to an append. Default 10,000 milliseconds. */
  appendTimeoutMs?: number;
  /** Longest time for one page of a read. Default 60,000 milliseconds. */
  readTimeoutMs?: number;
  /** Longest silence of a subscription before it is opened again. Default 30,000 milliseconds. */
  silenceMsMax?: number;
}>;

const partsOf = (connection: Connection, options: EsdbEventStoreOptions): SubscriptionParts => ({
  connection,
  closing: makeClosing(),
  retry: {
    outageMsMax: options.outageMsMax ?? 45_000,
    delayMsFirst: options.retryDelayMsFirst ?? 50,
    delayMsMax: options.retryDelayMsMax ?? 1_000,
    random: options.random,
  },
  readTimeoutMs: options.readTimeoutMs ?? 60_000,
  silenceMsMax: options.silenceMsMax ?? 30_000,
});

const toAppendError = (failure: StoreFailure, { stream, expected }: AppendRequest): AppendError => {
  switch (failure.kind) {
    case 'conflict':
      return { _tag: 'RevisionConflict', stream, expected, actual: failure.actual };
    case 'rejected':
    case 'unavailable':
      return failure.error;
    case 'corrupt':
      return { _tag: 'AppendRejected', message: failure.error.message };
    case 'not-found':
      return { _tag: 'AppendRejected', message: 'The event store does not know the stream.' };
  }
};

/**
 * Servers of some versions do not say where a repeated append stands, or say that it stands at the end of all
 * positions: the event itself tells.
 */
const lookUp = async (
  pages: EsdbPages,
  stream: string,
  from: number,
): Promise<E.Either<AppendError, Appended>> => {
  const page = await pages.streamPage({ stream, from, direction: 'forwards', count: 1 });
  const event = E.isRight(page) ? page.right[0] : undefined;
  if (event !== undefined) return E.right({ revision: event.revision, position: event.position });
  const message = 'What was written could not be read back.';
  return E.left({ _tag: 'StoreUnavailable', reason: 'io', message });
};

const toAppended = (
  pages: EsdbPages,
  request: AppendRequest,
  written: AppendSuccess,
): E.Either<AppendError, Appended> | Promise<E.Either<AppendError, Appended>> => {
  const { stream, expected, events } = request;
  const revision = firstRevisionAfter(expected) + events.length - 1;
  if (written.revision !== revision) {
    // A stream that was deleted begins anew behind its old end; the port knows no such stream.
    const message = 'The event store numbered the events as none of its streams here would be.';
    return E.left({ _tag: 'StoreUnavailable', reason: 'io', message });
  }
  const { commit, prepare } = written.position ?? {};
  const isTold = commit !== undefined && commit === prepare && Number.isSafeInteger(commit);
  return isTold ? E.right({ revision, position: commit }) : lookUp(pages, stream, revision);
};

const append = async (
  queue: AppendQueue,
  pages: EsdbPages,
  request: AppendRequest,
): Promise<E.Either<AppendError, Appended>> => {
  const rejection = rejectionOf(request.stream, request.expected, request.events);
  if (rejection !== undefined) return E.left(rejection);
  const message = unsendable(request);
  if (message !== undefined) return E.left({ _tag: 'AppendRejected', message });
  const outcome = await queue.append(request);
  return outcome.kind === 'failed'
    ? E.left(toAppendError(outcome.failure, request))
    : toAppended(pages, request, outcome.written);
};

type Pages<Page> = AsyncIterable<E.Either<ReadError, Page>>;

/** Backwards a page cannot know of the older ones: there, times are in order within it. */
const inOrder = <Page extends { readonly events: readonly StoredEvent[] }>(
  pages: Pages<Page>,
  { direction = 'forwards' }: Readonly<{ direction?: Direction }> = {},
): Pages<Page> => (direction === 'forwards' ? neverDecreasingPages(pages) : pages);

/**
 * The store port on EventStoreDB or KurrentDB (23.10 and later). Nothing is sent before the first call. Make one
 * per process: it holds one connection, which carries everything.
 */
export const makeEsdbEventStore = (
  options: EsdbEventStoreOptions,
): E.Either<InvalidConnection, EventStore> => {
  const settings = readConnectionString(options.connectionString);
  if (E.isLeft(settings)) return settings;
  const connection = new Connection(settings.right);
  const parts = partsOf(connection, options);
  const pages = makePages(parts);
  const queue = makeAppendQueue({
    ...parts,
    answerTimeoutMs: options.appendTimeoutMs ?? 10_000,
    clock: options.clock,
  });
  // Waiting is the subscription's own; the pages of reads never wait.
  const reads = makeReadSide({ ...pages, waitPast: () => Promise.resolve() });
  return E.right({
    append: (stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]) => () =>
      append(queue, pages, { stream, expected, events }),
    readStream: (stream, wanted) => inOrder(reads.readStream(stream, wanted), wanted),
    readAll: (wanted) => inOrder(reads.readAll(wanted), wanted),
    subscribe: (wanted) => subscription(parts, wanted),
    head: () => pages.head,
    close: async () => {
      parts.closing.close();
      await connection.close();
    },
  });
};
