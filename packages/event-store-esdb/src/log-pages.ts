import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import * as E from 'fp-ts/lib/Either.js';
import {
  type AllPage,
  type AllPageRequest,
  type LogPages,
  type Position,
  type ReadError,
  START,
  type StoredEvent,
  type StreamPageRequest,
} from '@daybook/event-store';
import type { Closing } from './closing.js';
import type { Connection } from './connection.js';
import { neverDecreasing } from './recorded-times.js';
import { type ReadAnswer, readEvents } from './read-call.js';
import { lastEventRequest, planFilter, readAllRequest, readStreamRequest } from './read-request.js';
import { makeOutage, pause, type RetryPolicy } from './retry.js';
import { CLOSED, isOutOfTime, toReadError, toStoreFailure, UnreadableLog } from './store-error.js';
import { lookInStrides } from './strides.js';

export type ReadingParts = Readonly<{
  connection: Connection;
  closing: Closing;
  retry: RetryPolicy;
  /** Longest time for one page, milliseconds. */
  readTimeoutMs: number;
}>;

type Read = (request: ReadReq, deadlineMs?: number) => Promise<ReadAnswer>;

/** Makes reads until one succeeds, a failure is final, or the outage has lasted too long. */
export const reading = async <A>(
  parts: ReadingParts,
  read: (read: Read) => Promise<A>,
): Promise<E.Either<ReadError, A>> => {
  const { connection, closing, retry, readTimeoutMs } = parts;
  const outage = makeOutage(retry);
  while (!closing.isClosed()) {
    try {
      return E.right(
        await read((request, deadlineMs = readTimeoutMs) =>
          readEvents(connection, request, deadlineMs),
        ),
      );
    } catch (error) {
      const failure = toStoreFailure(error);
      const again = failure.kind === 'unavailable' && failure.again;
      const delayMs = again ? outage.afterFailure() : undefined;
      if (closing.isClosed()) break;
      if (delayMs === undefined) return E.left(toReadError(failure));
      await pause(delayMs, closing);
    }
  }
  return E.left(CLOSED);
};

/** The port's streams have no gap; one would mean that events were deleted or are no longer there. */
const checkRevisions = (events: readonly StoredEvent[], request: StreamPageRequest): void => {
  const step = request.direction === 'forwards' ? 1 : -1;
  let expected = request.direction === 'forwards' ? (request.from ?? 0) : events[0]?.revision;
  for (const event of events) {
    if (event.revision !== expected) {
      throw new UnreadableLog(
        'A stream lacks events: it was cut ($maxAge, $maxCount, $tb) or deleted.',
      );
    }
    expected += step;
  }
};

const inLogOrder = (events: readonly StoredEvent[], direction: string): readonly StoredEvent[] =>
  direction === 'forwards'
    ? neverDecreasing(events, 0)
    : neverDecreasing(events.toReversed(), 0).toReversed();

const streamPage = async (
  read: Read,
  request: StreamPageRequest,
): Promise<readonly StoredEvent[]> => {
  const events = (await read(readStreamRequest(request))) ?? [];
  checkRevisions(events, request);
  return inLogOrder(events, request.direction);
};

/** A read that came back with less than it asked for has seen the log up to its end. */
type Looked = Readonly<{ events: readonly StoredEvent[]; isAll: boolean }>;

/** What is looked for here alone is found sooner in a few more events than were asked for. */
const COUNT_MIN = 64;

const lookBack = async (read: Read, request: AllPageRequest): Promise<AllPage> => {
  const { after, direction, count, filter } = request;
  // The protocol has no place before the first event to read backwards from.
  if (after === START) return { events: [], checkpoint: START, caughtUp: true };
  const plan = planFilter(filter);
  const from = after ?? 'end';
  const events = (await read(readAllRequest({ from, direction, count, plan }))) ?? [];
  const caughtUp = events.length < count;
  return {
    events: inLogOrder(events.filter(plan.isWanted), direction),
    checkpoint: caughtUp ? START : (events.at(-1)?.position ?? START),
    caughtUp,
  };
};

const headOf = async (read: Read): Promise<Position> => {
  const [last] = (await read(lastEventRequest())) ?? [];
  return last?.position ?? START;
};

/** At most `count` events that are wanted, and how far the log was looked at for them. */
const pageOf = (request: AllPageRequest, { events, isAll }: Looked, head: Position): AllPage => {
  const wanted = events.filter(planFilter(request.filter).isWanted);
  const kept = wanted.slice(0, request.count);
  const caughtUp = isAll && kept.length === wanted.length;
  const last = (kept.length === wanted.length ? events : kept).at(-1)?.position ?? START;
  const checkpoint = Math.max(request.after ?? START, last, caughtUp ? head : START);
  return { events: inLogOrder(kept, 'forwards'), checkpoint, caughtUp };
};

/** Forwards the protocol begins with the event at the position, which was seen before: one more is asked for. */
const lookOn = async (
  read: Read,
  request: AllPageRequest,
  deadlineMs?: number,
): Promise<Looked> => {
  const { after: from = START, direction } = request;
  const plan = planFilter(request.filter);
  const count = Math.max(request.count, COUNT_MIN) + 1;
  const found = (await read(readAllRequest({ from, direction, count, plan }), deadlineMs)) ?? [];
  return { events: found.filter(({ position }) => position > from), isAll: found.length < count };
};

/**
 * A read with a filter says nothing before it has found enough or come to the end, which in a long log may take longer
 * than a page should. Then a subscription is asked, which tells how far it has looked, so that a page is
 * always a step forward.
 */
const lookForMatches = async (
  parts: ReadingParts,
  read: Read,
  request: AllPageRequest,
): Promise<AllPage> => {
  // Read first: everything up to here is then looked at by a read that comes to the end of the log.
  const head = await headOf(read);
  try {
    const looked = await lookOn(read, request, parts.readTimeoutMs / 4);
    return pageOf(request, looked, head);
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    const { events, checkpoint, caughtUp } = await lookInStrides(parts, request);
    const reached = caughtUp ? Math.max(checkpoint, head) : checkpoint;
    return { events, checkpoint: reached, caughtUp };
  }
};

const isFiltered = ({ categories = [], types = [] }: AllPageRequest['filter']): boolean =>
  categories.length + types.length > 0;

const allPage = async (
  parts: ReadingParts,
  read: Read,
  request: AllPageRequest,
): Promise<AllPage> => {
  if (request.direction === 'backwards') return lookBack(read, request);
  if (isFiltered(request.filter)) return lookForMatches(parts, read, request);
  return pageOf(request, await lookOn(read, request), START);
};

export type EsdbPages = Pick<LogPages, 'streamPage' | 'allPage'> &
  Readonly<{ head: () => Promise<E.Either<ReadError, Position>> }>;

/** Single pages of streams and of the log, each an RPC of its own that is made again when it fails. */
export const makePages = (parts: ReadingParts): EsdbPages => ({
  streamPage: (request) => reading(parts, (read) => streamPage(read, request)),
  allPage: (request) => reading(parts, (read) => allPage(parts, read, request)),
  head: () => reading(parts, headOf),
});
