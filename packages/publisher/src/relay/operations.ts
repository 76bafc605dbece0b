import type { EventStore, Position } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type {
  Broker,
  BrokerFailure,
  BrokerSession,
  SettingDifference,
  StreamFacts,
} from './broker.js';
import { firstEventAfter, publishedOnly, type StoreFailure } from './log-reading.js';
import { publishPages } from './publish-pages.js';
import { type CannotResume, resume } from './resume.js';
import { type Verification, type VerifyOptions, verifyStream } from './verify.js';

export type RelayStatus = Readonly<{
  serverVersion: string;
  /** Undefined when there is no stream yet. */
  stream: StreamFacts | undefined;
  differences: readonly SettingDifference[];
  /** Position of the stream's last event, and who wrote it; or why that cannot be said. */
  tail: E.Either<CannotResume, Readonly<{ position: Position; writer: string }>>;
  head: Position;
  /** When the oldest event that waits was recorded, epoch milliseconds; undefined when none waits. */
  waitingSince: number | undefined;
}>;

type Operating = Readonly<{
  store: Pick<EventStore, 'readAll' | 'head'>;
  broker: Broker;
}>;

const withSession = async <F, A>(
  broker: Broker,
  work: (session: BrokerSession) => Promise<E.Either<F, A>>,
): Promise<E.Either<F | BrokerFailure, A>> => {
  const session = await broker.connect();
  if (E.isLeft(session)) return session;
  try {
    return await work(session.right);
  } finally {
    await session.right.close();
  }
};

const statusOf = async (
  store: Operating['store'],
  session: BrokerSession,
): Promise<E.Either<BrokerFailure | StoreFailure, RelayStatus>> => {
  const head = await store.head()();
  if (E.isLeft(head)) return head;
  const differences = await session.differences();
  if (E.isLeft(differences)) return differences;
  const { serverVersion } = session;
  const isThere = differences.right !== undefined;
  const stream = isThere ? await session.stream() : E.right(undefined);
  if (E.isLeft(stream)) return stream;
  const tail = isThere
    ? await resume({ session, store, assumed: undefined })
    : E.right({ sequence: 0, position: 0, writer: '', vocabulary: 0 });
  const next = E.isRight(tail)
    ? await firstEventAfter(store, tail.right.position, publishedOnly)
    : E.right(undefined);
  if (E.isLeft(next)) return next;
  return E.right({
    serverVersion,
    stream: stream.right,
    differences: differences.right ?? [],
    tail: E.isRight(tail)
      ? E.right({ position: tail.right.position, writer: tail.right.writer })
      : tail,
    head: head.right,
    waitingSince: next.right?.recordedAt,
  });
};

/** How the stream stands against the log. Changes nothing, and makes no stream. */
export const relayStatus = ({
  store,
  broker,
}: Operating): Promise<E.Either<BrokerFailure | StoreFailure, RelayStatus>> =>
  withSession(broker, (session) => statusOf(store, session));

export type BackfillOptions = Operating &
  Readonly<{
    /** Messages under way at once. */
    window: number;
    /** After which position to begin a new stream, or to go on in one whose last message is gone. */
    assumedPosition?: Position;
    onProgress?: (position: Position) => void;
  }>;

export type Backfilled = Readonly<{
  /** Position of the event that the stream ended with before. */
  from: Position;
  /** Position up to which everything that is published is there now. */
  to: Position;
  published: number;
  unpublishable: number;
}>;

const backfillOn = async (
  options: BackfillOptions,
  session: BrokerSession,
): Promise<E.Either<CannotResume, Backfilled>> => {
  const { store, window, assumedPosition, onProgress } = options;
  const ready = await session.ensureStream();
  if (E.isLeft(ready)) return ready;
  const from = await resume({ session, store, assumed: assumedPosition });
  if (E.isLeft(from)) return from;
  let to = from.right.position;
  const done = { published: 0, unpublishable: 0 };
  const failure = await publishPages({
    session,
    pages: store.readAll({ after: to, filter: publishedOnly }),
    from: from.right,
    window,
    on: {
      stored: () => (done.published += 1),
      unpublishable: () => (done.unpublishable += 1),
      inFlight: () => undefined,
      failed: () => undefined,
      passed: (position) => {
        to = position;
        onProgress?.(position);
      },
    },
  });
  return failure === undefined
    ? E.right({ from: from.right.position, to, ...done })
    : E.left(failure);
};

/**
 * Fills the stream up to the log's end, once, from where it stands. A new stream, with another name and
 * another first token of its subjects, is filled from the beginning. After a failure call it again.
 */
export const backfill = (options: BackfillOptions): Promise<E.Either<CannotResume, Backfilled>> =>
  withSession(options.broker, (session) => backfillOn(options, session));

/** `verifyStream` on a session of its own. */
export const verifyRelay = (
  broker: Broker,
  options: Omit<VerifyOptions, 'session'>,
): Promise<E.Either<BrokerFailure | StoreFailure, Verification>> =>
  withSession(broker, (session) => verifyStream({ ...options, session }));
