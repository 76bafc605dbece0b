import type {
  AllPage,
  EventStore,
  Position,
  ReadError,
  ReadFilter,
  StoredEvent,
} from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { publishedStoredTypes } from '../contracts/registry.js';

/** The log cannot be read now, or at all. */
export type StoreFailure = ReadError;

/** What leaves; the store passes the rest over. */
export const publishedOnly: ReadFilter = { types: publishedStoredTypes };

export const firstEventAfter = async (
  store: Pick<EventStore, 'readAll'>,
  after: Position,
  filter?: ReadFilter,
): Promise<E.Either<ReadError, StoredEvent | undefined>> => {
  const options = { after, limit: 1, ...(filter === undefined ? {} : { filter }) };
  for await (const page of store.readAll(options)) {
    if (E.isLeft(page)) return page;
    const [event] = page.right.events;
    if (event !== undefined) return E.right(event);
  }
  return E.right(undefined);
};

export type Pages = AsyncIterable<E.Either<ReadError, AllPage>>;
