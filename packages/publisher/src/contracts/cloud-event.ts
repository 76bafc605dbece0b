import * as t from 'io-ts';
import { Timestamp, Token } from './values.js';

/**
 * The envelope: CloudEvents 1.0.2, structured JSON. `source` and `id` together are unique, and stay the
 * same however often an event is sent. `time` is when it was true, `recordedtime` when it was written
 * down. `sequence` is the position in the log, zero-padded, so that it sorts as text.
 */
export const CloudEvent = t.intersection([
  t.strict({
    specversion: t.literal('1.0'),
    id: Token,
    source: Token,
    type: Token,
    subject: Token,
    time: Timestamp,
    datacontenttype: t.literal('application/json'),
    dataschema: Token,
    sequence: Token,
    partitionkey: Token,
    company: Token,
    correlationid: Token,
    recordedtime: Timestamp,
    ruleversion: Token,
    data: t.record(t.string, t.unknown),
  }),
  t.partial({ causationid: Token, dataref: Token }),
]);
export type CloudEvent = t.TypeOf<typeof CloudEvent>;

export const CLOUD_EVENT_MEDIA_TYPE = 'application/cloudevents+json';

/** What consumers of CloudEvents must be able to take; above it a message may be dropped on its way. */
export const EVENT_BYTES_MAX = 64 * 1024;

const SEQUENCE_DIGITS = 16;

/** A position of the log as `sequence`: 16 digits hold every safe integer. */
export const sequenceOf = (position: number): string =>
  String(position).padStart(SEQUENCE_DIGITS, '0');

/** Identity of a schema: immutable, because a type carries its version. */
export const schemaUri = (type: string): string => `urn:daybook:contract:${type}`;

export const sourceOf = (company: string): string =>
  `/daybook/companies/${encodeURIComponent(company)}`;
