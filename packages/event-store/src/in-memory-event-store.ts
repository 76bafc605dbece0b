import * as E from 'fp-ts/lib/Either.js';
import { firstRevisionAfter, isRepeat, rejectionOf } from './append-rules.js';
import { makeCommitSignal } from './commit-signal.js';
import {
  type AllPage,
  type AppendError,
  type Appended,
  categoryOf,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  type ReadFilter,
  START,
  type StoredEvent,
  type StoreUnavailable,
} from './event-store.js';
import {
  type AllPageRequest,
  type LogPages,
  makeReadSide,
  type StreamPageRequest,
} from './read-side.js';

export type InMemoryEventStoreOptions = Readonly<{
  /** Epoch milliseconds. */
  clock: () => number;
}>;

/** Events that one page looks at, at most, however few of them match the filter. */
const LOOKED_AT_MAX = 10_000;

const closedStore: StoreUnavailable = {
  _tag: 'StoreUnavailable',
  reason: 'closed',
  message: 'The event store is closed.',
};

type Log = {
  /** Position is index + 1. */
  readonly events: StoredEvent[];
  readonly streams: Map<string, StoredEvent[]>;
  lastRecordedAt: number;
};

const matches = (filter: ReadFilter): ((event: StoredEvent) => boolean) => {
  const { categories = [], types = [] } = filter;
  return (event) =>
    (categories.length === 0 || categories.includes(categoryOf(event.stream))) &&
    (types.length === 0 || types.includes(event.type));
};

const streamPage = (log: Log, request: StreamPageRequest): readonly StoredEvent[] => {
  const { stream, from, direction, count } = request;
  const events = log.streams.get(stream) ?? [];
  if (direction === 'forwards') return events.slice(from ?? 0, (from ?? 0) + count);
  const last = Math.min(from ?? events.length - 1, events.length - 1);
  return events.slice(Math.max(0, last - count + 1), last + 1).reverse();
};

const allPage = (log: Log, request: AllPageRequest): AllPage => {
  const { direction, filter, count } = request;
  const isWanted = matches(filter);
  const step = direction === 'forwards' ? 1 : -1;
  const start = direction === 'forwards' ? START : log.events.length + 1;
  const end = direction === 'forwards' ? log.events.length : 1;
  const after = request.after ?? start;
  const found: StoredEvent[] = [];
  let checkpoint = direction === 'forwards' ? after : Math.min(after, start);
  let lookedAt = 0;
  while ((end - checkpoint) * step > 0 && found.length < count && lookedAt < LOOKED_AT_MAX) {
    checkpoint += step;
    lookedAt += 1;
    const event = log.events[checkpoint - 1];
    if (event !== undefined && isWanted(event)) found.push(event);
  }
  return { events: found, checkpoint, caughtUp: (end - checkpoint) * step <= 0 };
};

type AppendRequest = Readonly<{
  stream: string;
  expected: ExpectedRevision;
  events: readonly EventToAppend[];
}>;

const append = (log: Log, request: AppendRequest, now: number): E.Either<AppendError, Appended> => {
  const { stream, expected, events } = request;
  const rejection = rejectionOf(stream, expected, events);
  if (rejection !== undefined) return E.left(rejection);
  const existing = log.streams.get(stream) ?? [];
  const first = firstRevisionAfter(expected);
  if (first !== existing.length) {
    const stored = existing.slice(first, first + events.length);
    const last = stored.at(-1);
    if (last !== undefined && isRepeat(stored, events)) {
      return E.right({ revision: last.revision, position: last.position });
    }
    const actual = existing.length === 0 ? 'no-stream' : existing.length - 1;
    return E.left({ _tag: 'RevisionConflict', stream, expected, actual });
  }
  log.lastRecordedAt = Math.max(log.lastRecordedAt, now);
  for (const { id, type, data, metadata } of events) {
    const revision = existing.length;
    const position = log.events.length + 1;
    const recordedAt = log.lastRecordedAt;
    const event = { id, type, data, metadata, stream, revision, position, recordedAt };
    existing.push(event);
    log.events.push(event);
  }
  log.streams.set(stream, existing);
  return E.right({ revision: existing.length - 1, position: log.events.length });
};

/** A store for tests and demonstrations: it forgets everything when the process ends. */
export const makeInMemoryEventStore = (options: InMemoryEventStoreOptions): EventStore => {
  const log: Log = { events: [], streams: new Map(), lastRecordedAt: 0 };
  const commits = makeCommitSignal();
  let closed = false;
  const whileOpen = <A>(read: () => A): E.Either<StoreUnavailable, A> =>
    closed ? E.left(closedStore) : E.right(read());

  const pages: LogPages = {
    streamPage: (request) => whileOpen(() => streamPage(log, request)),
    allPage: (request) => whileOpen(() => allPage(log, request)),
    waitPast: (position, signal) =>
      closed ? Promise.resolve() : commits.waitPast(position, signal),
  };

  return {
    ...makeReadSide(pages),
    append: (stream, expected, events) => () => {
      if (closed) return Promise.resolve(E.left(closedStore));
      const answer = append(log, { stream, expected, events }, options.clock());
      commits.announce(log.events.length);
      return Promise.resolve(answer);
    },
    head: () => () => Promise.resolve(whileOpen(() => log.events.length)),
    close: () => {
      closed = true;
      commits.wakeAll();
      return Promise.resolve();
    },
  };
};
