import { CsvError, parse } from 'csv-parse';
import * as E from 'fp-ts/lib/Either.js';
import { pipeline, Readable } from 'node:stream';
import { separatorOf } from './separator.js';

/** One record, with the line of the file on which it begins. */
export type CsvRecord = Readonly<{ line: number; fields: readonly string[] }>;

/** From `line` on nothing can be told: a quote that nobody closes swallows whatever follows. */
export type CsvBroken = Readonly<{ _tag: 'Unparsable'; line: number; reason: string }>;
export type NotText = Readonly<{ _tag: 'NotText' }>;

type Chunk = Buffer | string;

const HEAD_BYTES = 65_536;
/** A record longer than this is a quote that was never closed, or no CSV: memory stays bounded. */
const RECORD_BYTES_MAX = 262_144;
const PAGE_RECORDS = 1_000;
const LINE_BREAK = /\r\n|\r|\n/g;

/** Chunks up to the end of the first line, and no further than the head may be long. */
const readHead = async (chunks: AsyncIterator<Chunk>): Promise<Buffer> => {
  const head: Buffer[] = [];
  let bytes = 0;
  while (bytes < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    const chunk = Buffer.from(next.value);
    head.push(chunk);
    bytes += chunk.length;
    if (chunk.includes(0x0a)) break;
  }
  return Buffer.concat(head);
};

async function* following(head: Buffer, rest: AsyncIterator<Chunk>): AsyncGenerator<Chunk> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

const firstLine = (head: Buffer): string =>
  head
    .toString('utf8')
    .split(/[\r\n]/)
    .find((line) => line.trim() !== '') ?? '';

type LineCounter = Readonly<{
  /** A record has ended where the parser has counted `lines`. */
  ended: (fields: readonly string[], lines: number) => void;
  /** The line on which the first record not taken yet begins. */
  take: () => number;
  /** The first line after the last record that has ended. */
  next: () => number;
}>;

/**
 * The parser counts a line break of two signs inside a quoted field twice, and gives a record the line
 * on which it ends; editors want the one on which it begins.
 */
const makeLineCounter = (): LineCounter => {
  let countedTwice = 0;
  let next = 1;
  let starts: number[] = [];
  let taken = 0;
  return {
    ended: (fields, lines) => {
      let breaks = 0;
      for (const field of fields) {
        if (!field.includes('\n') && !field.includes('\r')) continue;
        for (const [sign] of field.matchAll(LINE_BREAK)) {
          breaks += 1;
          if (sign.length > 1) countedTwice += 1;
        }
      }
      const end = lines - countedTwice;
      starts.push(end - breaks);
      next = end + 1;
    },
    take: () => {
      const line = starts[taken] ?? next;
      taken += 1;
      if (taken === starts.length) [starts, taken] = [[], 0];
      return line;
    },
    next: () => next,
  };
};

const brokenAt = (line: number): CsvBroken => ({
  _tag: 'Unparsable',
  line,
  reason: 'a quote that opens here or further down is never closed, or a line has no end',
});

/** Pages of records; where the text is no CSV any more, a problem instead of the next page. */
async function* recordsOf(
  source: AsyncIterable<Chunk>,
  delimiter: string,
): AsyncGenerator<E.Either<CsvBroken, readonly CsvRecord[]>> {
  const counter = makeLineCounter();
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: RECORD_BYTES_MAX,
    // Called as each record ends, so the place is known also when what follows cannot be parsed.
    on_record: (fields, { lines }) => {
      counter.ended(fields, lines);
      return fields;
    },
  });
  // A failure of the source ends the parser with it, and so the loop below.
  pipeline(Readable.from(source), parser, () => undefined);
  let page: CsvRecord[] = [];
  try {
    for await (const fields of parser as AsyncIterable<readonly string[]>) {
      page.push({ line: counter.take(), fields });
      if (page.length < PAGE_RECORDS) continue;
      yield E.right(page);
      page = [];
    }
    yield E.right(page);
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    yield E.left(brokenAt(counter.next()));
  }
}

/**
 * Reads CSV text as it comes: UTF-8 with or without a byte order mark, any line ends, quoted fields,
 * the separator of its first line. Memory does not grow with the text.
 */
export const readCsv = async (
  chunks: AsyncIterable<Chunk>,
): Promise<E.Either<NotText, ReturnType<typeof recordsOf>>> => {
  const iterator = chunks[Symbol.asyncIterator]();
  const head = await readHead(iterator);
  // UTF-16 and every binary format have a zero in their first bytes; no CSV in UTF-8 has one.
  if (head.includes(0)) {
    await iterator.return?.();
    return E.left({ _tag: 'NotText' });
  }
  return E.right(recordsOf(following(head, iterator), separatorOf(firstLine(head))));
};
