import type { StoredEvent } from '@daybook/event-store';
import { schemaUri, sequenceOf } from './cloud-event.js';
import { companyTextOf } from './company-text.js';
import type { Place } from './place.js';
import { timestamp, word } from './values.js';

/** What stands in the envelope beside what the store says of the event. */
export type Envelope = Readonly<{
  place: Place;
  /** Beginnings of the text, made once for each type. */
  type: TypeText;
  time: number;
  correlationId: string;
  causationId: string | undefined;
  ruleVersion: string;
  dataref: string | undefined;
}>;

/** What of the text is the same for all events of a type. */
export type TypeText = Readonly<{ type: string; schema: string }>;

export const typeTextOf = (type: string): TypeText => ({
  type: `,"type":${JSON.stringify(type)},"subject":"`,
  schema: `","datacontenttype":"application/json","dataschema":${JSON.stringify(schemaUri(type))},"sequence":"`,
});

const UUID = /^[0-9a-f-]{36}$/;

/** A store takes any text for an id; Daybook's are UUIDs, which JSON writes as they are. */
const quotedId = (id: string): string => (UUID.test(id) ? `"${id}"` : JSON.stringify(id));

/**
 * The CloudEvent as text, `data` being JSON already. Written piece by piece: ids of a place, instants and words
 * hold nothing that JSON escapes, and the rest goes through `JSON.stringify`.
 */
export const bodyOf = (event: StoredEvent, envelope: Envelope, data: string): string => {
  const { place, type, causationId, dataref } = envelope;
  const company = companyTextOf(place.company);
  const cause = causationId === undefined ? '' : `,"causationid":"${word(causationId)}"`;
  const reference = dataref === undefined ? '' : `,"dataref":${JSON.stringify(dataref)}`;
  return (
    `{"specversion":"1.0","id":${quotedId(event.id)}${company.source}${type.type}` +
    `${place.category}/${place.id}","time":"${timestamp(envelope.time)}${type.schema}` +
    `${sequenceOf(event.position)}${company.partition}${word(envelope.correlationId)}"${cause}` +
    `,"recordedtime":"${timestamp(event.recordedAt)}","ruleversion":"${word(envelope.ruleVersion)}"` +
    `${reference},"data":${data}}`
  );
};
