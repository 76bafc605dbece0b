import {
  type Cursor,
  cursorOf,
  lengthTag,
  readVarint,
  skipField,
  varintTag,
  within,
} from './protobuf.js';
import { readPosition } from './read-response.js';

/** Positions as they came, unchecked; absent where the server does not tell them. */
export type AppendSuccess = Readonly<{
  revision: number;
  position: Readonly<{ commit: number | undefined; prepare: number | undefined }> | undefined;
}>;

export type AppendAnswer = Readonly<{
  /** The number of the append that is answered; undefined when it is none of ours. */
  correlation: number | undefined;
  /** Undefined when it failed. */
  success: AppendSuccess | undefined;
}>;

/** Bits of the number in the last group of the text form, which are the low ones of the structured form. */
const NUMBER_BITS = 48n;

/** The ids of appends are numbers, written as UUIDs of version 4 and variant 1. */
export const correlationText = (n: number): string =>
  `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const PREFIX = correlationText(0).slice(0, -12);

/** A varint of 64 bits, whole: `readVarint` keeps 53 of them. */
const readWide = (cursor: Cursor): bigint => {
  const start = cursor.at;
  readVarint(cursor);
  let value = 0n;
  for (let at = cursor.at - 1; at >= start; at -= 1) {
    value = value * 128n + BigInt((cursor.buffer[at] ?? 0) % 128);
  }
  return value;
};

const readStructured = (cursor: Cursor): number => {
  let low = 0n;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === varintTag(2)) low = readWide(cursor);
    else skipField(cursor, tag);
  }
  return Number(BigInt.asUintN(Number(NUMBER_BITS), low));
};

const numberFrom = (text: string): number | undefined =>
  text.toLowerCase().startsWith(PREFIX) ? Number.parseInt(text.slice(-12), 16) : undefined;

/** The database itself answers in the structured form, whichever it was asked in. */
const readCorrelation = (cursor: Cursor): number | undefined => {
  let correlation: number | undefined;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === lengthTag(1)) correlation = within(cursor, readStructured);
    else if (tag === lengthTag(2)) {
      correlation = within(cursor, ({ buffer, at, end }) =>
        numberFrom(buffer.toString('latin1', at, end)),
      );
    } else skipField(cursor, tag);
  }
  return correlation;
};

const readSuccess = (cursor: Cursor): AppendSuccess => {
  let revision = 0;
  let position: AppendSuccess['position'];
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === varintTag(1)) revision = readVarint(cursor);
    else if (tag === lengthTag(3)) position = within(cursor, readPosition);
    else skipField(cursor, tag);
  }
  return { revision, position };
};

/** Decodes a `BatchAppendResp`, all but its error; throws `UnreadableLog` when it is none. */
export const readAppendAnswer = (bytes: Buffer): AppendAnswer => {
  const cursor = cursorOf(bytes);
  let correlation: number | undefined;
  let success: AppendSuccess | undefined;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === lengthTag(1)) correlation = within(cursor, readCorrelation);
    else if (tag === lengthTag(3)) success = within(cursor, readSuccess);
    else skipField(cursor, tag);
  }
  return { correlation, success };
};
