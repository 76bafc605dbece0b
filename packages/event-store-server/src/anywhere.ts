/**
 * Appends wherever a stream ends, over a port that takes only exact revisions. Each append is sent at once at the
 * revision where those before it will have left the stream, so that many in flight share a commit; when
 * somebody else wrote, the end is read again, a bounded number of times.
 */
import type { AppendError, Appended, EventStore, EventToAppend } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { makeBoundedMap } from './bounded-map.js';
import type { StreamStates } from './stream-states.js';
import type { Turn } from './turns.js';
import { storeFailed, streamIsDeleted, type WriteFailure } from './write-failure.js';

export type Events = readonly [EventToAppend, ...EventToAppend[]];

export type AppendAnywhere = Readonly<{
  append: (stream: string, events: Events, turn: Turn) => Promise<E.Either<WriteFailure, Appended>>;
  /** An append at an exact revision has moved the end of the stream. */
  moved: (stream: string, answer: Appended) => void;
}>;

/** Where the next append will stand, if all that are in flight succeed. */
type Head = { next: number };

const CACHED_HEADS = 16_384;
const ATTEMPTS_MAX = 24;

/** A failure of the store other than a conflict, for a client. */
export const toWriteFailure = (
  error: Exclude<AppendError, Readonly<{ _tag: 'RevisionConflict' }>>,
): WriteFailure => {
  switch (error._tag) {
    case 'StoreUnavailable':
      return storeFailed(`The store is unavailable: ${error.reason}.`, error.reason === 'busy');
    case 'AppendRejected':
      return { _tag: 'MalformedAppend', message: error.message };
  }
};

export const unreadable = storeFailed('The store cannot be read.', false);

export const makeAppendAnywhere = (store: EventStore, states: StreamStates): AppendAnywhere => {
  const heads = makeBoundedMap<string, Promise<E.Either<WriteFailure, Head>>>(CACHED_HEADS);

  const loadHead = async (stream: string): Promise<E.Either<WriteFailure, Head>> => {
    const end = await states.endOf(stream);
    if (E.isRight(end) && !end.right.isTombstoned) {
      const { revision } = end.right;
      return E.right({ next: revision === undefined ? 0 : revision + 1 });
    }
    heads.delete(stream);
    return E.left(E.isLeft(end) ? unreadable : streamIsDeleted(stream));
  };

  const headOf = (stream: string): Promise<E.Either<WriteFailure, Head>> => {
    const known = heads.get(stream);
    if (known !== undefined) return known;
    const loading = loadHead(stream);
    heads.set(stream, loading);
    return loading;
  };

  const append: AppendAnywhere['append'] = async (stream, events, turn) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const loaded = headOf(stream);
      const head = await loaded;
      if (E.isLeft(head)) return head;
      const waiting = turn.come();
      if (waiting !== undefined) await waiting;
      const expected = head.right.next === 0 ? 'no-stream' : head.right.next - 1;
      head.right.next += events.length;
      const appending = store.append(stream, expected, events)();
      turn.pass();
      const answer = await appending;
      if (E.isRight(answer)) return answer;
      // Every append that was sent on this head may have failed with it; the first to hear reads anew.
      if (heads.get(stream) === loaded) heads.delete(stream);
      if (answer.left._tag !== 'RevisionConflict') return E.left(toWriteFailure(answer.left));
    }
    return E.left(storeFailed('Too many writers append to the stream at once.', true));
  };

  return {
    append,
    moved: (stream, answer) => {
      const known = heads.get(stream);
      void known?.then((head) => {
        if (E.isRight(head)) head.right.next = Math.max(head.right.next, answer.revision + 1);
      });
    },
  };
};
