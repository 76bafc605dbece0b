/**
 * What each expectation of the protocol means over a port that knows exact revisions only, and which repeats are
 * answered like the first. The order of the checks is that of the protocol's first server, on which its clients
 * rely.
 */
import type { AppendError, Appended, EventStore, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import {
  type AppendAnywhere,
  type Events,
  makeAppendAnywhere,
  toWriteFailure,
  unreadable,
} from './anywhere.js';
import { type BoundedMap, makeBoundedMap } from './bounded-map.js';
import { makeRecentIds, type RecentIds } from './recent-ids.js';
import type { StreamMetadata } from './stream-metadata.js';
import type { StreamEnd, StreamStates } from './stream-states.js';
import type { Turn } from './turns.js';
import type { Target } from './wire/append-request.js';
import { streamIsDeleted, type WriteFailure, wrongRevision } from './write-failure.js';

export type AppendAnswer = Promise<E.Either<WriteFailure, Appended>>;

export type AppendContext = Readonly<{
  store: EventStore;
  states: StreamStates;
  anywhere: AppendAnywhere;
  recent: RecentIds;
  /** A revision that was seen below no tombstone. */
  living: BoundedMap<string, number>;
}>;

/** One append, with its place in the order of them. */
export type Appending = AppendContext & Readonly<{ turn: Turn }>;

const CACHED_REVISIONS = 16_384;

export const makeAppendContext = (store: EventStore, states: StreamStates): AppendContext => ({
  store,
  states,
  anywhere: makeAppendAnywhere(store, states),
  recent: makeRecentIds(),
  living: makeBoundedMap(CACHED_REVISIONS),
});

/** Keeps what an answered append teaches about its stream. */
export const rememberAppend = (
  { recent, living }: AppendContext,
  events: readonly EventToAppend[],
  last: Readonly<{ stream: string; revision: number }>,
): void => {
  living.set(last.stream, last.revision);
  recent.remember(events, last);
};

/** Why a stream that ends so may not be written to under this expectation. */
export const expectationFault = (
  { stream, expected }: Target,
  end: StreamEnd,
  metadata: StreamMetadata,
): WriteFailure | undefined => {
  const { revision } = end;
  const wrong = wrongRevision(stream, revision);
  if (end.isTombstoned) return streamIsDeleted(stream);
  if (expected === 'any') return undefined;
  if (expected === 'stream-exists') {
    if (metadata.isSoftDeleted) return streamIsDeleted(stream);
    // A stream that has only metadata exists.
    return revision === undefined && metadata.position === undefined ? wrong : undefined;
  }
  if (expected === 'no-stream') {
    return revision === undefined || metadata.isSoftDeleted ? undefined : wrong;
  }
  return expected === revision ? undefined : wrong;
};

/** The answer to a conflict: the stream may have ended for good. */
const conflictOf = async ({ states }: AppendContext, stream: string): Promise<WriteFailure> => {
  const end = await states.endOf(stream);
  if (E.isLeft(end)) return unreadable;
  const { isTombstoned, revision } = end.right;
  return isTombstoned ? streamIsDeleted(stream) : wrongRevision(stream, revision);
};

const failureOf = (
  context: AppendContext,
  stream: string,
  error: AppendError,
): Promise<WriteFailure> =>
  error._tag === 'RevisionConflict'
    ? conflictOf(context, stream)
    : Promise.resolve(toWriteFailure(error));

/** Who expects the revision of the tombstone itself must not slip in behind it. */
const tombstoneFault = async (
  { living, states }: AppendContext,
  stream: string,
  expected: number | 'no-stream',
): Promise<WriteFailure | undefined> => {
  if (expected === 'no-stream' || expected <= (living.get(stream) ?? -1)) return undefined;
  const end = await states.endOf(stream);
  if (E.isLeft(end)) return unreadable;
  return end.right.isTombstoned ? streamIsDeleted(stream) : undefined;
};

export const appendExactly = async (
  context: Appending,
  { stream, expected }: Readonly<{ stream: string; expected: number | 'no-stream' }>,
  events: Events,
): AppendAnswer => {
  const fault = await tombstoneFault(context, stream, expected);
  if (fault !== undefined) return E.left(fault);
  const waiting = context.turn.come();
  if (waiting !== undefined) await waiting;
  const appending = context.store.append(stream, expected, events)();
  context.turn.pass();
  const answer = await appending;
  if (E.isLeft(answer)) return E.left(await failureOf(context, stream, answer.left));
  context.anywhere.moved(stream, answer.right);
  return answer;
};

/** Without an exact revision a repeat is known by its ids, as far as they are remembered. */
const appendSomewhere = async (
  context: Appending,
  stream: string,
  events: Events,
): AppendAnswer => {
  const { store, anywhere, recent } = context;
  const repeat = recent.look(stream, events);
  if (repeat.kind === 'new') return anywhere.append(stream, events, context.turn);
  const failure = await conflictOf(context, stream);
  if (repeat.kind === 'corrupted' || failure._tag === 'StreamIsDeleted') return E.left(failure);
  const { revision } = repeat.last;
  for await (const page of store.readStream(stream, { from: revision, limit: 1 })) {
    const event = E.isRight(page) ? page.right.events[0] : undefined;
    if (event !== undefined) return E.right({ revision, position: event.position });
  }
  return E.left(unreadable);
};

/** Appends to a stream of which the metadata is known and allows it. */
export const appendPlainly = async (
  context: Appending,
  { target, metadata }: Readonly<{ target: Target; metadata: StreamMetadata }>,
  events: Events,
): AppendAnswer => {
  const { stream, expected } = target;
  if (expected === 'stream-exists') {
    const end = await context.states.endOf(stream);
    if (E.isLeft(end)) return E.left(unreadable);
    const fault = expectationFault(target, end.right, metadata);
    if (fault !== undefined) return E.left(fault);
  }
  return expected === 'any' || expected === 'stream-exists'
    ? appendSomewhere(context, stream, events)
    : appendExactly(context, { stream, expected }, events);
};
