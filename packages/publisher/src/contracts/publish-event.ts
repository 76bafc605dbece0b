import { allEvents, eventsByCategory, type StoredEventType } from '@daybook/domain/all-events';
import { EventMetadata } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import { bodyOf, type TypeText, typeTextOf } from './body.js';
import { EVENT_BYTES_MAX, sequenceOf } from './cloud-event.js';
import type { Contract } from './contract.js';
import { type Place, placeOf } from './place.js';
import { contracts } from './registry.js';
import { type Reader, REFUSED, strictReader } from './strict-reader.js';
import { strictWriter, type Writer } from './strict-writer.js';
import { unpublishable, type UnpublishableReason } from './unpublishable.js';
import { holdsAddress, word } from './values.js';

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

/** No character takes more bytes: most events need not be measured. */
const BYTES_OF_CHARACTER_MAX = 3;

/** A contract with what is made ready for it once. */
type Publisher = Readonly<{
  contract: Contract;
  read: Reader;
  write: Writer;
  text: TypeText;
  categories: Set<string>;
}>;

const categoriesOf = (storedType: StoredEventType): Set<string> =>
  new Set(
    Object.entries(eventsByCategory)
      .filter(([, table]) => Object.hasOwn(table, storedType))
      .map(([category]) => category),
  );

const publishers: ReadonlyMap<string, Publisher> = new Map(
  contracts.map((contract) => [
    contract.storedType,
    {
      contract,
      read: strictReader(allEvents[contract.storedType]),
      write: strictWriter(contract.data),
      text: typeTextOf(contract.type),
      categories: categoriesOf(contract.storedType),
    },
  ]),
);

const [always, sometimes] = EventMetadata.types;
const readAlways = strictReader(always.type);

/** `EventMetadata.is`, quicker: what of it is used needs no copy. */
const isMetadata = (value: unknown): value is EventMetadata =>
  readAlways(value) !== REFUSED && sometimes.is(value);

const unpublishableText = typeTextOf(unpublishable.type);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

type Body = Readonly<{ company: string; body: string }>;

/** Undefined for what a contract does not promise, and for what holds an address. */
const jsonOf = (data: unknown, { contract, write }: Publisher): string | undefined => {
  const written = write(data);
  if (written !== undefined) return written;
  const json = contract.data.is(data) ? JSON.stringify(data) : undefined;
  return json === undefined || holdsAddress(json) ? undefined : json;
};

const bodyFor = (event: StoredEvent, publisher: Publisher): Body | UnpublishableReason => {
  const { contract, read, text, categories } = publisher;
  const place = placeOf(event.stream);
  if (place === undefined || !categories.has(place.category)) return 'foreign-stream';
  const metadata = parsed(event.metadata);
  const stored = read(parsed(event.data));
  if (stored === REFUSED || !isMetadata(metadata)) return 'not-decodable';
  // A subscriber of one company must never see what says that it is another's.
  if (metadata.company !== place.company) return 'foreign-stream';
  const json = jsonOf(contract.toPublished(stored as never, place), publisher);
  if (json === undefined) return 'not-valid';
  const { occurredAt: time, correlationId, causationId, ruleVersion } = metadata;
  const dataref = contract.dataref?.(place);
  const envelope = { place, type: text, time, correlationId, causationId, ruleVersion, dataref };
  const body = bodyOf(event, envelope, json);
  const mayBeTooLarge = body.length * BYTES_OF_CHARACTER_MAX > EVENT_BYTES_MAX;
  return mayBeTooLarge && Buffer.byteLength(body) > EVENT_BYTES_MAX
    ? 'too-large'
    : { company: place.company, body };
};

const inItsPlace = (event: StoredEvent, reason: UnpublishableReason): Body => {
  const company = placeOf(event.stream)?.company ?? NO_COMPANY;
  const place: Place = { category: 'relay', company, id: sequenceOf(event.position) };
  const envelope = {
    place,
    type: unpublishableText,
    time: event.recordedAt,
    correlationId: event.id,
    causationId: undefined,
    ruleVersion: 'none',
    dataref: undefined,
  };
  const data = JSON.stringify({ reason, storedType: word(event.type) });
  return { company, body: bodyOf(event, envelope, data) };
};

/**
 * The published form of a stored event; undefined when its type stays inside. An event of a published
 * type always gives one: when it cannot leave as itself, `event-unpublishable` stands in its place.
 */
export const toPublishedEvent = (event: StoredEvent): PublishedEvent | undefined => {
  const publisher = publishers.get(event.type);
  if (publisher === undefined) return undefined;
  const made = bodyFor(event, publisher);
  const reason = typeof made === 'string' ? made : undefined;
  const { company, body } = typeof made === 'string' ? inItsPlace(event, made) : made;
  const { context, event: name, type } = reason === undefined ? publisher.contract : unpublishable;
  return {
    position: event.position,
    recordedAt: event.recordedAt,
    company,
    context,
    event: name,
    type,
    id: event.id,
    body,
    unpublishable: reason,
  };
};
