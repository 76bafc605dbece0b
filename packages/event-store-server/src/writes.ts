/** Appends by the server's rules: to streams, to their metadata, and to deleted streams, which live again by it. */
import { randomUUID } from 'node:crypto';
import type { Appended, EventStore, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { type Events, unreadable } from './anywhere.js';
import { makeMutexes, type Mutexes } from './mutexes.js';
import {
  type AppendAnswer,
  type AppendContext,
  appendExactly,
  appendPlainly,
  type Appending,
  expectationFault,
  makeAppendContext,
  rememberAppend,
} from './plain-append.js';
import {
  describedBy,
  isMetastream,
  METADATA_TYPE,
  metastreamOf,
  revivedJson,
} from './stream-metadata.js';
import type { StreamStates } from './stream-states.js';
import type { Target } from './wire/append-request.js';
import { makeTurns, outOfTurn } from './turns.js';
import { streamIsDeleted, type WriteFailure, type Written } from './write-failure.js';

export type WriteAnswer<A = Written> = Promise<E.Either<WriteFailure, A>>;

export type Writes = Readonly<{
  append: (target: Target, events: readonly EventToAppend[]) => WriteAnswer;
  /** Writes the metadata of a stream, wherever its metastream ends. */
  writeMetadata: (stream: string, json: string) => WriteAnswer<Appended>;
}>;

const writeMetadata = async (
  { anywhere, states }: AppendContext,
  stream: string,
  json: string,
): AppendAnswer => {
  const event = { id: randomUUID(), type: METADATA_TYPE, data: json, metadata: '{}' };
  const answer = await anywhere.append(metastreamOf(stream), [event], outOfTurn);
  states.written(metastreamOf(stream));
  return answer;
};

/** `no-stream` on a deleted stream: a repeat of its first append is one, everything else starts anew. */
const appendAnew = async (context: Appending, stream: string, events: Events): AppendAnswer => {
  for await (const page of context.store.readStream(stream, { limit: 1 })) {
    if (E.isLeft(page)) return E.left(unreadable);
    if (page.right.events[0]?.id !== events[0].id)
      return context.anywhere.append(stream, events, context.turn);
  }
  return appendExactly(context, { stream, expected: 'no-stream' }, events);
};

/**
 * Events first, then the metadata that shows them: when the server dies in between, the repeat that the
 * client owes finds its events and finishes.
 */
const appendReviving = async (context: Appending, target: Target, events: Events): AppendAnswer => {
  const { stream, expected } = target;
  const loaded = await context.states.metadataOf(stream);
  if (E.isLeft(loaded)) return E.left(unreadable);
  const metadata = loaded.right;
  if (!metadata.isSoftDeleted) return appendPlainly(context, { target, metadata }, events);
  if (expected === 'stream-exists') return E.left(streamIsDeleted(stream));
  const answer =
    expected === 'no-stream'
      ? await appendAnew(context, stream, events)
      : await appendPlainly(context, { target, metadata }, events);
  // A repeat of what was written before the deletion brings nothing back.
  if (E.isLeft(answer) || answer.right.position < (metadata.position ?? 0)) return answer;
  const first = answer.right.revision - events.length + 1;
  const revived = await writeMetadata(context, stream, revivedJson(metadata, first));
  return E.isLeft(revived) ? revived : answer;
};

/** Metadata written for a deleted stream brings it back, empty. */
const reviveDescribed = async (context: AppendContext, stream: string): Promise<void> => {
  const { states } = context;
  const [metadata, end] = [await states.metadataOf(stream), await states.endOf(stream)];
  if (E.isLeft(metadata) || E.isLeft(end) || metadata.right.isSoftDeleted) return;
  const next = end.right.revision === undefined ? 0 : end.right.revision + 1;
  await writeMetadata(context, stream, revivedJson(metadata.right, next));
};

const appendToMetastream = async (
  context: Appending,
  target: Target,
  events: Events,
): AppendAnswer => {
  const { states } = context;
  const described = describedBy(target.stream);
  const [before, end] = [await states.metadataOf(described), await states.endOf(described)];
  const own = await states.metadataOf(target.stream);
  if (E.isLeft(before) || E.isLeft(end) || E.isLeft(own)) return E.left(unreadable);
  // A metastream ends with the stream that it describes.
  if (end.right.isTombstoned) return E.left(streamIsDeleted(target.stream));
  const answer = await appendPlainly(context, { target, metadata: own.right }, events);
  states.written(target.stream);
  if (before.right.isSoftDeleted && E.isRight(answer)) await reviveDescribed(context, described);
  return answer;
};

type Parts = Readonly<{ context: Appending; mutexes: Mutexes }>;

const appendEvents = async (
  { context, mutexes }: Parts,
  target: Target,
  events: Events,
): AppendAnswer => {
  const { stream } = target;
  // Who waits for the metadata of a stream must not hold up those behind it, nor wait for those before it.
  const aside = (): Appending => {
    context.turn.pass();
    return { ...context, turn: outOfTurn };
  };
  if (isMetastream(stream)) {
    const freed = aside();
    return mutexes.alone(describedBy(stream), () => appendToMetastream(freed, target, events));
  }
  const loaded = await context.states.metadataOf(stream);
  if (E.isLeft(loaded)) return E.left(unreadable);
  if (!loaded.right.isSoftDeleted) {
    return appendPlainly(context, { target, metadata: loaded.right }, events);
  }
  const freed = aside();
  return mutexes.alone(stream, () => appendReviving(freed, target, events));
};

/** An append without events asks whether its expectation holds. */
const appendNothing = async ({ states }: AppendContext, target: Target): WriteAnswer => {
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

const isSome = (events: readonly EventToAppend[]): events is Events => events.length > 0;

export const makeWrites = (store: EventStore, states: StreamStates): Writes => {
  const context = makeAppendContext(store, states);
  const mutexes = makeMutexes();
  const turns = makeTurns();
  return {
    writeMetadata: (stream, json) => writeMetadata(context, stream, json),
    append: async (target, events) => {
      if (!isSome(events)) return appendNothing(context, target);
      const turn = turns.take();
      try {
        const parts = { context: { ...context, turn }, mutexes };
        const answer = await appendEvents(parts, target, events);
        if (E.isRight(answer)) {
          const { revision } = answer.right;
          rememberAppend(context, events, { stream: target.stream, revision });
        }
        return answer;
      } finally {
        turn.pass();
      }
    },
  };
};
