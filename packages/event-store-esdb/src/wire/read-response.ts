import type { Position, StoredEvent } from '@daybook/event-store';
import { UnreadableLog } from '../store-error.js';
import {
  type Cursor,
  cursorOf,
  lengthTag,
  readVarint,
  restAsText,
  skipField,
  varintTag,
  within,
} from './protobuf.js';

/** What one message of a read or a subscription says; the others (confirmations, ends of streams) are not needed. */
export type ReadMessage =
  | Readonly<{ kind: 'event'; event: StoredEvent }>
  | Readonly<{ kind: 'checkpoint'; position: Position }>
  | Readonly<{ kind: 'caught-up' | 'fell-behind' | 'not-found' | 'other' }>;

/** Digits of 10,000: recorded time comes in ticks of 100 ns, cut to milliseconds as a text, without BigInt. */
const TICK_DIGITS = 4;

/**
 * The port's position of a place in the log: commit position and prepare position, which are the same for
 * everything written without the explicit transactions of the old TCP protocol. A position that a number cannot
 * hold exactly is an error: rounded, it would be another event's.
 */
export const positionOf = (commit: number | undefined, prepare: number | undefined): Position => {
  if (commit === undefined || !Number.isSafeInteger(commit)) {
    throw new UnreadableLog(
      'A position of the log is no whole number up to 2^53 - 1, or is missing.',
    );
  }
  if (commit !== prepare) {
    throw new UnreadableLog(
      'The log holds an explicit transaction: commit and prepare position differ.',
    );
  }
  return commit;
};

/** Types with a dollar are the database's own: metadata, links, statistics. The port has none of them. */
export const isSystemType = (type: string): boolean => type.startsWith('$');

const revisionOf = (revision: number, type: string): number => {
  // What ends a stream for good stands at 2^63 - 1; like all of its kind it is passed over.
  if (isSystemType(type)) return revision;
  if (!Number.isSafeInteger(revision)) throw new UnreadableLog('A revision is above 2^53 - 1.');
  return revision;
};

const recordedAtOf = (ticks: string): number => {
  const milliseconds = Number(ticks.slice(0, -TICK_DIGITS));
  return Number.isSafeInteger(milliseconds) ? milliseconds : 0;
};

/** A message of which one field, a text, is wanted. */
const textField =
  (field: number) =>
  (cursor: Cursor): string => {
    const wanted = lengthTag(field);
    let text = '';
    while (cursor.at < cursor.end) {
      const tag = readVarint(cursor);
      if (tag === wanted) text = within(cursor, restAsText);
      else skipField(cursor, tag);
    }
    return text;
  };

const uuidText = textField(2);
const streamName = textField(3);

/** The fields of a `RecordedEvent` as they come. */
type Fields = {
  id: string;
  stream: string;
  revision: number;
  commit: number | undefined;
  prepare: number | undefined;
  type: string;
  created: string;
  metadata: string;
  data: string;
};

/** A key and a value of the system metadata, which is a map: a message of two fields each. */
const readEntry =
  (fields: Fields) =>
  (cursor: Cursor): void => {
    let [key, value] = ['', ''];
    while (cursor.at < cursor.end) {
      const tag = readVarint(cursor);
      if (tag === lengthTag(1)) key = within(cursor, restAsText);
      else if (tag === lengthTag(2)) value = within(cursor, restAsText);
      else skipField(cursor, tag);
    }
    if (key === 'type') fields.type = value;
    if (key === 'created') fields.created = value;
  };

type TakeField = (fields: Fields, cursor: Cursor) => void;

const recordedFields: ReadonlyMap<number, TakeField> = new Map<number, TakeField>([
  [lengthTag(1), (fields, cursor) => (fields.id = within(cursor, uuidText))],
  [lengthTag(2), (fields, cursor) => (fields.stream = within(cursor, streamName))],
  [varintTag(3), (fields, cursor) => (fields.revision = readVarint(cursor))],
  [varintTag(4), (fields, cursor) => (fields.prepare = readVarint(cursor))],
  [varintTag(5), (fields, cursor) => (fields.commit = readVarint(cursor))],
  [lengthTag(6), (fields, cursor) => within(cursor, readEntry(fields))],
  [lengthTag(7), (fields, cursor) => (fields.metadata = within(cursor, restAsText))],
  [lengthTag(8), (fields, cursor) => (fields.data = within(cursor, restAsText))],
]);

/** Data and metadata as they were written, byte for byte: nothing is parsed. */
const readRecorded = (cursor: Cursor): StoredEvent => {
  // Zero is not sent: a revision that is absent is the first.
  const fields: Fields = {
    id: '',
    stream: '',
    revision: 0,
    commit: undefined,
    prepare: undefined,
    type: '',
    created: '',
    metadata: '',
    data: '',
  };
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    const take = recordedFields.get(tag);
    if (take === undefined) skipField(cursor, tag);
    else take(fields, cursor);
  }
  const { id, stream, type, data, metadata } = fields;
  if (id === '' || stream === '') {
    throw new UnreadableLog('The event store sent an event without id or stream.');
  }
  return {
    id: id.toLowerCase(),
    type,
    data,
    metadata,
    stream,
    revision: revisionOf(fields.revision, type),
    position: positionOf(fields.commit, fields.prepare),
    recordedAt: recordedAtOf(fields.created),
  };
};

/** A link whose target is gone has no event: there is nothing to show. */
const readEvent = (cursor: Cursor): ReadMessage => {
  let event: StoredEvent | undefined;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === lengthTag(1)) event = within(cursor, readRecorded);
    else skipField(cursor, tag);
  }
  return event === undefined ? { kind: 'other' } : { kind: 'event', event };
};

/** A message with commit and prepare position in its first two fields. */
export const readPosition = (
  cursor: Cursor,
): Readonly<{ commit: number | undefined; prepare: number | undefined }> => {
  let commit: number | undefined;
  let prepare: number | undefined;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === varintTag(1)) commit = readVarint(cursor);
    else if (tag === varintTag(2)) prepare = readVarint(cursor);
    else skipField(cursor, tag);
  }
  return { commit, prepare };
};

const readCheckpoint = (cursor: Cursor): ReadMessage => {
  const { commit = 0, prepare = 0 } = readPosition(cursor);
  return { kind: 'checkpoint', position: positionOf(commit, prepare) };
};

const empty =
  (kind: 'caught-up' | 'fell-behind' | 'not-found') =>
  (cursor: Cursor): ReadMessage => {
    cursor.at = cursor.end;
    return { kind };
  };

const contents: ReadonlyMap<number, (cursor: Cursor) => ReadMessage> = new Map([
  [lengthTag(1), readEvent],
  [lengthTag(3), readCheckpoint],
  [lengthTag(4), empty('not-found')],
  [lengthTag(8), empty('caught-up')],
  [lengthTag(9), empty('fell-behind')],
]);

/** Decodes a `ReadResp`; throws `UnreadableLog` when it is none or says what the port cannot. */
export const readMessageOf = (bytes: Buffer): ReadMessage => {
  const cursor = cursorOf(bytes);
  let message: ReadMessage = { kind: 'other' };
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    const read = contents.get(tag);
    if (read === undefined) skipField(cursor, tag);
    else message = within(cursor, read);
  }
  return message;
};
