/**
 * As much of the protobuf encoding as appends and reads need, over Buffers. The client's generated classes build an
 * object per field and cost more than the socket; `test/wire` holds these to them.
 */
import { UnreadableLog } from '../store-error.js';

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;
const CHUNK = 128;

export const varintSize = (value: number): number => {
  let size = 1;
  for (let rest = value; rest >= CHUNK; rest = Math.floor(rest / CHUNK)) size += 1;
  return size;
};

/** Writes a whole number from 0 to 2^53 - 1 and returns the offset behind it. */
export const putVarint = (buffer: Buffer, at: number, value: number): number => {
  let rest = value;
  let offset = at;
  while (rest >= CHUNK) {
    buffer[offset] = (rest % CHUNK) + CHUNK;
    rest = Math.floor(rest / CHUNK);
    offset += 1;
  }
  buffer[offset] = rest;
  return offset + 1;
};

/** A place in a message. `end` is where the message ends, which may be before the buffer does. */
export type Cursor = { readonly buffer: Buffer; at: number; end: number };

export const cursorOf = (buffer: Buffer): Cursor => ({ buffer, at: 0, end: buffer.length });

const malformed = (): UnreadableLog =>
  new UnreadableLog('The event store sent a message that is none.');

/**
 * A varint. From 2^53 on digits are lost: who needs the number checks that it is a safe integer, and it never is
 * one by accident, because what is lost makes it no smaller than 2^53.
 */
export const readVarint = (cursor: Cursor): number => {
  const { buffer, end } = cursor;
  let value = 0;
  let unit = 1;
  for (let at = cursor.at; at < end; at += 1) {
    const byte = buffer[at] ?? 0;
    value += (byte % CHUNK) * unit;
    if (byte < CHUNK) {
      cursor.at = at + 1;
      return value;
    }
    unit *= CHUNK;
  }
  throw malformed();
};

const skipTo = (cursor: Cursor, at: number): void => {
  // Put so that what is no number is refused too: a varint of any length may come.
  if (!(at <= cursor.end)) throw malformed();
  cursor.at = at;
};

/** Passes over the field whose tag was read. */
export const skipField = (cursor: Cursor, tag: number): void => {
  switch (tag % 8) {
    case VARINT:
      readVarint(cursor);
      return;
    case LENGTH: {
      const length = readVarint(cursor);
      skipTo(cursor, cursor.at + length);
      return;
    }
    case FIXED_64:
      skipTo(cursor, cursor.at + 8);
      return;
    case FIXED_32:
      skipTo(cursor, cursor.at + 4);
      return;
    default:
      throw malformed();
  }
};

/** Reads the message or text in the field whose tag was read: `read` moves to its end, or leaves it where it is. */
export const within = <A>(cursor: Cursor, read: (cursor: Cursor) => A): A => {
  const length = readVarint(cursor);
  const end = cursor.at + length;
  const outer = cursor.end;
  if (!(end <= outer)) throw malformed();
  cursor.end = end;
  const answer = read(cursor);
  cursor.at = end;
  cursor.end = outer;
  return answer;
};

/** The rest of the message as text. */
export const restAsText = ({ buffer, at, end }: Cursor): string => buffer.toString('utf8', at, end);

/** The tag of a field that holds bytes, or a number. Fields up to 15 have a tag of one byte. */
export const lengthTag = (field: number): number => field * 8 + LENGTH;
export const varintTag = (field: number): number => field * 8 + VARINT;
