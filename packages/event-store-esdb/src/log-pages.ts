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
import { type ReadAnswer, readEvents } from './read-call.js';
import { lastEventRequest, planFilter, readAllRequest, readStreamRequest } from './read-request.js';
import { pause, retryDelayMs, type RetryPolicy } from './retry.js';
import { CLOSED, toReadError, toStoreFailure, UnreadableLog } from './store-error.js';

export type ReadingParts = Readonly<{
  connection: Connection;
  closing: Closing;
  retry: RetryPolicy;
  /** Longest time for one page, milliseconds. */
  readTimeoutMs: number;
}>;

type Read = (request: ReadReq) => Promise<ReadAnswer>;

/** Makes reads until one succeeds, a failure is final, or the attempts are used up. */
export const reading = async <A>(
  parts: ReadingParts,
  read: (read: Read) => Promise<A>,
): Promise<E.Either<ReadError, A>> => {
  const { connection, closing, retry, readTimeoutMs } = parts;
  for (let attempt = 1; !closing.isClosed(); attempt += 1) {
    try {
      return E.right(await read((request) => readEvents(connection, request, readTimeoutMs)));
    } catch (error) {
      const failure = toStoreFailure(error);
      const again = failure.kind === 'unavailable' && failure.again && attempt < retry.attemptsMax;
      if (closing.isClosed()) break;
      if (!again) return E.left(toReadError(failure));
      await pause(retryDelayMs(retry, attempt), closing);
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

/**
 * Along the log the recorded time never decreases, which the clocks of two leaders do not promise by
 * themselves: an event that seems older than the one before it gets that one's time. It takes clocks that
 * are further apart than an election takes for this to happen at all.
 */
export const neverDecreasing = (
  events: readonly StoredEvent[],
  floor: number,
): readonly StoredEvent[] => {
  let latest = floor;
  return events.map((event) => {
    latest = Math.max(latest, event.recordedAt);
    return event.recordedAt === latest ? event : { ...event, recordedAt: latest };
  });
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

const look = async (read: Read, request: AllPageRequest): Promise<Looked> => {
  const { after, direction, count } = request;
  const plan = planFilter(request.filter);
  if (direction === 'backwards') {
    const from = after ?? 'end';
    const events = (await read(readAllRequest({ from, direction, count, plan }))) ?? [];
    return { events, isAll: events.length < count };
  }
  // Forwards the protocol begins with the event at the position, which was seen before: one more is asked for.
  const from = after ?? START;
  const found = await read(readAllRequest({ from, direction, count: count + 1, plan }));
  const events = (found ?? []).filter(({ position }) => position > from);
  return { events: events.slice(0, count), isAll: (found ?? []).length <= count };
};

const headOf = async (read: Read): Promise<Position> => {
  const [last] = (await read(lastEventRequest())) ?? [];
  return last?.position ?? START;
};

const isFiltered = ({ categories = [], types = [] }: AllPageRequest['filter']): boolean =>
  categories.length + types.length > 0;

/** How far a page has looked: a filtered read says nothing of what it passed over behind its last event. */
const lookedUpTo = (
  request: AllPageRequest,
  { events, isAll }: Looked,
  head: Position,
): Position => {
  const last = events.at(-1)?.position;
  if (request.direction === 'backwards') return isAll ? START : (last ?? START);
  const after = request.after ?? START;
  return isAll ? Math.max(after, last ?? START, head) : Math.max(after, last ?? START);
};

const allPage = async (read: Read, request: AllPageRequest): Promise<AllPage> => {
  const { direction, after, filter } = request;
  // The protocol has no place before the first event to read backwards from.
  if (direction === 'backwards' && after === START) {
    return { events: [], checkpoint: START, caughtUp: true };
  }
  // Read first: everything up to here is then looked at by a read that comes to the end of the log.
  const head = direction === 'forwards' && isFiltered(filter) ? await headOf(read) : START;
  const looked = await look(read, request);
  const wanted = looked.events.filter(planFilter(filter).isWanted);
  return {
    events: inLogOrder(wanted, direction),
    checkpoint: lookedUpTo(request, looked, head),
    caughtUp: looked.isAll,
  };
};

export type EsdbPages = Pick<LogPages, 'streamPage' | 'allPage'> &
  Readonly<{ head: () => Promise<E.Either<ReadError, Position>> }>;

/** Single pages of streams and of the log, each an RPC of its own that is made again when it fails. */
export const makePages = (parts: ReadingParts): EsdbPages => ({
  streamPage: (request) => reading(parts, (read) => streamPage(read, request)),
  allPage: (request) => reading(parts, (read) => allPage(read, request)),
  head: () => reading(parts, headOf),
});
