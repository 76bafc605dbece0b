import {
  type AppendError,
  type Appended,
  categoryOf,
  type EventToAppend,
  type ExpectedRevision,
  firstRevisionAfter,
  isRepeat,
  type Position,
} from '@daybook/event-store';
import type Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';
import { makeBoundedCache } from './bounded-cache.js';

export type AppendRequest = Readonly<{
  stream: string;
  expected: ExpectedRevision;
  events: readonly EventToAppend[];
}>;

export type AppendAnswer = E.Either<AppendError, Appended>;

/** Writes batches over the one writing connection. Throws what SQLite throws, after rolling back. */
export type LogWriter = Readonly<{
  /** One transaction. When it returns, what it says was appended is on disk. */
  write: (batch: readonly AppendRequest[]) => readonly AppendAnswer[];
  head: () => Position;
}>;

/** `revision` is -1 before the first event. */
type StreamHead = { readonly sid: number; readonly cid: number; revision: number };

/** About 10 MB; streams beyond it cost two look-ups when they are written again. */
const CACHED_HEADS = 32_768;

type Statements = ReturnType<typeof prepare>;

const prepare = (db: Database.Database) => ({
  begin: db.prepare<[]>('BEGIN IMMEDIATE'),
  commit: db.prepare<[]>('COMMIT'),
  rollback: db.prepare<[]>('ROLLBACK'),
  last: db.prepare<[], { pos: number; ts: number }>(
    'SELECT pos, ts FROM events ORDER BY pos DESC LIMIT 1',
  ),
  sid: db.prepare<[string], number>('SELECT sid FROM streams WHERE name = ?').pluck(),
  revision: db
    .prepare<[number], number | null>('SELECT max(ver) FROM events WHERE sid = ?')
    .pluck(),
  addStream: db.prepare<[string]>('INSERT INTO streams(name) VALUES (?)'),
  cid: db.prepare<[string], number>('SELECT cid FROM categories WHERE name = ?').pluck(),
  addCategory: db.prepare<[string]>('INSERT INTO categories(name) VALUES (?)'),
  tid: db.prepare<[string], number>('SELECT tid FROM types WHERE name = ?').pluck(),
  addType: db.prepare<[string]>('INSERT INTO types(name) VALUES (?)'),
  stored: db.prepare<[number, number, number], { id: string; pos: number }>(
    'SELECT id, pos FROM events WHERE sid = ? AND ver >= ? ORDER BY ver LIMIT ?',
  ),
  insert: db.prepare<[number, number, number, number, number, number, string, string, string]>(
    'INSERT INTO events(pos, sid, ver, cid, tid, ts, id, body, meta) VALUES (?,?,?,?,?,?,?,?,?)',
  ),
});

/** Ids of words (categories, types), added when they are first written. */
const makeWords = (
  find: Database.Statement<[string], number>,
  add: Database.Statement<[string]>,
): Readonly<{ idOf: (word: string) => number; forget: () => void }> => {
  const known = new Map<string, number>();
  return {
    idOf: (word) => {
      const cached = known.get(word);
      if (cached !== undefined) return cached;
      const id = find.get(word) ?? Number(add.run(word).lastInsertRowid);
      known.set(word, id);
      return id;
    },
    forget: () => known.clear(),
  };
};

type Heads = Readonly<{ of: (stream: string) => StreamHead; forget: () => void }>;

const makeHeads = (statements: Statements): Heads => {
  const heads = makeBoundedCache<string, StreamHead>(CACHED_HEADS);
  const categories = makeWords(statements.cid, statements.addCategory);
  return {
    of: (stream) => {
      const known = heads.get(stream);
      if (known !== undefined) return known;
      const cid = categories.idOf(categoryOf(stream));
      const found = statements.sid.get(stream);
      const sid = found ?? Number(statements.addStream.run(stream).lastInsertRowid);
      const revision = found === undefined ? -1 : (statements.revision.get(sid) ?? -1);
      const head = { sid, cid, revision };
      heads.set(stream, head);
      return head;
    },
    forget: () => {
      heads.clear();
      categories.forget();
    },
  };
};

export const makeLogWriter = (db: Database.Database, clock: () => number): LogWriter => {
  const statements = prepare(db);
  const heads = makeHeads(statements);
  const types = makeWords(statements.tid, statements.addType);
  let position = 0;
  let recordedAt = 0;

  const recallEnd = (): void => {
    const last = statements.last.get();
    position = last?.pos ?? 0;
    recordedAt = last?.ts ?? 0;
  };
  recallEnd();

  const settleUnexpected = (request: AppendRequest, head: StreamHead): AppendAnswer => {
    const { stream, expected, events } = request;
    const first = firstRevisionAfter(expected);
    const stored = statements.stored.all(head.sid, first, events.length);
    const last = stored.at(-1);
    if (last !== undefined && isRepeat(stored, events)) {
      return E.right({ revision: first + events.length - 1, position: last.pos });
    }
    const actual = head.revision < 0 ? 'no-stream' : head.revision;
    return E.left({ _tag: 'RevisionConflict', stream, expected, actual });
  };

  const append = (request: AppendRequest): AppendAnswer => {
    const head = heads.of(request.stream);
    if (firstRevisionAfter(request.expected) !== head.revision + 1) {
      return settleUnexpected(request, head);
    }
    recordedAt = Math.max(recordedAt, clock());
    for (const { id, type, data, metadata } of request.events) {
      position += 1;
      head.revision += 1;
      const { sid, cid, revision } = head;
      const tid = types.idOf(type);
      statements.insert.run(position, sid, revision, cid, tid, recordedAt, id, data, metadata);
    }
    return E.right({ revision: head.revision, position });
  };

  /** Nothing cached may outlive the transaction that it was learnt in. */
  const rollBack = (): void => {
    heads.forget();
    types.forget();
    // A full disk may have rolled back already.
    if (db.inTransaction) statements.rollback.run();
    recallEnd();
  };

  const write = (batch: readonly AppendRequest[]): readonly AppendAnswer[] => {
    const before = position;
    statements.begin.run();
    try {
      const answers = batch.map(append);
      // A conflict on an unknown stream has added its name: that is not worth a sync.
      if (position === before) rollBack();
      else statements.commit.run();
      return answers;
    } catch (thrown) {
      rollBack();
      throw thrown;
    }
  };

  return { write, head: () => position };
};
