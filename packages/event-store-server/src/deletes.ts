import { randomUUID } from 'node:crypto';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { toWriteFailure, unreadable } from './anywhere.js';
import { tombstone } from './event-form.js';
import { softDeletedJson } from './stream-metadata.js';
import type { StreamStates } from './stream-states.js';
import type { Target } from './wire/append-request.js';
import { storeFailed, wrongRevision } from './write-failure.js';
import { expectationFault } from './plain-append.js';
import type { WriteAnswer, Writes } from './writes.js';

/** Both answer the position of what was written. */
export type Deletes = Readonly<{
  /** The stream reads as if it did not exist, until somebody appends to it. */
  softDelete: (target: Target) => WriteAnswer<number>;
  /** The name never returns. */
  tombstone: (target: Target) => WriteAnswer<number>;
}>;

const ATTEMPTS_MAX = 24;

type Parts = Readonly<{ store: EventStore; states: StreamStates; writes: Writes }>;

const checked = async ({ states }: Parts, target: Target): WriteAnswer<number | undefined> => {
  const [end, metadata] = [
    await states.endOf(target.stream),
    await states.metadataOf(target.stream),
  ];
  if (E.isLeft(end) || E.isLeft(metadata)) return E.left(unreadable);
  const fault = expectationFault(target, end.right, metadata.right);
  return fault === undefined ? E.right(end.right.revision) : E.left(fault);
};

const softDelete = async (parts: Parts, target: Target): WriteAnswer<number> => {
  const { stream } = target;
  const { states, writes } = parts;
  const end = await checked(parts, target);
  if (E.isLeft(end)) return end;
  const metadata = await states.metadataOf(stream);
  if (E.isLeft(metadata)) return E.left(unreadable);
  if (end.right === undefined && metadata.right.position === undefined) {
    return E.left(wrongRevision(stream, undefined));
  }
  return E.map(({ position }: Readonly<{ position: number }>) => position)(
    await writes.writeMetadata(stream, softDeletedJson),
  );
};

/** The tombstone is an event of the stream itself, so that it cannot pass an append that it did not see. */
const writeTombstone = async (parts: Parts, target: Target): WriteAnswer<number> => {
  const { stream } = target;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const end = await checked(parts, target);
    if (E.isLeft(end)) return end;
    const answer = await parts.store.append(stream, end.right ?? 'no-stream', [
      tombstone(randomUUID()),
    ])();
    if (E.isRight(answer)) return E.right(answer.right.position);
    if (answer.left._tag !== 'RevisionConflict') return E.left(toWriteFailure(answer.left));
  }
  return E.left(storeFailed('Too many writers append to the stream at once.', true));
};

export const makeDeletes = (parts: Parts): Deletes => ({
  softDelete: (target) => softDelete(parts, target),
  tombstone: (target) => writeTombstone(parts, target),
});
