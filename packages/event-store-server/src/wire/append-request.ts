import { asBigint, asBytes, asNumber, eachField, MalformedMessage, type Wire } from './protobuf.js';
import { readStreamName } from './read-request.js';
import { readUuid } from './uuid.js';

/** What a writer expects of its stream: a revision, or one of the protocol's words. */
export type Expectation = number | 'no-stream' | 'any' | 'stream-exists';

export type Target = Readonly<{ stream: string; expected: Expectation }>;

export type ProposedEvent = Readonly<{
  id: string;
  type: string;
  contentType: string;
  customMetadata: Buffer;
  data: Buffer;
}>;

export type BatchAppendRequest = Readonly<{
  /** The body of the UUID message as the client sent it: it is only ever sent back. */
  correlation: Buffer;
  options: (Target & Readonly<{ deadline: Deadline | undefined }>) | undefined;
  events: readonly ProposedEvent[];
  isFinal: boolean;
}>;

/** Epoch milliseconds when the client names an instant, milliseconds from now when it names a span. */
export type Deadline = Readonly<{ at: number }> | Readonly<{ within: number }>;

/** The request lacks what every event must have. */
export class MissingMetadata extends Error {
  override readonly name = 'MissingMetadata';
}

const noBytes: Buffer = Buffer.alloc(0);

const expectationOf = (field: number, value: Wire): Expectation | undefined => {
  switch (field) {
    case 2:
      return asNumber(value);
    case 3:
      return 'no-stream';
    case 4:
      return 'any';
    case 5:
      return 'stream-exists';
    default:
      return undefined;
  }
};

const checkedTarget = (stream: string, expected: Expectation | undefined): Target => {
  if (stream === '' || stream === '$$') throw new MalformedMessage('The request names no stream.');
  if (expected === undefined) throw new MalformedMessage('The request expects no revision.');
  return { stream, expected };
};

/** The options of `AppendReq`, `DeleteReq` and `TombstoneReq`, which share their numbers. */
export const readTarget = (options: Buffer): Target => {
  let stream = '';
  let expected: Expectation | undefined;
  eachField(options, (field, value) => {
    if (field === 1) stream = readStreamName(asBytes(value));
    else expected = expectationOf(field, value) ?? expected;
  });
  return checkedTarget(stream, expected);
};

/** Decodes a `DeleteReq` or `TombstoneReq`; throws `MalformedMessage`. */
export const readDeleteRequest = (message: Buffer): Target => {
  let target: Target | undefined;
  eachField(message, (field, value) => {
    if (field === 1) target = readTarget(asBytes(value));
  });
  if (target === undefined) throw new MalformedMessage('The request has no options.');
  return target;
};

const readSpan = (bytes: Buffer): number => {
  let seconds = 0n;
  let nanos = 0;
  eachField(bytes, (field, value) => {
    if (field === 1) seconds = BigInt.asIntN(64, asBigint(value));
    if (field === 2) nanos = asNumber(value);
  });
  return Number(seconds) * 1000 + nanos / 1e6;
};

const readBatchOptions = (bytes: Buffer): BatchAppendRequest['options'] => {
  let stream = '';
  let expected: Expectation | undefined;
  let deadline: Deadline | undefined;
  eachField(bytes, (field, value) => {
    if (field === 1) stream = readStreamName(asBytes(value));
    else if (field === 6) deadline = { at: readSpan(asBytes(value)) };
    else if (field === 7) deadline = { within: readSpan(asBytes(value)) };
    else expected = expectationOf(field, value) ?? expected;
  });
  return { ...checkedTarget(stream, expected), deadline };
};

/** A key and a value of a map, which protobuf writes as a message of two fields. */
const readEntry = (bytes: Buffer): readonly [string, string] => {
  let key = '';
  let text = '';
  eachField(bytes, (field, value) => {
    if (field === 1) key = asBytes(value).toString('utf8');
    if (field === 2) text = asBytes(value).toString('utf8');
  });
  return [key, text];
};

export const readProposedEvent = (bytes: Buffer): ProposedEvent => {
  let id = '';
  let type = '';
  let contentType = '';
  let customMetadata = noBytes;
  let data = noBytes;
  eachField(bytes, (field, value) => {
    const part = asBytes(value);
    if (field === 1) id = readUuid(part);
    if (field === 2) {
      const [key, text] = readEntry(part);
      if (key === 'type') type = text;
      if (key === 'content-type') contentType = text;
    }
    if (field === 3) customMetadata = part;
    if (field === 4) data = part;
  });
  if (id === '') throw new MalformedMessage('An event has no id.');
  if (type === '' || contentType === '') {
    throw new MissingMetadata('An event lacks its type or content type.');
  }
  return { id, type, contentType, customMetadata, data };
};

/** Decodes a `BatchAppendReq`; throws `MalformedMessage` or `MissingMetadata`. */
export const readBatchAppendRequest = (message: Buffer): BatchAppendRequest => {
  let correlation = noBytes;
  let options: BatchAppendRequest['options'];
  const events: ProposedEvent[] = [];
  let isFinal = false;
  eachField(message, (field, value) => {
    if (field === 1) correlation = asBytes(value);
    if (field === 2) options = readBatchOptions(asBytes(value));
    if (field === 3) events.push(readProposedEvent(asBytes(value)));
    if (field === 4) isFinal = asNumber(value) !== 0;
  });
  return { correlation, options, events, isFinal };
};

/** One message of the older append, which sends its options and its events apart. */
export type AppendRequestPart =
  Readonly<{ kind: 'options'; target: Target }> | Readonly<{ kind: 'event'; event: ProposedEvent }>;

/** Decodes an `AppendReq`; throws `MalformedMessage` or `MissingMetadata`. */
export const readAppendRequest = (message: Buffer): AppendRequestPart => {
  let part: AppendRequestPart | undefined;
  eachField(message, (field, value) => {
    if (field === 1) part = { kind: 'options', target: readTarget(asBytes(value)) };
    if (field === 2) part = { kind: 'event', event: readProposedEvent(asBytes(value)) };
  });
  if (part === undefined) throw new MalformedMessage('The request is empty.');
  return part;
};
