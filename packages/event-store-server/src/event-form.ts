/**
 * How an event of a client, whose data and metadata are any bytes, is kept in a store of JSON text, and back.
 * An event with JSON data and JSON metadata is kept as it is, and so are the engine's own. Any other keeps
 * its bytes in base64 and says so in its metadata. The two cannot be confused: metadata of a client that
 * begins like the mark is not kept as it is.
 */
import { isUtf8 } from 'node:buffer';
import type { EventToAppend, StoredEvent } from '@daybook/event-store';
import * as t from 'io-ts';
import type { ProposedEvent } from './wire/append-request.js';

/** Metadata that begins so was written by this server. */
const MARK = '{"$wire":';
export const JSON_CONTENT = 'application/json';
export const BINARY_CONTENT = 'application/octet-stream';
export const TOMBSTONE_TYPE = '$streamDeleted';
const TOMBSTONE_METADATA = `${MARK}{"tombstone":true}}`;

const Wrapping = t.readonly(
  t.strict({
    $wire: t.readonly(
      t.intersection([
        t.strict({
          isJson: t.boolean,
          /** How the data stands in the store: as JSON text, or in base64 as a JSON string. */
          data: t.keyof({ text: null, base64: null }),
        }),
        /** The bytes of the metadata in base64; absent when there are none. */
        t.partial({ metadata: t.string }),
      ]),
    ),
  }),
);

/** An event as the protocol shows it. Text stands for its UTF-8 bytes. */
export type WireContent = Readonly<{
  isJson: boolean;
  data: string | Buffer;
  customMetadata: string | Buffer;
}>;

const noBytes = Buffer.alloc(0);

/** The text of JSON bytes; undefined when they are not JSON in UTF-8. */
const jsonText = (bytes: Buffer): string | undefined => {
  if (bytes.length === 0 || !isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return text;
};

/** What the store keeps of a client's event. */
export const toStored = (event: ProposedEvent): EventToAppend => {
  const { id, type, contentType, customMetadata, data } = event;
  const isJson = contentType === JSON_CONTENT;
  const text = isJson ? jsonText(data) : undefined;
  const metadata = jsonText(customMetadata);
  if (text !== undefined && metadata !== undefined && !metadata.startsWith(MARK)) {
    return { id, type, data: text, metadata };
  }
  const wrapping: t.OutputOf<typeof Wrapping> = {
    $wire: {
      isJson,
      data: text === undefined ? 'base64' : 'text',
      ...(customMetadata.length > 0 ? { metadata: customMetadata.toString('base64') } : {}),
    },
  };
  return {
    id,
    type,
    data: text ?? JSON.stringify(data.toString('base64')),
    metadata: JSON.stringify(wrapping),
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const base64Of = (json: string): Buffer => {
  const text = parsed(json);
  return typeof text === 'string' ? Buffer.from(text, 'base64') : noBytes;
};

/** What the protocol shows of a stored event. */
export const toWire = (event: Pick<StoredEvent, 'data' | 'metadata'>): WireContent => {
  const { data, metadata } = event;
  if (!metadata.startsWith(MARK)) return { isJson: true, data, customMetadata: metadata };
  if (metadata === TOMBSTONE_METADATA) return { isJson: true, data, customMetadata: noBytes };
  const wrapping = parsed(metadata);
  // Written by somebody else with our mark: shown as it stands.
  if (!Wrapping.is(wrapping)) return { isJson: true, data, customMetadata: metadata };
  const { $wire } = wrapping;
  return {
    isJson: $wire.isJson,
    data: $wire.data === 'base64' ? base64Of(data) : data,
    customMetadata: Buffer.from($wire.metadata ?? '', 'base64'),
  };
};

/** The last event of a stream whose name must never return. */
export const tombstone = (id: string): EventToAppend => ({
  id,
  type: TOMBSTONE_TYPE,
  data: '{}',
  metadata: TOMBSTONE_METADATA,
});

/** Whether this server wrote it as a tombstone; clients cannot. */
export const isTombstone = (event: Pick<StoredEvent, 'type' | 'metadata'>): boolean =>
  event.type === TOMBSTONE_TYPE && event.metadata === TOMBSTONE_METADATA;
