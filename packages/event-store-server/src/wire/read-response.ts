import type { StoredEvent } from '@daybook/event-store';
import { BINARY_CONTENT, isTombstone, JSON_CONTENT, toWire } from '../event-form.js';
import { makeBoundedMap } from '../bounded-map.js';
import { bytesField, messageField, numberField, putVarint, varintSize } from './protobuf.js';
import { type UuidForm, uuidMessage } from './uuid.js';

/** The revision of a tombstone: the largest that the protocol has. */
export const TOMBSTONE_REVISION = 2n ** 63n - 1n;
const TICKS_PER_MS = 10_000n;

export const streamIdentifier = (stream: string): Buffer => bytesField(3, stream);

const entry = (key: string, value: string): Buffer =>
  messageField(6, bytesField(1, key), bytesField(2, value));

/** The parts of an event that repeat from one to the next, encoded once. */
type Repeated = Readonly<{
  stream: (name: string) => Buffer;
  type: (name: string, isJson: boolean) => Buffer;
  created: (recordedAt: number) => Buffer;
}>;

const CACHED = 4_096;

const remembered = <Key>(encode: (key: Key) => Buffer): ((key: Key) => Buffer) => {
  const known = makeBoundedMap<Key, Buffer>(CACHED);
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const bytes = encode(key);
    known.set(key, bytes);
    return bytes;
  };
};

const withContentType =
  (contentType: string) =>
  (type: string): Buffer =>
    Buffer.concat([entry('type', type), entry('content-type', contentType)]);

const makeRepeated = (): Repeated => {
  const json = remembered(withContentType(JSON_CONTENT));
  const binary = remembered(withContentType(BINARY_CONTENT));
  return {
    stream: remembered((name) => bytesField(2, streamIdentifier(name))),
    type: (name, isJson) => (isJson ? json(name) : binary(name)),
    created: remembered((at) => entry('created', String(BigInt(at) * TICKS_PER_MS))),
  };
};

const repeated = makeRepeated();

/** Bytes, or text that stands for its UTF-8 bytes, in a length-delimited field. */
type Payload = Readonly<{ value: string | Buffer; bytes: number }>;

const payload = (value: string | Buffer): Payload => ({
  value,
  bytes: typeof value === 'string' ? Buffer.byteLength(value) : value.length,
});

/** Fields up to 15 have a tag of one byte. */
const tag = (field: number, wireType: 0 | 2): number => field * 8 + wireType;
const sizeOfField = (bytes: number): number => 1 + varintSize(bytes) + bytes;

const putNumber = (buffer: Buffer, at: number, field: readonly [number, number]): number => {
  buffer[at] = tag(field[0], 0);
  return putVarint(buffer, at + 1, field[1]);
};

const putPayload = (buffer: Buffer, at: number, field: readonly [number, Payload]): number => {
  const { value, bytes } = field[1];
  buffer[at] = tag(field[0], 2);
  const start = putVarint(buffer, at + 1, bytes);
  if (typeof value === 'string') buffer.write(value, start, 'utf8');
  else value.copy(buffer, start);
  return start + bytes;
};

const recordedHead = (event: StoredEvent, isJson: boolean, uuids: UuidForm): Buffer[] => [
  bytesField(1, uuidMessage(event.id, uuids)),
  repeated.stream(event.stream),
  numberField(3, isTombstone(event) ? TOMBSTONE_REVISION : event.revision),
  numberField(4, event.position),
  numberField(5, event.position),
  repeated.type(event.type, isJson),
  repeated.created(event.recordedAt),
];

/** A `RecordedEvent`, the long way: for links, structured ids and tombstones. */
const recordedEvent = (event: StoredEvent, uuids: UuidForm): Buffer => {
  const { isJson, data, customMetadata } = toWire(event);
  return Buffer.concat([
    ...recordedHead(event, isJson, uuids),
    bytesField(7, customMetadata),
    bytesField(8, data),
  ]);
};

const UUID_TEXT = 36;

/** The same in one buffer together with the messages around it. */
const plainEvent = (event: StoredEvent): Buffer => {
  const { position, revision } = event;
  const { isJson, ...content } = toWire(event);
  const stream = repeated.stream(event.stream);
  const type = repeated.type(event.type, isJson);
  const created = repeated.created(event.recordedAt);
  const custom = payload(content.customMetadata);
  const data = payload(content.data);
  const recorded =
    4 +
    UUID_TEXT +
    stream.length +
    (1 + varintSize(revision)) +
    2 * (1 + varintSize(position)) +
    type.length +
    created.length +
    sizeOfField(custom.bytes) +
    sizeOfField(data.bytes);
  const readEvent = sizeOfField(recorded) + 1 + varintSize(position);
  const buffer = Buffer.allocUnsafe(sizeOfField(readEvent));
  buffer[0] = tag(1, 2);
  let at = putVarint(buffer, 1, readEvent);
  buffer[at] = tag(1, 2);
  at = putVarint(buffer, at + 1, recorded);
  buffer[at] = tag(1, 2);
  buffer[at + 1] = 2 + UUID_TEXT;
  buffer[at + 2] = tag(2, 2);
  buffer[at + 3] = UUID_TEXT;
  at += 4 + buffer.write(event.id, at + 4, 'latin1');
  at += stream.copy(buffer, at);
  at = putNumber(buffer, at, [3, revision]);
  at = putNumber(buffer, at, [4, position]);
  at = putNumber(buffer, at, [5, position]);
  at += type.copy(buffer, at);
  at += created.copy(buffer, at);
  at = putPayload(buffer, at, [7, custom]);
  at = putPayload(buffer, at, [8, data]);
  putNumber(buffer, at, [3, position]);
  return buffer;
};

/** An event as it is read, or a link with what it points at. */
export type ReadEvent =
  | Readonly<{ event: StoredEvent; link?: undefined }>
  | Readonly<{ event: StoredEvent | undefined; link: StoredEvent }>;

/** The body of a `ReadEvent`, as both reads and persistent subscriptions carry it. */
export const readEventMessage = ({ event, link }: ReadEvent, uuids: UuidForm): Buffer => {
  const position = (link ?? event).position;
  return Buffer.concat([
    ...(event === undefined ? [] : [bytesField(1, recordedEvent(event, uuids))]),
    ...(link === undefined ? [] : [bytesField(2, recordedEvent(link, uuids))]),
    numberField(3, position),
  ]);
};

/** `ReadResp` with an event. */
export const eventResponse = (read: ReadEvent, uuids: UuidForm): Buffer =>
  uuids === 'string' && read.link === undefined && !isTombstone(read.event)
    ? plainEvent(read.event)
    : bytesField(1, readEventMessage(read, uuids));

export const confirmationResponse = (subscriptionId: string): Buffer =>
  messageField(2, bytesField(1, subscriptionId));

const timestamp = (epochMs: number): Buffer =>
  Buffer.concat([
    numberField(1, Math.floor(epochMs / 1000)),
    numberField(2, (epochMs % 1000) * 1_000_000),
  ]);

export const positionMessage = (position: number): Buffer =>
  Buffer.concat([numberField(1, position), numberField(2, position)]);

export const checkpointResponse = (position: number, now: number): Buffer =>
  messageField(3, positionMessage(position), bytesField(3, timestamp(now)));

export const streamNotFoundResponse = (stream: string): Buffer =>
  messageField(4, bytesField(1, streamIdentifier(stream)));

/** How far a subscription has come when nothing is left; undefined before the first event. */
export type Reached =
  Readonly<{ revision: number | undefined }> | Readonly<{ position: number | undefined }>;

const reachedFields = (reached: Reached): readonly Buffer[] => {
  if ('revision' in reached) {
    return reached.revision === undefined ? [] : [numberField(2, reached.revision)];
  }
  return reached.position === undefined ? [] : [bytesField(3, positionMessage(reached.position))];
};

export const caughtUpResponse = (reached: Reached, now: number): Buffer =>
  messageField(8, bytesField(1, timestamp(now)), ...reachedFields(reached));

/** First and last revision of the stream that was read, for clients that ask. */
export const firstRevisionResponse = (revision: number): Buffer => numberField(5, revision);
export const lastRevisionResponse = (revision: number): Buffer => numberField(6, revision);
