import { isDeepStrictEqual } from 'node:util';
import type { Aggregate, HandlingFailure } from '@daybook/command-handling';
import type { DomainEvent, EventMetadata } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import { decodedEvents, type DecodedEvent, type StreamReader } from '../fold-stream.js';
import { isWithin, metadataOf, type Moment } from './moment.js';

/** One recorded decision of a stream, and whether the state before it gives the same event again. */
export type ExplainedChange<Event extends DomainEvent = DomainEvent> = Readonly<{
  event: Event;
  /** Of the rulebook. */
  section: string;
  ruleVersion: string;
  stream: string;
  revision: number;
  position: number;
  eventId: string;
  occurredAt: number;
  recordedAt: number;
  actor: EventMetadata['actor'];
  agrees: boolean;
}>;

export type History<State, Event extends DomainEvent> = Readonly<{
  state: State;
  changes: readonly ExplainedChange<Event>[];
}>;

/** How a kind of stream is decided again. */
export type Explained<State, Event extends DomainEvent> = Readonly<{
  aggregate: Aggregate<State, Event>;
  sectionOf: (event: Event) => string;
  /** The events that the command behind this one gives when it is decided on the state before it; null: refused. */
  again: (state: State, event: Event, metadata: EventMetadata) => readonly Event[] | null;
}>;

type Again<Event extends DomainEvent> = readonly Event[] | null;

const changeOf = <Event extends DomainEvent>(
  again: Again<Event>,
  section: string,
  { stored, event }: DecodedEvent<Event>,
): ExplainedChange<Event> => {
  const metadata = metadataOf(stored);
  const { stream, revision, position, recordedAt } = stored;
  const { ruleVersion, occurredAt, actor } = metadata;
  return {
    event,
    section,
    ruleVersion,
    stream,
    revision,
    position,
    eventId: stored.id,
    occurredAt,
    recordedAt,
    actor,
    agrees: again?.some((same) => isDeepStrictEqual(same, event)) ?? false,
  };
};

/**
 * A stream as it was at a moment: its state, and every change decided again from the state before it.
 * On the axis of what was true, events that had not happened yet are passed over, also where they stand
 * between others, and with them what rests on them and cannot have been so without; the log's order stays.
 */
export const historyOf = async <State, Event extends DomainEvent>(
  reader: StreamReader,
  how: Explained<State, Event>,
  at: Readonly<{ stream: string; moment: Moment | null }>,
): Promise<E.Either<HandlingFailure, History<State, Event>>> => {
  let state = how.aggregate.initialState();
  const changes: ExplainedChange<Event>[] = [];
  for await (const page of decodedEvents(reader, how.aggregate, at.stream)) {
    if (E.isLeft(page)) return page;
    for (const found of page.right) {
      const { position, recordedAt } = found.stored;
      const metadata = metadataOf(found.stored);
      const { occurredAt } = metadata;
      if (!isWithin(at.moment, { position, occurredAt, recordedAt })) continue;
      const again = how.again(state, found.event, metadata);
      if (again === null && at.moment?.axis === 'as-of') continue;
      changes.push(changeOf(again, how.sectionOf(found.event), found));
      state = how.aggregate.evolve(state, found.event);
    }
  }
  return E.right({ state, changes });
};
