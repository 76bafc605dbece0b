import type {
  AllPage,
  AllPageRequest,
  Direction,
  Position,
  ReadFilter,
  Revision,
  StoredEvent,
  StreamPageRequest,
} from '@daybook/event-store';
import Database from 'better-sqlite3';
import { makeBoundedCache } from './bounded-cache.js';

/** One page at a time over one connection. Throws what SQLite throws. */
export type LogReader = Readonly<{
  streamPage: (request: StreamPageRequest) => readonly StoredEvent[];
  allPage: (request: AllPageRequest) => AllPage;
  head: () => Position;
}>;

/** pos, sid, ver, tid, ts, id, body, meta. Arrays, because naming the columns costs more than reading them. */
type Row = [number, number, number, number, number, string, string, string];
type Rows = Database.Statement<number[], Row>;

const CACHED_STREAMS = 16_384;
const CACHED_STATEMENTS = 64;
/** Rows that one filtered page looks at, at most: a few milliseconds, however rare the match. */
const LOOKED_AT_MAX = 20_000;

const columns = 'pos, sid, ver, tid, ts, id, body, meta';

type Names = Readonly<{
  streamIdOf: (name: string) => number | undefined;
  streamNameOf: (sid: number) => string;
  typeNameOf: (tid: number) => string;
}>;

const missing = (what: string): never => {
  throw new Database.SqliteError(`An event names a ${what} that is not there.`, 'SQLITE_CORRUPT');
};

const makeNames = (db: Database.Database): Names => {
  const streamIds = makeBoundedCache<string, number>(CACHED_STREAMS);
  const streamNames = makeBoundedCache<number, string>(CACHED_STREAMS);
  // Types are words of the program, not data: few enough to keep.
  const types = new Map<number, string>();
  const selectStreamId = db
    .prepare<[string], number>('SELECT sid FROM streams WHERE name = ?')
    .pluck();
  const selectStream = db
    .prepare<[number], string>('SELECT name FROM streams WHERE sid = ?')
    .pluck();
  const selectType = db.prepare<[number], string>('SELECT name FROM types WHERE tid = ?').pluck();
  return {
    streamIdOf: (name) => {
      const known = streamIds.get(name);
      if (known !== undefined) return known;
      const sid = selectStreamId.get(name);
      if (sid !== undefined) streamIds.set(name, sid);
      return sid;
    },
    streamNameOf: (sid) => {
      const known = streamNames.get(sid);
      if (known !== undefined) return known;
      const name = selectStream.get(sid) ?? missing('stream');
      streamNames.set(sid, name);
      return name;
    },
    typeNameOf: (tid) => {
      const known = types.get(tid);
      if (known !== undefined) return known;
      const name = selectType.get(tid) ?? missing('type');
      types.set(tid, name);
      return name;
    },
  };
};

/** SQL that keeps to the filter; undefined when nothing in the log can match it. */
type Condition = (filter: ReadFilter) => string | undefined;

const makeCondition = (db: Database.Database): Condition => {
  const select = {
    cid: db.prepare<[string], number>('SELECT cid FROM categories WHERE name = ?').pluck(),
    tid: db.prepare<[string], number>('SELECT tid FROM types WHERE name = ?').pluck(),
  };
  const oneOf = (column: 'cid' | 'tid', names: readonly string[]): string | undefined => {
    if (names.length === 0) return '';
    const ids = names.map((name) => select[column].get(name)).filter((id) => id !== undefined);
    return ids.length === 0 ? undefined : ` AND ${column} IN (${ids.join(',')})`;
  };
  return ({ categories = [], types = [] }) => {
    const byCategory = oneOf('cid', categories);
    const byType = oneOf('tid', types);
    return byCategory === undefined || byType === undefined ? undefined : byCategory + byType;
  };
};

const makeStatements = (db: Database.Database): ((sql: string) => Rows) => {
  const statements = makeBoundedCache<string, Rows>(CACHED_STATEMENTS);
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = db.prepare<number[], Row>(sql).raw();
    statements.set(sql, statement);
    return statement;
  };
};

/** The part of the log that a page looks at; `near` is where it begins, exclusive, `far` inclusive. */
type Span = Readonly<{ near: Position; far: Position; isWhole: boolean }>;

const spanOf = (request: AllPageRequest, head: Position, isFiltered: boolean): Span => {
  const reach = isFiltered ? LOOKED_AT_MAX : Number.MAX_SAFE_INTEGER / 2;
  if (request.direction === 'forwards') {
    const near = request.after ?? 0;
    const far = Math.max(near, Math.min(head, near + reach));
    return { near, far, isWhole: far >= head };
  }
  const near = Math.min(request.after ?? head + 1, head + 1);
  const far = Math.min(near, Math.max(1, near - reach));
  return { near, far, isWhole: far <= 1 };
};

const selectSpan: Readonly<Record<Direction, (condition: string) => string>> = {
  forwards: (condition) =>
    `SELECT ${columns} FROM events WHERE pos > ? AND pos <= ?${condition} ORDER BY pos LIMIT ?`,
  backwards: (condition) =>
    `SELECT ${columns} FROM events WHERE pos < ? AND pos >= ?${condition} ORDER BY pos DESC LIMIT ?`,
};

const selectStream: Readonly<Record<Direction, string>> = {
  forwards: `SELECT ${columns} FROM events WHERE sid = ? AND ver >= ? ORDER BY ver LIMIT ?`,
  backwards: `SELECT ${columns} FROM events WHERE sid = ? AND ver <= ? ORDER BY ver DESC LIMIT ?`,
};

const firstRevision: Readonly<Record<Direction, Revision>> = {
  forwards: 0,
  backwards: Number.MAX_SAFE_INTEGER,
};

export const makeLogReader = (db: Database.Database): LogReader => {
  const names = makeNames(db);
  const conditionOf = makeCondition(db);
  const statement = makeStatements(db);
  const selectHead = db.prepare<[], number>('SELECT coalesce(max(pos), 0) FROM events').pluck();
  const head = (): Position => selectHead.get() ?? 0;

  const toStored = ([position, sid, revision, tid, recordedAt, id, data, metadata]: Row) => ({
    id,
    type: names.typeNameOf(tid),
    data,
    metadata,
    stream: names.streamNameOf(sid),
    revision,
    position,
    recordedAt,
  });

  return {
    head,
    streamPage: ({ stream, from, direction, count }) => {
      const sid = names.streamIdOf(stream);
      if (sid === undefined) return [];
      const rows = statement(selectStream[direction]);
      return rows.all(sid, from ?? firstRevision[direction], count).map(toStored);
    },
    allPage: (request) => {
      // The head is read first: what is committed up to it stays as it is, so no transaction is needed.
      const end = head();
      const condition = conditionOf(request.filter);
      const span = spanOf(request, end, condition !== '' && condition !== undefined);
      const { near, far, isWhole } = span;
      const rows =
        condition === undefined || near === far
          ? []
          : statement(selectSpan[request.direction](condition)).all(near, far, request.count);
      const last = rows.at(-1)?.[0];
      const isCut = rows.length === request.count && last !== undefined && last !== far;
      const checkpoint = isCut ? last : far;
      return { events: rows.map(toStored), checkpoint, caughtUp: !isCut && isWhole };
    },
  };
};
