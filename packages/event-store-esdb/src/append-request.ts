import type { EventToAppend, ExpectedRevision } from '@daybook/event-store';
import { correlationText } from './wire/append-response.js';
import { lengthTag, putVarint, varintSize, varintTag } from './wire/protobuf.js';

export type AppendRequest = Readonly<{
  stream: string;
  expected: ExpectedRevision;
  events: readonly EventToAppend[];
}>;

/** What one message of an append may hold before the next begins; the server takes about 16 MiB in one. */
const MESSAGE_BYTES_MAX = 3 * 1024 * 1024;
/** The record limit of the server, beyond which nothing is written; so no read meets the client's 17 MiB. */
const EVENT_BYTES_MAX = 16 * 1024 * 1024 - 10_000;

const bytesOf = ({ type, data, metadata }: EventToAppend): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * Buffer.byteLength(type);

/** No text has more than three bytes of UTF-8 to a unit: most events need not be measured. */
const isSurelySmall = ({ type, data, metadata }: EventToAppend): boolean =>
  3 * (data.length + metadata.length + 2 * type.length) <= EVENT_BYTES_MAX;

/** Why the adapter does not even send it. Messages name no content. */
export const unsendable = ({ events }: AppendRequest): string | undefined => {
  for (const [index, event] of events.entries()) {
    if (event.type.startsWith('$')) {
      return `Event ${String(index)} has a type that the database keeps for itself: it begins with a dollar.`;
    }
    if (!isSurelySmall(event) && bytesOf(event) > EVENT_BYTES_MAX) {
      return `Event ${String(index)} is larger than the ${String(EVENT_BYTES_MAX)} bytes that the database takes.`;
    }
  }
  return undefined;
};

const UUID_TEXT = 36;
/** A field that holds a UUID as text, with the tags and lengths around it. */
const UUID_FIELD = 4 + UUID_TEXT;

const sizeOfField = (bytes: number): number => 1 + varintSize(bytes) + bytes;

const putLength = (
  buffer: Buffer,
  at: number,
  [field, bytes]: readonly [number, number],
): number => {
  buffer[at] = lengthTag(field);
  return putVarint(buffer, at + 1, bytes);
};

/** A field of text, whose bytes were counted. */
type Text = Readonly<{ field: number; text: string; bytes: number }>;

const textOf = (field: number, text: string): Text => ({
  field,
  text,
  bytes: Buffer.byteLength(text),
});

const putText = (buffer: Buffer, at: number, { field, text, bytes }: Text): number => {
  const start = putLength(buffer, at, [field, bytes]);
  buffer.write(text, start, 'utf8');
  return start + bytes;
};

const putUuid = (buffer: Buffer, at: number, uuid: string): number => {
  const inside = putLength(buffer, at, [1, UUID_FIELD - 2]);
  return putText(buffer, inside, { field: 2, text: uuid, bytes: UUID_TEXT });
};

/** A key and a value of the map of system metadata. */
const entry = (key: Text, value: Text): number => sizeOfField(key.bytes) + sizeOfField(value.bytes);

const typeKey = textOf(1, 'type');

const contentType = ((): Buffer => {
  const [key, value] = [textOf(1, 'content-type'), textOf(2, 'application/json')];
  const buffer = Buffer.alloc(sizeOfField(entry(key, value)));
  const inside = putLength(buffer, 0, [2, entry(key, value)]);
  putText(buffer, putText(buffer, inside, key), value);
  return buffer;
})();

/** An event as a field of the message, measured and ready to be put. */
type Proposed = Readonly<{
  id: string;
  type: Text;
  metadata: Text;
  data: Text;
  /** Of the message without its own tag and length. */
  bytes: number;
}>;

const proposedOf = ({ id, type, data, metadata }: EventToAppend): Proposed => {
  const parts = { type: textOf(2, type), metadata: textOf(3, metadata), data: textOf(4, data) };
  const bytes =
    UUID_FIELD +
    sizeOfField(entry(typeKey, parts.type)) +
    contentType.length +
    sizeOfField(parts.metadata.bytes) +
    sizeOfField(parts.data.bytes);
  return { id, ...parts, bytes };
};

const putProposed = (buffer: Buffer, start: number, event: Proposed): number => {
  let at = putUuid(buffer, putLength(buffer, start, [3, event.bytes]), event.id);
  at = putLength(buffer, at, [2, entry(typeKey, event.type)]);
  at = putText(buffer, putText(buffer, at, typeKey), event.type);
  at += contentType.copy(buffer, at);
  return putText(buffer, putText(buffer, at, event.metadata), event.data);
};

/** The field of an expected revision, as it stands in the options; `no-stream` is an empty message. */
const sizeOfExpected = (expected: ExpectedRevision): number =>
  expected === 'no-stream' ? 2 : 1 + varintSize(expected);

const putExpected = (buffer: Buffer, at: number, expected: ExpectedRevision): number => {
  if (expected === 'no-stream') return putLength(buffer, at, [3, 0]);
  buffer[at] = varintTag(2);
  return putVarint(buffer, at + 1, expected);
};

/**
 * Where the append goes. It has no deadline: this generation of the protocol can only send an instant, and where the
 * clocks of the two machines differ by more than the time that is left, every append would be refused. The server's
 * own limit holds.
 */
type Options = Readonly<{ stream: Text; expected: ExpectedRevision; bytes: number }>;

const optionsOf = ({ stream, expected }: AppendRequest): Options => {
  const name = textOf(3, stream);
  const bytes = sizeOfField(sizeOfField(name.bytes)) + sizeOfExpected(expected);
  return { stream: name, expected, bytes };
};

const putOptions = (buffer: Buffer, start: number, options: Options): number => {
  const { stream, expected, bytes } = options;
  let at = putLength(buffer, start, [2, bytes]);
  at = putLength(buffer, at, [1, sizeOfField(stream.bytes)]);
  return putExpected(buffer, putText(buffer, at, stream), expected);
};

type Message = Readonly<{
  correlation: string;
  options: Options | undefined;
  events: readonly Proposed[];
  isFinal: boolean;
}>;

const encode = ({ correlation, options, events, isFinal }: Message): Buffer => {
  let size = UUID_FIELD + (isFinal ? 2 : 0);
  if (options !== undefined) size += sizeOfField(options.bytes);
  for (const { bytes } of events) size += sizeOfField(bytes);
  const buffer = Buffer.allocUnsafe(size);
  let at = putUuid(buffer, 0, correlation);
  if (options !== undefined) at = putOptions(buffer, at, options);
  for (const event of events) at = putProposed(buffer, at, event);
  if (isFinal) {
    buffer[at] = varintTag(4);
    buffer[at + 1] = 1;
  }
  return buffer;
};

/** The messages of one append, encoded: the first says where to, the last that it is complete. */
export const appendMessages = (request: AppendRequest, n: number): readonly Buffer[] => {
  const correlation = correlationText(n);
  const messages: Buffer[] = [];
  let options: Options | undefined = optionsOf(request);
  let events: Proposed[] = [];
  let bytes = 0;
  for (const event of request.events) {
    const next = proposedOf(event);
    if (bytes > 0 && bytes + next.bytes > MESSAGE_BYTES_MAX) {
      messages.push(encode({ correlation, options, events, isFinal: false }));
      [options, events, bytes] = [undefined, [], 0];
    }
    events.push(next);
    bytes += next.bytes;
  }
  messages.push(encode({ correlation, options, events, isFinal: true }));
  return messages;
};
