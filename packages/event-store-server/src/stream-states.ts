import {
  type EventStore,
  type Position,
  type ReadError,
  START,
  type StoredEvent,
} from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { makeBoundedMap } from './bounded-map.js';
import { isTombstone } from './event-form.js';
import {
  describedBy,
  isMetastream,
  METADATA_TYPE,
  metadataFrom,
  metastreamOf,
  noMetadata,
  type StreamMetadata,
} from './stream-metadata.js';

/** How a stream ends. `last` is the last event before a tombstone, when there is one. */
export type StreamEnd = Readonly<{
  revision: number | undefined;
  isTombstoned: boolean;
}>;

/** What the server must know of a stream beyond its events. Failures of the store are `Left`. */
export type StreamStates = Readonly<{
  /** Always read: other writers grow streams beside the server. */
  endOf: (stream: string) => Promise<E.Either<ReadError, StreamEnd>>;
  /** Cached; writers to the metastream, here or elsewhere, make it forget. */
  metadataOf: (stream: string) => Promise<E.Either<ReadError, StreamMetadata>>;
  /** Somebody wrote to this stream: if it describes another, that one's metadata is read again. */
  written: (stream: string) => void;
  close: () => void;
}>;

const CACHED_METADATA = 16_384;

export const lastEventOf = async (
  store: EventStore,
  stream: string,
): Promise<E.Either<ReadError, StoredEvent | undefined>> => {
  for await (const page of store.readStream(stream, { direction: 'backwards', limit: 1 })) {
    return E.isLeft(page) ? page : E.right(page.right.events[0]);
  }
  return E.right(undefined);
};

const endFrom = (last: StoredEvent | undefined): StreamEnd => {
  if (last === undefined) return { revision: undefined, isTombstoned: false };
  if (!isTombstone(last)) return { revision: last.revision, isTombstoned: false };
  return { revision: last.revision === 0 ? undefined : last.revision - 1, isTombstoned: true };
};

const metadataEnd = (last: StoredEvent | undefined): StreamMetadata =>
  last === undefined ? noMetadata : metadataFrom(last);

type Metadata = Promise<E.Either<ReadError, StreamMetadata>>;

export const makeStreamStates = (store: EventStore): StreamStates => {
  const metadata = makeBoundedMap<string, Metadata>(CACHED_METADATA);
  const closing = new AbortController();

  const written = (stream: string): void => {
    if (isMetastream(stream)) metadata.delete(describedBy(stream));
  };

  /** Another process may write to the same log: its metadata is seen when the log is. */
  const follow = async (after: Position): Promise<void> => {
    const filter = { types: [METADATA_TYPE] };
    for await (const page of store.subscribe({ after, filter, signal: closing.signal })) {
      if (E.isLeft(page)) return;
      for (const { stream } of page.right.events) written(stream);
    }
  };
  void store
    .head()()
    .then((head) => follow(E.isRight(head) ? head.right : START));

  const load = async (stream: string): Metadata => {
    const last = await lastEventOf(store, metastreamOf(stream));
    if (E.isLeft(last)) metadata.delete(stream);
    return E.map(metadataEnd)(last);
  };

  return {
    endOf: async (stream) => E.map(endFrom)(await lastEventOf(store, stream)),
    metadataOf: (stream) => {
      // A metastream behaves as if `$maxCount` were 1, and has no metadata of its own.
      if (isMetastream(stream)) return Promise.resolve(E.right({ ...noMetadata, maxCount: 1 }));
      const known = metadata.get(stream);
      if (known !== undefined) return known;
      const loading = load(stream);
      metadata.set(stream, loading);
      return loading;
    },
    written,
    close: () => closing.abort(),
  };
};
