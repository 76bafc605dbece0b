import * as E from 'fp-ts/lib/Either.js';
import type { Fault, LineProblem } from '../line-problem.js';
import { LineSplitter, textOf, type RawLine, type TextEncoding } from './line-splitter.js';

/** One line read from a file: where it stands, and what it says or what is wrong with it. */
export type ReadLine<A> = Readonly<{
  /** 1-based; blank lines count but are not reported. */
  line: number;
  /** Offset in the file after this line, for progress. */
  bytes: number;
  result: E.Either<LineProblem, A>;
}>;

export type TextSource = AsyncIterable<Buffer | string>;
export type ParseText<A> = (text: string, terminated: boolean) => E.Either<Fault, A>;

/** Longest line that is read, bytes; a longer one is reported and passed over. */
export const LINE_BYTES_MAX = 1_048_576;

const BLANK = /^[ \t\uFEFF]*$/;

/** A character that two string chunks share is sent with the second. */
const splitPair = (text: string): number => {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.length - 1 : text.length;
};

async function* buffersOf(source: TextSource): AsyncGenerator<Buffer> {
  let half = '';
  for await (const chunk of source) {
    if (typeof chunk !== 'string') {
      yield chunk;
      continue;
    }
    const text = half + chunk;
    const cut = splitPair(text);
    half = text.slice(cut);
    yield Buffer.from(text.slice(0, cut));
  }
  if (half !== '') yield Buffer.from(half);
}

/** Column of the first byte that is not UTF-8: there the text, written again, first differs. */
const columnOfBadByte = (content: Buffer): number => {
  const text = content.toString('utf8');
  const again = Buffer.from(text);
  let at = 0;
  while (again[at] === content[at] && at < content.length) at += 1;
  return (
    again
      .subarray(0, at)
      .toString('utf8')
      .replace(/\uFFFD$/, '').length + 1
  );
};

const notText = (content: Buffer, encoding: TextEncoding, terminated: boolean): Fault => {
  if (!terminated) return TRUNCATED;
  return {
    ...(encoding === 'utf-8' ? { column: columnOfBadByte(content) } : {}),
    reason: `is not valid ${encoding.toUpperCase()} text`,
    remedy: 'save the file as UTF-8',
  };
};

export const TRUNCATED: Fault = {
  reason: 'is truncated: the file ends inside this line',
  remedy: 'import the file again when it has been written to its end, or remove the line',
};

type Reading<A> = Readonly<{
  splitter: LineSplitter;
  lineBytesMax: number;
  parse: ParseText<A>;
}>;

const readOne = <A>(raw: RawLine, reading: Reading<A>): E.Either<Fault, A> | undefined => {
  if (raw.content === 'too-long') {
    return E.left({
      reason: `is longer than ${reading.lineBytesMax} bytes and was passed over`,
      remedy: 'split the text over several entries',
    });
  }
  const { encoding } = reading.splitter;
  const text = textOf(raw.content, encoding);
  if (text === undefined) return E.left(notText(raw.content, encoding, raw.terminated));
  return BLANK.test(text) ? undefined : reading.parse(text, raw.terminated);
};

function* linesOf<A>(raws: Iterable<RawLine>, reading: Reading<A>): Generator<ReadLine<A>> {
  for (const raw of raws) {
    const outcome = readOne(raw, reading);
    if (outcome === undefined) continue;
    const { line, bytes } = raw;
    yield E.isRight(outcome)
      ? { line, bytes, result: outcome }
      : { line, bytes, result: E.left({ line, ...outcome.left }) };
  }
}

/**
 * Reads a text file line by line and gives each line's own outcome; a bad line never stops the rest.
 * UTF-8, with or without byte order mark, or UTF-16 with one; line feed or carriage return and line
 * feed; blank lines are passed over. Holds one line at a time. Errors of the source itself are thrown.
 */
export async function* readLines<A>(
  source: TextSource,
  lineBytesMax: number,
  parse: ParseText<A>,
): AsyncGenerator<ReadLine<A>> {
  const splitter = new LineSplitter(lineBytesMax);
  const reading = { splitter, lineBytesMax, parse };
  // Not `yield*`: over a synchronous iterable it costs three more promises a line.
  for await (const chunk of buffersOf(source)) {
    for (const line of linesOf(splitter.feed(chunk), reading)) yield line;
  }
  for (const line of linesOf(splitter.end(), reading)) yield line;
}
