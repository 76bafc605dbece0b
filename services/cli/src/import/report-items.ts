import {
  entriesOfReport,
  makeReportRowReader,
  readReportHeader,
  readReports,
  reportOf,
  type ConnectionReport,
  type GivenColumns,
  type LineProblem,
  type ReportKind,
  type ReportMapping,
  type ReportsFailure,
  type ReportsPage,
} from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import { readCsv, type CsvRecord } from '../portal/csv-records.js';
import type { InputFile } from './input-file.js';
import type { Item, Place } from './item.js';
import { isJson } from './sniff-reports.js';

type Chunks = AsyncIterable<Buffer | string>;

/** What the company knows, and how an export calls its columns. */
export type ReportsMapping = ReportMapping & Readonly<{ columns?: GivenColumns }>;

const problemItem = (place: Place, problem: Omit<LineProblem, 'line'>): Item => ({
  ...place,
  kind: 'problem',
  problem: { line: place.line, ...problem },
});

const entriesItem = (place: Place, report: ConnectionReport, mapping: ReportsMapping): Item => ({
  ...place,
  kind: 'entries',
  at: report.startedAt,
  source: 'teamviewer-log',
  entries: entriesOfReport(report, mapping),
});

async function* jsonItems(
  file: InputFile,
  chunks: Chunks,
  how: Readonly<{ kind: ReportKind; mapping: ReportsMapping }>,
): AsyncGenerator<Item> {
  for await (const { line, bytes, result } of readReports(chunks, how.kind)) {
    const place = { file, line, bytes };
    yield E.isLeft(result)
      ? { ...place, kind: 'problem', problem: result.left }
      : entriesItem(place, result.right, how.mapping);
  }
}

type CsvPages = AsyncIterable<
  E.Either<Readonly<{ line: number; reason: string }>, readonly CsvRecord[]>
>;

/** Records, one at a time; where the text is no CSV any more, a problem and nothing after it. */
async function* recordsOf(pages: CsvPages): AsyncGenerator<E.Either<LineProblem, CsvRecord>> {
  for await (const page of pages) {
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    for (const record of page.right) yield E.right(record);
  }
}

type Rows = Readonly<{
  file: InputFile;
  bytes: () => number;
  mapping: ReportsMapping;
  kind: ReportKind;
}>;

async function* rowItems(pages: CsvPages, rows: Rows): AsyncGenerator<Item> {
  const { file, bytes, mapping, kind } = rows;
  let readRow: ReturnType<typeof makeReportRowReader> | null = null;
  for await (const record of recordsOf(pages)) {
    if (E.isLeft(record)) {
      const { line, reason } = record.left;
      yield problemItem({ file, line, bytes: bytes() }, { reason });
      return;
    }
    const { line, fields } = record.right;
    const place = { file, line, bytes: bytes() };
    if (readRow === null) {
      const header = readReportHeader(fields, mapping.columns);
      if (E.isLeft(header)) {
        yield problemItem(place, header.left);
        return;
      }
      readRow = makeReportRowReader(kind, header.right);
      continue;
    }
    const report = readRow(fields);
    yield E.isLeft(report)
      ? problemItem(place, report.left)
      : entriesItem(place, report.right, mapping);
  }
}

async function* csvItems(
  file: InputFile,
  chunks: Chunks,
  how: Readonly<{ kind: ReportKind; mapping: ReportsMapping }>,
): AsyncGenerator<Item> {
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer | string> {
    for await (const chunk of chunks) {
      bytes += Buffer.byteLength(chunk);
      yield chunk;
    }
  };
  const csv = await readCsv(counted());
  if (E.isLeft(csv)) {
    const reason = 'is not a text in UTF-8: save or export the file as “CSV UTF-8”';
    yield problemItem({ file, line: 1, bytes }, { reason });
    return;
  }
  yield* rowItems(csv.right, { file, bytes: () => bytes, ...how });
}

async function* continuing(
  head: readonly (Buffer | string)[],
  rest: AsyncIterator<Buffer | string>,
): AsyncGenerator<Buffer | string> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Reports from a file: answers of the Web API as they were saved, or an export as CSV. */
export async function* reportItems(
  file: InputFile,
  kind: ReportKind,
  mapping: ReportsMapping,
): AsyncGenerator<Item> {
  const iterator = file.chunks[Symbol.asyncIterator]();
  const head: (Buffer | string)[] = [];
  let text = '';
  while (text.trim() === '') {
    const next = await iterator.next();
    if (next.done === true) break;
    head.push(next.value);
    text += next.value.toString();
  }
  const chunks = continuing(head, iterator);
  const read = isJson(text) ? jsonItems : csvItems;
  yield* read(file, chunks, { kind, mapping });
}

/** How fetching went: what the last page was not. */
export type Fetched = { failure: ReportsFailure | null; pages: number };

/** Reports as the Web API gives them. A line is a report, counted from 1; the first failure ends them. */
export async function* fetchedItems(
  pages: AsyncIterable<E.Either<ReportsFailure, ReportsPage>>,
  how: Readonly<{ file: InputFile; kind: ReportKind; mapping: ReportsMapping }>,
  fetched: Fetched,
): AsyncGenerator<Item> {
  const { file, kind, mapping } = how;
  let line = 0;
  for await (const page of pages) {
    if (E.isLeft(page)) {
      fetched.failure = page.left;
      return;
    }
    fetched.pages += 1;
    for (const record of page.right.records) {
      line += 1;
      const place = { file, line, bytes: 0 };
      const report = reportOf(kind, record);
      yield E.isLeft(report)
        ? problemItem(place, report.left)
        : entriesItem(place, report.right, mapping);
    }
  }
}
