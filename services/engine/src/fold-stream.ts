import { decodeEvent, type Aggregate, type HandlingFailure } from '@daybook/command-handling';
import { isCommandEvent } from '@daybook/domain/all-events';
import type { DomainEvent } from '@daybook/domain/kernel';
import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';

export type StreamReader = Pick<EventStore, 'readStream'>;

/** A stored event with its decoded form; recorded refusals are passed over by folds. */
export type DecodedEvent<Event extends DomainEvent> = Readonly<{
  stored: StoredEvent;
  event: Event;
}>;

/** Every event of a stream, decoded, by page. Refusals of commands are left out. */
export async function* decodedEvents<State, Event extends DomainEvent>(
  reader: StreamReader,
  aggregate: Aggregate<State, Event>,
  stream: string,
): AsyncGenerator<E.Either<HandlingFailure, readonly DecodedEvent<Event>[]>> {
  for await (const page of reader.readStream(stream)) {
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    const events: DecodedEvent<Event>[] = [];
    for (const stored of page.right.events) {
      if (isCommandEvent(stored.type)) continue;
      const decoded = decodeEvent(aggregate.events, stored);
      if (E.isLeft(decoded)) {
        yield decoded;
        return;
      }
      events.push({ stored, event: decoded.right as Event });
    }
    yield E.right(events);
  }
}

/** The state of a stream at a revision, the last one that counts. A stream that does not exist is at its beginning. */
export const stateAt = async <State, Event extends DomainEvent>(
  reader: StreamReader,
  aggregate: Aggregate<State, Event>,
  at: Readonly<{ stream: string; revision: number }>,
): Promise<E.Either<HandlingFailure, State>> => {
  let state = aggregate.initialState();
  for await (const page of decodedEvents(reader, aggregate, at.stream)) {
    if (E.isLeft(page)) return page;
    for (const { stored, event } of page.right) {
      if (stored.revision > at.revision) return E.right(state);
      state = aggregate.evolve(state, event);
    }
  }
  return E.right(state);
};
