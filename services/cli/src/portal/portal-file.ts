import {
  readHeader,
  readPortalLine,
  type Columns,
  type HeaderProblem,
  type UnreadableLine,
} from '@daybook/domain/reconciliation';
import type { PortalLine } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { createReadStream } from 'node:fs';
import type { Context } from '../context.js';
import { errorCode } from '../error-code.js';
import { refusal, usage, type Failure } from '../outcome.js';
import { listed } from '../text/words.js';
import { readCsv, type CsvBroken, type CsvRecord } from './csv-records.js';

/** The portal's export, its header read and its lines to come. */
export type PortalFile = Readonly<{
  name: string;
  ignoredColumns: readonly string[];
  lines: AsyncIterable<E.Either<Failure, readonly PortalLine[]>>;
}>;

const COLUMNS =
  'The first line names the columns: order number, purchased at, credits; and, where known, price, currency, status, invoice number.';

const unusable = (place: string, reason: string): Failure =>
  usage(`${place} ${reason}\nNothing was compared, and nothing is changed.`);

const headerFailure = (name: string, problem: HeaderProblem): Failure => {
  switch (problem._tag) {
    case 'ColumnsMissing':
      return unusable(
        `${name}:1`,
        `has no column ${listed(problem.missing.map((column) => `“${column}”`))}. ${COLUMNS}`,
      );
    case 'ColumnTwice':
      return unusable(`${name}:1`, `names the column “${problem.column}” twice. Keep one of them.`);
  }
};

const stopped = refusal('Stopped; nothing was compared, and nothing is changed.');

const brokenFailure = (name: string, { line, reason }: CsvBroken): Failure =>
  unusable(
    `${name}:${line}`,
    `cannot be read: ${reason}. Export the file again, or write quotes inside a field twice.`,
  );

/** `FILE:LINE column reason — remedy`; never what stands there. */
export const unreadableInWords = (
  name: string,
  line: number,
  problem: Pick<UnreadableLine, 'column' | 'reason' | 'remedy'>,
): string => {
  const { column, reason, remedy } = problem;
  return `${name}:${line} ${column === null ? reason : `${column} ${reason}`} — ${remedy}`;
};

const why: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
};

/** A file that cannot be read, or no further; what else is thrown is a bug. */
const notReadable = (name: string, thrown: unknown): Failure => {
  const code = errorCode(thrown);
  if (code === '') throw thrown;
  return unusable(name, `cannot be read: ${why[code] ?? code}.`);
};

type Pages = AsyncIterator<E.Either<CsvBroken, readonly CsvRecord[]>>;
type Opened = Readonly<{ name: string; pages: Pages; isStopped: () => boolean; read: Read }>;
type Read = (line: number, fields: readonly string[]) => PortalLine;

/** The pages after the first, as long as they can be read. */
async function* pagesFrom(
  first: readonly CsvRecord[],
  { name, pages, isStopped }: Opened,
): AsyncGenerator<E.Either<Failure, readonly CsvRecord[]>> {
  try {
    yield E.right(first);
    for (let next = await pages.next(); next.done !== true; next = await pages.next()) {
      if (isStopped()) yield E.left(stopped);
      yield E.isLeft(next.value) ? E.left(brokenFailure(name, next.value.left)) : next.value;
    }
  } catch (thrown) {
    yield E.left(notReadable(name, thrown));
  } finally {
    await pages.return?.();
  }
}

/** Lines by page. A file in which no line can be read is not compared: everything would be missing. */
async function* linesFrom(
  first: readonly CsvRecord[],
  opened: Opened,
): AsyncGenerator<E.Either<Failure, readonly PortalLine[]>> {
  let readable = 0;
  let unreadable: UnreadableLine | undefined;
  for await (const page of pagesFrom(first, opened)) {
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    const lines = page.right.map(({ line, fields }) => opened.read(line, fields));
    for (const line of lines) {
      if (E.isRight(line)) readable += 1;
      else unreadable ??= line.left;
    }
    yield E.right(lines);
  }
  if (readable > 0 || unreadable === undefined) return;
  const words = unreadableInWords(opened.name, unreadable.line, unreadable);
  yield E.left(unusable(words, '\nNo line of the file can be read.'));
}

type Opening = Readonly<{ columns: Columns; first: readonly CsvRecord[]; pages: Pages }>;

const readFirst = async (name: string, pages: Pages): Promise<E.Either<Failure, Opening>> => {
  const next = await pages.next();
  const page: E.Either<CsvBroken, readonly CsvRecord[]> =
    next.done === true ? E.right([]) : next.value;
  if (E.isLeft(page)) return E.left(brokenFailure(name, page.left));
  const [header, ...first] = page.right;
  if (header === undefined) return E.left(unusable(name, `is empty. ${COLUMNS}`));
  const columns = readHeader(header.fields);
  return E.isLeft(columns)
    ? E.left(headerFailure(name, columns.left))
    : E.right({ columns: columns.right, first, pages });
};

const openPages = async (
  name: string,
  chunks: AsyncIterable<Buffer | string>,
): Promise<E.Either<Failure, Opening>> => {
  const csv = await readCsv(chunks);
  if (E.isLeft(csv))
    return E.left(unusable(name, 'is not a text in UTF-8. Save or export it as “CSV UTF-8”.'));
  const pages = csv.right[Symbol.asyncIterator]();
  const opening = await readFirst(name, pages);
  if (E.isLeft(opening)) await pages.return(undefined);
  return opening;
};

/** Opens the portal's export and reads its header; `-` is standard input. */
export const openPortalFile = async (
  context: Pick<Context, 'stdin' | 'stopped'>,
  given: string,
  timeZone: string,
): Promise<E.Either<Failure, PortalFile>> => {
  const name = given === '-' ? '(stdin)' : given;
  try {
    const opened = await openPages(name, given === '-' ? context.stdin : createReadStream(given));
    if (E.isLeft(opened)) return opened;
    const { columns, first, pages } = opened.right;
    const read = readPortalLine(columns, timeZone);
    const isStopped = (): boolean => context.stopped.aborted;
    const lines = linesFrom(first, { name, pages, read, isStopped });
    return E.right({ name, ignoredColumns: columns.ignored, lines });
  } catch (thrown) {
    return E.left(notReadable(name, thrown));
  }
};
