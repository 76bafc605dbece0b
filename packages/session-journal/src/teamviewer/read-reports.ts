import * as E from 'fp-ts/lib/Either.js';
import { jsonFault } from '../journal/json-fault.js';
import type { Fault, LineProblem } from '../line-problem.js';
import type { ReadLine, TextSource } from '../lines/text-lines.js';
import { reportOf, type ConnectionReport, type ReportKind } from './connection-report.js';
import { RecordCutter, type Piece } from './report-records.js';

export type ReportLine = ReadLine<ConnectionReport>;

type Result = E.Either<LineProblem, ConnectionReport>;

/** What stands beside the records of a page: whether another one follows. */
type Frame = Readonly<{ records_remaining?: unknown; next_offset?: unknown }>;

const placeOf = (
  text: string,
  at: number,
  line: number,
): Readonly<{ line: number; column: number }> => {
  const before = text.slice(0, at).split('\n');
  // Where a record begins on its line is not kept, so a column is known from its second line on.
  return { line: line + before.length - 1, column: (before.at(-1) ?? '').length + 1 };
};

const parsed = (text: string): E.Either<Fault & { at: number }, unknown> => {
  try {
    return E.right(JSON.parse(text) as unknown);
  } catch {
    const { at, reason } = jsonFault(text) ?? { at: 0, reason: 'a value is expected' };
    return E.left({ at, reason: `is not JSON: ${reason}` });
  }
};

const recordFrom = (kind: ReportKind, text: string, line: number): Result => {
  const value = parsed(text);
  if (E.isLeft(value)) {
    const place = placeOf(text, value.left.at, line);
    const { reason } = value.left;
    return E.left(place.line === line ? { line, reason } : { ...place, reason });
  }
  const report = reportOf(kind, value.right);
  return E.isLeft(report) ? E.left({ line, ...report.left }) : report;
};

/** The offset of the page that should follow, or nothing. */
const followingOf = (frame: unknown): boolean => {
  if (typeof frame !== 'object' || frame === null) return false;
  const { records_remaining: remaining, next_offset: next } = frame as Frame;
  return Number(remaining) > 0 && typeof next === 'string' && next !== '';
};

const noRecords: Fault = {
  reason: 'is not a page of reports: there is no list of records',
  remedy: 'save what GET /reports/connections or GET /reports/devices answers',
};
const moreFollow: Fault = {
  field: 'records_remaining',
  reason: 'says that more reports follow, and the file ends',
  remedy: 'save the next page too, asking with offset_id, or let daybook fetch them',
};
const endings: Readonly<Record<'too-long' | 'truncated', Fault>> = {
  'too-long': {
    reason: 'is longer than a report or a page can be',
    remedy: 'save the pages as the API gives them, 1,000 reports each',
  },
  truncated: { reason: 'ends in the middle of a report or a page', remedy: 'save the file again' },
};

type LastPage = { line: number; isFollowed: boolean };

const frameProblem = (
  piece: Extract<Piece, { kind: 'frame' }>,
  last: LastPage,
): LineProblem | null => {
  const { line, text, hasArray } = piece;
  const frame = parsed(text);
  if (E.isLeft(frame)) return { line, reason: 'is not JSON outside of its records' };
  if (!hasArray) return { line, ...noRecords };
  last.line = line;
  last.isFollowed = followingOf(frame.right);
  return null;
};

const resultOf = (kind: ReportKind, piece: Piece, last: LastPage): Result | null => {
  switch (piece.kind) {
    case 'record':
      return recordFrom(kind, piece.text, piece.line);
    case 'frame': {
      const problem = frameProblem(piece, last);
      return problem === null ? null : E.left(problem);
    }
    case 'too-long':
    case 'truncated':
      return E.left({ line: piece.line, ...endings[piece.kind] });
  }
};

/**
 * Reads saved answers of the Web API: one page, several one after the other (also one on each line), or a
 * list of records. Every record has its own outcome, and memory does not grow with the file.
 */
export async function* readReports(
  source: TextSource,
  kind: ReportKind,
): AsyncGenerator<ReportLine> {
  const cutter = new RecordCutter();
  const decoder = new TextDecoder('utf-8');
  const last: LastPage = { line: 1, isFollowed: false };
  let bytes = 0;
  const results = function* (pieces: Iterable<Piece>): Generator<ReportLine> {
    for (const piece of pieces) {
      const result = resultOf(kind, piece, last);
      if (result === null) continue;
      const line = E.isLeft(result) ? result.left.line : piece.line;
      yield { line, bytes, result };
    }
  };
  for await (const chunk of source) {
    bytes += Buffer.byteLength(chunk);
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    yield* results(cutter.push(text));
  }
  yield* results(cutter.push(decoder.decode()));
  yield* results(cutter.end());
  const { line, isFollowed } = last;
  if (isFollowed) yield { line, bytes, result: E.left({ line, ...moreFollow }) };
}
