/**
 * The server's rules for appends: what each expectation of the protocol means over a port that knows exact
 * revisions only, which repeats are answered like the first, and how a deleted stream lives again. The order of
 * the checks is that of the protocol's first server, whose clients rely on it.
 */
import { randomUUID } from 'node:crypto';
import type { AppendError, Appended, EventStore, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import {
  type AppendAnywhere,
  type Events,
  makeAppendAnywhere,
  toWriteFailure,
  unreadable,
} from './anywhere.js';
import { makeBoundedMap } from './bounded-map.js';
import { makeMutexes } from './mutexes.js';
import { makeRecentIds } from './recent-ids.js';
import {
  describedBy,
  isMetastream,
  METADATA_TYPE,
  metastreamOf,
  revivedJson,
  type StreamMetadata,
} from './stream-metadata.js';
import type { StreamEnd, StreamStates } from './stream-states.js';
import type { Target } from './wire/append-request.js';
import {
  streamIsDeleted,
  type WriteFailure,
  type Written,
  wrongRevision,
} from './write-failure.js';

export type WriteAnswer<A = Written> = Promise<E.Either<WriteFailure, A>>;

export type Writes = Readonly<{
  append: (target: Target, events: readonly EventToAppend[]) => WriteAnswer;
  /** Writes the metadata of a stream, wherever its metastream ends. */
  writeMetadata: (stream: string, json: string) => WriteAnswer<Appended>;
  anywhere: AppendAnywhere;
}>;

const CACHED_REVISIONS = 16_384;

/** Whether a stream that ends so may be appended to under this expectation; for writes of no events and deletes. */
export const expectationFault = (
  { stream, expected }: Target,
  end: StreamEnd,
  metadata: StreamMetadata,
): WriteFailure | undefined => {
  if (end.isTombstoned) return streamIsDeleted(stream);
  const { revision } = end;
  if (expected === 'any') return undefined;
  if (expected === 'stream-exists') {
    if (metadata.isSoftDeleted) return streamIsDeleted(stream);
    const exists = revision !== undefined || metadata.position !== undefined;
    return exists ? undefined : wrongRevision(stream, revision);
  }
  if (expected === 'no-stream') {
    const isFree = revision === undefined || metadata.isSoftDeleted;
    return isFree ? undefined : wrongRevision(stream, revision);
  }
  return expected === revision ? undefined : wrongRevision(stream, revision);
};

const isSome = (events: readonly EventToAppend[]): events is Events => events.length > 0;

export const makeWrites = (store: EventStore, states: StreamStates): Writes => {
  const anywhere = makeAppendAnywhere(store, states);
  const recent = makeRecentIds();
  const mutexes = makeMutexes();
  /** A revision that was seen below no tombstone. */
  const living = makeBoundedMap<string, number>(CACHED_REVISIONS);

  const writeMetadata: Writes['writeMetadata'] = async (stream, json) => {
    const event = { id: randomUUID(), type: METADATA_TYPE, data: json, metadata: '{}' };
    const answer = await anywhere.append(metastreamOf(stream), [event]);
    states.written(metastreamOf(stream));
    return answer;
  };

  /** The answer to a conflict: the stream may have ended for good. */
  const conflictOf = async (stream: string): Promise<WriteFailure> => {
    const end = await states.endOf(stream);
    if (E.isLeft(end)) return unreadable;
    return end.right.isTombstoned
      ? streamIsDeleted(stream)
      : wrongRevision(stream, end.right.revision);
  };

  const failureOf = (stream: string, error: AppendError): Promise<WriteFailure> =>
    error._tag === 'RevisionConflict' ? conflictOf(stream) : Promise.resolve(toWriteFailure(error));

  /** Someone who expects the revision of the tombstone itself must not slip in behind it. */
  const isKnownToLive = (stream: string, revision: number): boolean =>
    revision <= (living.get(stream) ?? -1);

  const appendExactly = async (
    stream: string,
    expected: number | 'no-stream',
    events: Events,
  ): WriteAnswer<Appended> => {
    if (typeof expected === 'number' && !isKnownToLive(stream, expected)) {
      const end = await states.endOf(stream);
      if (E.isLeft(end)) return E.left(unreadable);
      if (end.right.isTombstoned) return E.left(streamIsDeleted(stream));
    }
    const answer = await store.append(stream, expected, events)();
    if (E.isLeft(answer)) return E.left(await failureOf(stream, answer.left));
    anywhere.moved(stream, answer.right);
    return answer;
  };

  /** `any` and `stream-exists`: a repeat is known by its ids, as far as they are remembered. */
  const appendSomewhere = async (stream: string, events: Events): WriteAnswer<Appended> => {
    const repeat = recent.look(stream, events);
    if (repeat.kind === 'new') return anywhere.append(stream, events);
    if (repeat.kind === 'corrupted') return E.left(await conflictOf(stream));
    const { revision } = repeat.last;
    for await (const page of store.readStream(stream, { from: revision, limit: 1 })) {
      const event = E.isRight(page) ? page.right.events[0] : undefined;
      if (event !== undefined) return E.right({ revision, position: event.position });
    }
    return E.left(unreadable);
  };

  const appendLiving = async (
    { stream, expected }: Target,
    events: Events,
    metadata: StreamMetadata,
  ): WriteAnswer<Appended> => {
    if (expected === 'stream-exists') {
      const end = await states.endOf(stream);
      if (E.isLeft(end)) return E.left(unreadable);
      const fault = expectationFault({ stream, expected }, end.right, metadata);
      if (fault !== undefined) return E.left(fault);
    }
    return expected === 'any' || expected === 'stream-exists'
      ? appendSomewhere(stream, events)
      : appendExactly(stream, expected, events);
  };

  /** `no-stream` on a deleted stream: a repeat of its first append is one, everything else starts anew. */
  const appendAnew = async (stream: string, events: Events): WriteAnswer<Appended> => {
    for await (const page of store.readStream(stream, { limit: 1 })) {
      if (E.isLeft(page)) return E.left(unreadable);
      const isRepeat = page.right.events[0]?.id === events[0].id;
      return isRepeat
        ? appendExactly(stream, 'no-stream', events)
        : anywhere.append(stream, events);
    }
    return appendExactly(stream, 'no-stream', events);
  };

  /**
   * Events first, then the metadata that shows them: when the server dies in between, the repeat that the
   * client owes finds its events and finishes.
   */
  const appendReviving = async (target: Target, events: Events): WriteAnswer<Appended> => {
    const { stream, expected } = target;
    const loaded = await states.metadataOf(stream);
    if (E.isLeft(loaded)) return E.left(unreadable);
    const metadata = loaded.right;
    if (!metadata.isSoftDeleted) return appendLiving(target, events, metadata);
    if (expected === 'stream-exists') return E.left(streamIsDeleted(stream));
    const answer =
      expected === 'no-stream'
        ? await appendAnew(stream, events)
        : await appendLiving(target, events, metadata);
    // A repeat of what was written before the deletion brings nothing back.
    if (E.isLeft(answer) || answer.right.position < (metadata.position ?? 0)) return answer;
    const first = answer.right.revision - events.length + 1;
    const revived = await writeMetadata(stream, revivedJson(metadata, first));
    return E.isLeft(revived) ? revived : answer;
  };

  /** Metadata written for a deleted stream brings it back, empty. */
  const reviveDescribed = async (metastream: string, wasDeleted: boolean): Promise<void> => {
    const stream = describedBy(metastream);
    states.written(metastream);
    if (!wasDeleted) return;
    const [metadata, end] = [await states.metadataOf(stream), await states.endOf(stream)];
    if (E.isLeft(metadata) || E.isLeft(end) || metadata.right.isSoftDeleted) return;
    const next = end.right.revision === undefined ? 0 : end.right.revision + 1;
    await writeMetadata(stream, revivedJson(metadata.right, next));
  };

  const appendToMetastream = async (target: Target, events: Events): WriteAnswer<Appended> => {
    const stream = describedBy(target.stream);
    const [before, end] = [await states.metadataOf(stream), await states.endOf(stream)];
    if (E.isLeft(before) || E.isLeft(end)) return E.left(unreadable);
    if (end.right.isTombstoned) return E.left(streamIsDeleted(target.stream));
    const own = await states.metadataOf(target.stream);
    if (E.isLeft(own)) return E.left(unreadable);
    const answer = await appendLiving(target, events, own.right);
    await reviveDescribed(target.stream, before.right.isSoftDeleted && E.isRight(answer));
    return answer;
  };

  const appendEvents = async (target: Target, events: Events): WriteAnswer<Appended> => {
    const { stream } = target;
    if (isMetastream(stream)) {
      return mutexes.alone(describedBy(stream), () => appendToMetastream(target, events));
    }
    const metadata = await states.metadataOf(stream);
    if (E.isLeft(metadata)) return E.left(unreadable);
    return metadata.right.isSoftDeleted
      ? mutexes.alone(stream, () => appendReviving(target, events))
      : appendLiving(target, events, metadata.right);
  };

  const appendNothing = async (target: Target): WriteAnswer => {
    const [end, metadata] = [
      await states.endOf(target.stream),
      await states.metadataOf(target.stream),
    ];
    if (E.isLeft(end) || E.isLeft(metadata)) return E.left(unreadable);
    const fault = expectationFault(target, end.right, metadata.right);
    return fault === undefined
      ? E.right({ revision: end.right.revision, position: undefined })
      : E.left(fault);
  };

  return {
    writeMetadata,
    anywhere,
    append: async (target, events) => {
      if (!isSome(events)) return appendNothing(target);
      const answer = await appendEvents(target, events);
      if (E.isRight(answer)) {
        const { stream } = target;
        living.set(stream, answer.right.revision);
        recent.remember(events, { stream, revision: answer.right.revision });
      }
      return answer;
    },
  };
};
