/** Reads that end: of a stream or of the whole log, in both directions. */
import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { type Failure, readFailure, streamDeleted } from './failures.js';
import { filterOf } from './filters.js';
import { resolveLink } from './links.js';
import type { Outlet } from './outlet.js';
import { describedBy, isMetastream, type StreamMetadata } from './stream-metadata.js';
import type { StreamEnd, StreamStates } from './stream-states.js';
import type { ReadRequest } from './wire/read-request.js';
import {
  eventResponse,
  firstRevisionResponse,
  lastRevisionResponse,
  streamNotFoundResponse,
} from './wire/read-response.js';

export type ReadDeps = Readonly<{
  store: EventStore;
  states: StreamStates;
  /** Epoch milliseconds. */
  clock: () => number;
}>;

export const PAGE_EVENTS = 128;

/** Sends one event when it still counts; false when the call is over. */
export type SendEvent = (event: StoredEvent) => Promise<boolean>;

export const makeSendEvent =
  (deps: ReadDeps, outlet: Outlet, request: ReadRequest) =>
  (event: StoredEvent): Promise<boolean> | boolean => {
    if (request.resolveLinks && event.type === '$>')
      return sendLink(deps, outlet, { event, request });
    const waiting = outlet.send(eventResponse({ event }, request.uuids));
    if (waiting === undefined) return !outlet.signal.aborted;
    return waiting.then(() => !outlet.signal.aborted);
  };

const sendLink = async (
  deps: ReadDeps,
  outlet: Outlet,
  { event, request }: Readonly<{ event: StoredEvent; request: ReadRequest }>,
): Promise<boolean> => {
  const target = await resolveLink(deps.store, event);
  const read = target === 'no-link' ? { event } : { event: target, link: event };
  await outlet.send(eventResponse(read, request.uuids));
  return !outlet.signal.aborted;
};

/** First revision that a reader of the stream is shown. */
export const firstShown = (metadata: StreamMetadata, last: number): number =>
  Math.max(
    metadata.truncateBefore,
    metadata.maxCount === undefined ? 0 : last - metadata.maxCount + 1,
  );

/** Events recorded before this instant are not shown, epoch milliseconds. */
export const shownSince = (metadata: StreamMetadata, now: number): number =>
  metadata.maxAgeSeconds === undefined ? 0 : now - metadata.maxAgeSeconds * 1000;

type StreamRead = Readonly<{
  stream: string;
  from: number | undefined;
  first: number;
  last: number;
  since: number;
}>;

const isShown = ({ revision, recordedAt }: StoredEvent, read: StreamRead): boolean =>
  revision >= read.first && revision <= read.last && recordedAt >= read.since;

const streamPages = (
  { store }: ReadDeps,
  { stream, from, first, last }: StreamRead,
  request: ReadRequest,
): ReturnType<EventStore['readStream']> => {
  const { direction } = request;
  const begin =
    direction === 'forwards' ? Math.max(from ?? 0, first) : Math.min(from ?? last, last);
  const pageSize = Math.max(1, Math.min(PAGE_EVENTS, request.count ?? PAGE_EVENTS));
  return store.readStream(stream, { direction, from: begin, pageSize });
};

const sendStream = async (
  deps: ReadDeps,
  outlet: Outlet,
  { read, request }: Readonly<{ read: StreamRead; request: ReadRequest }>,
): Promise<Failure | undefined> => {
  const send = makeSendEvent(deps, outlet, request);
  let left = request.count ?? Number.POSITIVE_INFINITY;
  if (left === 0) return undefined;
  for await (const page of streamPages(deps, read, request)) {
    if (E.isLeft(page)) return readFailure(page.left);
    for (const event of page.right.events) {
      if (request.direction === 'backwards' && event.revision < read.first) return undefined;
      if (!isShown(event, read)) continue;
      const sent = send(event);
      if (!(typeof sent === 'boolean' ? sent : await sent)) return undefined;
      left -= 1;
      if (left === 0) return undefined;
    }
  }
  return undefined;
};

/** Neither events nor, after a deletion, anything that is shown. */
const isMissing = (end: StreamEnd, metadata: StreamMetadata): boolean =>
  end.revision === undefined || metadata.isSoftDeleted;

/** A metastream ends with the stream that it describes. */
export const isGone = async (
  { states }: ReadDeps,
  stream: string,
  end: StreamEnd,
): Promise<boolean> => {
  if (end.isTombstoned || !isMetastream(stream)) return end.isTombstoned;
  const described = await states.endOf(describedBy(stream));
  return E.isRight(described) && described.right.isTombstoned;
};

const startOf = (from: number | 'start' | 'end', direction: ReadRequest['direction']) => {
  if (typeof from === 'number') return from;
  if (from === 'start') return 0;
  return direction === 'forwards' ? Number.MAX_SAFE_INTEGER : undefined;
};

export const readStream = async (
  deps: ReadDeps,
  outlet: Outlet,
  {
    request,
    stream,
    from,
  }: Readonly<{
    request: ReadRequest;
    stream: string;
    from: number | 'start' | 'end';
  }>,
): Promise<Failure | undefined> => {
  const [end, metadata] = [await deps.states.endOf(stream), await deps.states.metadataOf(stream)];
  if (E.isLeft(end)) return readFailure(end.left);
  if (E.isLeft(metadata)) return readFailure(metadata.left);
  if (await isGone(deps, stream, end.right)) return streamDeleted(stream);
  const last = end.right.revision;
  if (last === undefined || isMissing(end.right, metadata.right)) {
    await outlet.send(streamNotFoundResponse(stream));
    return undefined;
  }
  const first = firstShown(metadata.right, last);
  const since = shownSince(metadata.right, deps.clock());
  const read = { stream, from: startOf(from, request.direction), first, last, since };
  const failure = await sendStream(deps, outlet, { read, request });
  if (failure !== undefined || request.compatibility < 1) return failure;
  await outlet.send(
    request.direction === 'forwards' ? lastRevisionResponse(last) : firstRevisionResponse(first),
  );
  return undefined;
};

/** Forwards a position is inclusive, backwards it is not; the port begins after or before it. */
const allStart = (from: number | 'start' | 'end', direction: ReadRequest['direction']) => {
  if (typeof from === 'number') return direction === 'forwards' ? Math.max(0, from - 1) : from;
  if (from === 'start') return 0;
  return direction === 'forwards' ? Number.MAX_SAFE_INTEGER : undefined;
};

export const readAll = async (
  deps: ReadDeps,
  outlet: Outlet,
  { request, from }: Readonly<{ request: ReadRequest; from: number | 'start' | 'end' }>,
): Promise<Failure | undefined> => {
  const { direction } = request;
  const filter = filterOf(request.filter);
  const send = makeSendEvent(deps, outlet, request);
  const after = allStart(from, direction);
  let left = request.count ?? Number.POSITIVE_INFINITY;
  if (left === 0) return undefined;
  const pages = deps.store.readAll({
    direction,
    filter: filter.inStore,
    pageSize: Math.max(1, Math.min(PAGE_EVENTS, left)),
    ...(after === undefined ? {} : { after }),
  });
  for await (const page of pages) {
    if (E.isLeft(page)) return readFailure(page.left);
    if (outlet.signal.aborted) return undefined;
    for (const event of page.right.events) {
      if (!filter.matches(event)) continue;
      const sent = send(event);
      if (!(typeof sent === 'boolean' ? sent : await sent)) return undefined;
      left -= 1;
      if (left === 0) return undefined;
    }
  }
  return undefined;
};
