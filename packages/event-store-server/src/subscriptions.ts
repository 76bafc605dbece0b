/**
 * Subscriptions: history, then what comes. There is one way of sending for both: a page is read when the reader
 * has taken the one before, so a slow reader reads history again instead of filling memory.
 */
import { randomUUID } from 'node:crypto';
import type { AllPage, Position } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { type Failure, readFailure, streamDeleted } from './failures.js';
import { isTombstone } from './event-form.js';
import { type EventFilter, filterOf } from './filters.js';
import type { Outlet } from './outlet.js';
import {
  firstShown,
  isGone,
  makeSendEvent,
  PAGE_EVENTS,
  type ReadDeps,
  shownSince,
} from './reads.js';
import type { Tail, Watch } from './tail.js';
import type { ReadRequest } from './wire/read-request.js';
import {
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
} from './wire/read-response.js';

export type SubscriptionDeps = ReadDeps & Readonly<{ tail: Tail }>;

type From = number | 'start' | 'end';

type AllSubscription = Readonly<{
  deps: SubscriptionDeps;
  outlet: Outlet;
  request: ReadRequest;
  filter: EventFilter;
}>;

/** `checkpointed` is the last position that the client was told, `isLive` whether it knows that nothing is left. */
type Progress = { checkpointed: Position; isLive: boolean };

const sendCheckpoint = async (
  { deps, outlet }: AllSubscription,
  progress: Progress,
  position: Position,
): Promise<void> => {
  progress.checkpointed = position;
  await outlet.send(checkpointResponse(position, deps.clock()));
};

/** Sends the events of a page that match; false when the call is over. */
const sendMatches = async (
  subscription: AllSubscription,
  progress: Progress,
  page: AllPage,
): Promise<boolean> => {
  const { deps, outlet, request, filter } = subscription;
  const send = makeSendEvent(deps, outlet, request);
  const every = request.filter?.checkpointEvery ?? Number.POSITIVE_INFINITY;
  for (const event of page.events) {
    const sent = filter.matches(event) ? send(event) : true;
    if (!(typeof sent === 'boolean' ? sent : await sent)) return false;
    if (event.position - progress.checkpointed >= every) {
      await sendCheckpoint(subscription, progress, event.position);
    }
  }
  return !outlet.signal.aborted;
};

/** What follows a page: how far the filter has looked, and that nothing is left. */
const sendProgress = async (
  subscription: AllSubscription,
  progress: Progress,
  { checkpoint, caughtUp }: AllPage,
): Promise<void> => {
  const { deps, outlet, request } = subscription;
  const goesLive = caughtUp && !progress.isLive;
  if (request.filter !== undefined) {
    const passed = checkpoint - progress.checkpointed;
    const isDue = (goesLive && passed > 0) || passed >= request.filter.checkpointEvery;
    if (isDue) await sendCheckpoint(subscription, progress, checkpoint);
  }
  progress.isLive = caughtUp;
  if (!goesLive) return;
  const position = checkpoint === 0 ? undefined : checkpoint;
  await outlet.send(caughtUpResponse({ position }, deps.clock()));
};

export const subscribeToAll = async (
  deps: SubscriptionDeps,
  outlet: Outlet,
  { request, from }: Readonly<{ request: ReadRequest; from: From }>,
): Promise<Failure | undefined> => {
  const filter = filterOf(request.filter);
  const head = await deps.store.head()();
  if (E.isLeft(head)) return readFailure(head.left);
  await outlet.send(confirmationResponse(randomUUID()));
  const after = { start: 0, end: head.right };
  const position = typeof from === 'number' ? from : after[from];
  const progress: Progress = { checkpointed: position, isLive: false };
  const pages = deps.store.subscribe({
    after: position,
    filter: filter.inStore,
    pageSize: PAGE_EVENTS,
    signal: outlet.signal,
  });
  for await (const page of pages) {
    if (E.isLeft(page)) return readFailure(page.left);
    const subscription = { deps, outlet, request, filter };
    if (!(await sendMatches(subscription, progress, page.right))) return undefined;
    await sendProgress(subscription, progress, page.right);
  }
  return undefined;
};

type StreamSubscription = Readonly<{
  deps: SubscriptionDeps;
  outlet: Outlet;
  request: ReadRequest;
  stream: string;
}>;

/** The revision to go on from, and whether more than one page was waiting. */
type Sent = Readonly<{ next: number; isLong: boolean; failure?: Failure }>;

const sendGrowth = async (subscription: StreamSubscription, from: number): Promise<Sent> => {
  const { deps, outlet, request, stream } = subscription;
  const metadata = await deps.states.metadataOf(stream);
  if (E.isLeft(metadata)) return { next: from, isLong: false, failure: readFailure(metadata.left) };
  // What a deleted stream will show, only its revival tells.
  if (metadata.right.isSoftDeleted) return { next: from, isLong: false };
  const end = await deps.states.endOf(stream);
  if (E.isLeft(end)) return { next: from, isLong: false, failure: readFailure(end.left) };
  const first = firstShown(metadata.right, end.right.revision ?? -1);
  const since = shownSince(metadata.right, deps.clock());
  const send = makeSendEvent(deps, outlet, request);
  let next = Math.max(from, first);
  let pages = 0;
  for await (const page of deps.store.readStream(stream, { from: next, pageSize: PAGE_EVENTS })) {
    if (E.isLeft(page)) return { next, isLong: false, failure: readFailure(page.left) };
    pages += 1;
    for (const event of page.right.events) {
      next = event.revision + 1;
      if (event.recordedAt < since) continue;
      const sent = send(event);
      if (!(typeof sent === 'boolean' ? sent : await sent)) return { next, isLong: false };
      if (isTombstone(event)) return { next, isLong: false, failure: streamDeleted(stream) };
    }
  }
  return { next, isLong: pages > 1 };
};

const followStream = async (
  subscription: StreamSubscription,
  watch: Watch,
  from: number,
): Promise<Failure | undefined> => {
  const { deps, outlet } = subscription;
  let next = from;
  let isLive = false;
  while (!outlet.signal.aborted) {
    const sent = await sendGrowth(subscription, next);
    next = sent.next;
    if (sent.failure !== undefined) return sent.failure;
    if (!isLive || sent.isLong) {
      const revision = next === 0 ? undefined : next - 1;
      await outlet.send(caughtUpResponse({ revision }, deps.clock()));
    }
    isLive = true;
    await watch.grown(outlet.signal);
  }
  return undefined;
};

export const subscribeToStream = async (
  deps: SubscriptionDeps,
  outlet: Outlet,
  { request, stream, from }: Readonly<{ request: ReadRequest; stream: string; from: From }>,
): Promise<Failure | undefined> => {
  const watch = await deps.tail.watch(stream);
  try {
    const end = await deps.states.endOf(stream);
    if (E.isLeft(end)) return readFailure(end.left);
    if (await isGone(deps, stream, end.right)) return streamDeleted(stream);
    await outlet.send(confirmationResponse(randomUUID()));
    const { revision } = end.right;
    const begin = { start: 0, end: revision === undefined ? 0 : revision + 1 };
    const next = typeof from === 'number' ? from + 1 : begin[from];
    return await followStream({ deps, outlet, request, stream }, watch, next);
  } finally {
    watch.close();
  }
};
