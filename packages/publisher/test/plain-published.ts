import { allEvents, eventsByCategory } from '@daybook/domain/all-events';
import { decodeWith, EventMetadata, isId } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Mixed } from 'io-ts';
import { contractOf, EVENT_BYTES_MAX, schemaUri, sequenceOf, sourceOf } from '../src/index.js';

// What is published, said as plainly as it can be: io-ts decodes, an object is built, `JSON.stringify` writes it.
// The way out takes shorter ways to the same bytes.

const WORD = /^[A-Za-z0-9][A-Za-z0-9._:/~+-]{0,99}$/;
const word = (text: string): string => (WORD.test(text) ? text : 'other');
const iso = (instant: number): string => new Date(instant).toISOString();

type Place = Readonly<{ category: string; company: string; id: string }>;

const placeOf = (stream: string): Place | undefined => {
  const [, category, company, id] = /^([a-z]+)-([^_]+)(?:_(.+))?$/.exec(stream) ?? [];
  if (category === undefined || company === undefined || !isId(company)) return undefined;
  return id === undefined || isId(id) ? { category, company, id: id ?? company } : undefined;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const holdsAddress = (published: unknown): boolean =>
  typeof published === 'string'
    ? /@|%40/i.test(published)
    : typeof published === 'object' && published !== null
      ? Object.values(published).some(holdsAddress)
      : false;

type Said = Readonly<{ place: Place; type: string; time: number; metadata: EventMetadata }>;

const bodyOf = (event: StoredEvent, said: Said, rest: object): string => {
  const { place, type, time, metadata } = said;
  const { correlationId, causationId, ruleVersion } = metadata;
  return JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: sourceOf(place.company),
    type,
    subject: `${place.category}/${place.id}`,
    time: iso(time),
    datacontenttype: 'application/json',
    dataschema: schemaUri(type),
    sequence: sequenceOf(event.position),
    partitionkey: place.company,
    company: place.company,
    correlationid: word(correlationId),
    ...(causationId === undefined ? {} : { causationid: word(causationId) }),
    recordedtime: iso(event.recordedAt),
    ruleversion: word(ruleVersion),
    ...rest,
  });
};

const inItsPlace = (event: StoredEvent, reason: string): string =>
  bodyOf(
    event,
    {
      place: {
        category: 'relay',
        company: placeOf(event.stream)?.company ?? '-',
        id: sequenceOf(event.position),
      },
      type: 'daybook.relay.event-unpublishable.v1',
      time: event.recordedAt,
      metadata: { correlationId: event.id, ruleVersion: 'none' } as EventMetadata,
    },
    { data: { reason, storedType: word(event.type) } },
  );

const isOf = (category: string, type: string): boolean =>
  Object.entries(eventsByCategory).some(
    ([name, table]) => name === category && Object.hasOwn(table, type),
  );

/** The body of a stored event of a published type. */
export const plainBody = (event: StoredEvent): string => {
  const contract = contractOf(event.type);
  if (contract === undefined) throw new Error(`${event.type} is not published`);
  const place = placeOf(event.stream);
  if (place === undefined || !isOf(place.category, event.type))
    return inItsPlace(event, 'foreign-stream');
  const codec: Mixed = allEvents[contract.storedType];
  const metadata = decodeWith(EventMetadata, parsed(event.metadata));
  const stored: E.Either<string, unknown> = decodeWith(codec, parsed(event.data));
  if (E.isLeft(metadata) || E.isLeft(stored)) return inItsPlace(event, 'not-decodable');
  if (metadata.right.company !== place.company) return inItsPlace(event, 'foreign-stream');
  const data: unknown = contract.toPublished(stored.right as never, place);
  if (!contract.data.is(data) || holdsAddress(data)) return inItsPlace(event, 'not-valid');
  const dataref = contract.dataref?.(place);
  const body = bodyOf(
    event,
    { place, type: contract.type, time: metadata.right.occurredAt, metadata: metadata.right },
    { ...(dataref === undefined ? {} : { dataref }), data: data as unknown },
  );
  return Buffer.byteLength(body) > EVENT_BYTES_MAX ? inItsPlace(event, 'too-large') : body;
};
