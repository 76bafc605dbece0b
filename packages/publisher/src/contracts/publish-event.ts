import { allEvents, eventsByCategory } from '@daybook/domain/all-events';
import { decodeWith, EventMetadata, isId } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import {
  type CloudEvent,
  EVENT_BYTES_MAX,
  schemaUri,
  sequenceOf,
  sourceOf,
} from './cloud-event.js';
import type { Contract, PublishedFrom } from './contract.js';
import { contractOf } from './registry.js';
import { unpublishable, type UnpublishableReason } from './unpublishable.js';
import { holdsAddress, timestamp, word } from './values.js';

/** A published event, as it is sent everywhere: to a broker, over HTTP, by webhook. */
export type PublishedEvent = Readonly<{
  position: number;
  recordedAt: number;
  company: string;
  context: string;
  event: string;
  type: string;
  id: string;
  /** The CloudEvent, structured JSON. */
  body: string;
  /** Set when this stands in place of an event that could not be published. */
  unpublishable: UnpublishableReason | undefined;
}>;

/** Company of what has none that can be read; no id looks like it. */
const NO_COMPANY = '-';

type Place = PublishedFrom & Readonly<{ category: string }>;

/** `<category>-<company>[_<id>]` without trust: anybody who may write to the store names streams. */
const placeOf = (stream: string): Place | undefined => {
  const [, category, company, id] = /^([a-z]+)-([^_]+)(?:_(.+))?$/.exec(stream) ?? [];
  if (category === undefined || company === undefined || !isId(company)) return undefined;
  if (id !== undefined && !isId(id)) return undefined;
  return { category, company, id: id ?? company };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

type Envelope = Readonly<{
  place: Place;
  type: string;
  time: number;
  correlationId: string;
  causationId: string | undefined;
  ruleVersion: string;
  dataref: string | undefined;
}>;

const cloudEvent = (
  event: StoredEvent,
  envelope: Envelope,
  data: Record<string, unknown>,
): CloudEvent => {
  const { place, type, causationId, dataref } = envelope;
  return {
    specversion: '1.0',
    id: event.id,
    source: sourceOf(place.company),
    type,
    subject: `${place.category}/${place.id}`,
    time: timestamp(envelope.time),
    datacontenttype: 'application/json',
    dataschema: schemaUri(type),
    sequence: sequenceOf(event.position),
    partitionkey: place.company,
    company: place.company,
    correlationid: word(envelope.correlationId),
    ...(causationId === undefined ? {} : { causationid: word(causationId) }),
    recordedtime: timestamp(event.recordedAt),
    ruleversion: word(envelope.ruleVersion),
    ...(dataref === undefined ? {} : { dataref }),
    data,
  };
};

const published = (
  event: StoredEvent,
  what: Readonly<{ company: string; context: string; event: string; type: string }>,
  rest: Pick<PublishedEvent, 'body' | 'unpublishable'>,
): PublishedEvent => ({
  position: event.position,
  recordedAt: event.recordedAt,
  company: what.company,
  context: what.context,
  event: what.event,
  type: what.type,
  id: event.id,
  ...rest,
});

const categoryHolds = (category: string, storedType: string): boolean =>
  Object.hasOwn(eventsByCategory, category) &&
  Object.hasOwn(eventsByCategory[category as keyof typeof eventsByCategory], storedType);

type Decoded = Readonly<{ data: Record<string, unknown>; metadata: EventMetadata; place: Place }>;

const decode = (event: StoredEvent, contract: Contract): E.Either<UnpublishableReason, Decoded> => {
  const place = placeOf(event.stream);
  if (place === undefined || !categoryHolds(place.category, contract.storedType))
    return E.left('foreign-stream');
  const metadata = decodeWith(EventMetadata, parsed(event.metadata));
  const codec: t.Mixed = allEvents[contract.storedType];
  const stored = decodeWith(codec, parsed(event.data));
  if (E.isLeft(metadata) || E.isLeft(stored)) return E.left('not-decodable');
  // A subscriber of one company must never see what says that it is another's.
  if (metadata.right.company !== place.company) return E.left('foreign-stream');
  const data: unknown = contract.toPublished(stored.right as never, place);
  const isFit = contract.data.is(data) && !holdsAddress(data);
  return isFit
    ? E.right({ data: data as Record<string, unknown>, metadata: metadata.right, place })
    : E.left('not-valid');
};

const inItsPlace = (event: StoredEvent, reason: UnpublishableReason): PublishedEvent => {
  const company = placeOf(event.stream)?.company ?? NO_COMPANY;
  const { type } = unpublishable;
  const body = cloudEvent(
    event,
    {
      place: { category: 'relay', company, id: sequenceOf(event.position) },
      type,
      time: event.recordedAt,
      correlationId: event.id,
      causationId: undefined,
      ruleVersion: 'none',
      dataref: undefined,
    },
    { reason, storedType: word(event.type) },
  );
  return published(
    event,
    { ...unpublishable, company },
    { body: JSON.stringify(body), unpublishable: reason },
  );
};

/**
 * The published form of a stored event; undefined when its type stays inside. An event of a published
 * type always gives one: when it cannot leave as itself, `event-unpublishable` stands in its place.
 */
export const toPublishedEvent = (event: StoredEvent): PublishedEvent | undefined => {
  const contract = contractOf(event.type);
  if (contract === undefined) return undefined;
  const decoded = decode(event, contract);
  if (E.isLeft(decoded)) return inItsPlace(event, decoded.left);
  const { data, metadata, place } = decoded.right;
  const body = JSON.stringify(
    cloudEvent(
      event,
      {
        place,
        type: contract.type,
        time: metadata.occurredAt,
        correlationId: metadata.correlationId,
        causationId: metadata.causationId,
        ruleVersion: metadata.ruleVersion,
        dataref: contract.dataref?.(place),
      },
      data,
    ),
  );
  if (Buffer.byteLength(body) > EVENT_BYTES_MAX) return inItsPlace(event, 'too-large');
  return published(
    event,
    { ...contract, company: place.company },
    { body, unpublishable: undefined },
  );
};
