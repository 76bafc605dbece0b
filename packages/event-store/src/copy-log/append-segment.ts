import * as E from 'fp-ts/lib/Either.js';
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type {
  AppendError,
  Appended,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  StoredEvent,
} from '../event-store.js';

/** Neighbours of one stream that go into one append. */
type Run = Readonly<{
  stream: string;
  expected: ExpectedRevision;
  events: ReadonlyNonEmptyArray<EventToAppend>;
}>;

export type FailedRun = Readonly<{ run: Run; error: AppendError }>;

const RUN_EVENTS_MAX = 500;
/** Half of what EventStoreDB before 25.1 takes in one append. */
const RUN_BYTES_MAX = 512 * 1024;
const IN_FLIGHT_MAX = 256;

const bytesOf = ({ data, metadata, type }: StoredEvent): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * Buffer.byteLength(type);

const toAppend = ({ id, type, data, metadata }: StoredEvent): EventToAppend => ({
  id,
  type,
  data,
  metadata,
});

function* runsOf(segment: readonly StoredEvent[]): Generator<Run> {
  let index = 0;
  for (let first = segment[0]; first !== undefined; first = segment[index]) {
    const events: [EventToAppend, ...EventToAppend[]] = [toAppend(first)];
    let bytes = bytesOf(first);
    index += 1;
    for (let next = segment[index]; next?.stream === first.stream; next = segment[index]) {
      bytes += bytesOf(next);
      if (events.length >= RUN_EVENTS_MAX || bytes > RUN_BYTES_MAX) break;
      events.push(toAppend(next));
      index += 1;
    }
    const expected = first.revision === 0 ? 'no-stream' : first.revision - 1;
    yield { stream: first.stream, expected, events };
  }
}

type InFlight = Readonly<{ run: Run; answer: Promise<E.Either<AppendError, Appended>> }>;

/**
 * Appends a segment of the log, many runs in flight. They are issued in the order of the log, and every adapter
 * writes what one handle issues in that order: memory at once, SQLite in the queue of its group commit, EventStoreDB
 * over one ordered call, which repeats everything unanswered in the same order when it breaks. The first failure
 * stops further runs. The caller reads the segment back and so finds any order that was lost all the same.
 */
export const appendSegment = async (
  to: Pick<EventStore, 'append'>,
  segment: readonly StoredEvent[],
): Promise<FailedRun | undefined> => {
  const inFlight: InFlight[] = [];
  let failed: FailedRun | undefined;
  const settleOldest = async (): Promise<void> => {
    const oldest = inFlight.shift();
    if (oldest === undefined) return;
    const answer = await oldest.answer;
    if (E.isLeft(answer)) failed ??= { run: oldest.run, error: answer.left };
  };
  for (const run of runsOf(segment)) {
    inFlight.push({ run, answer: to.append(run.stream, run.expected, run.events)() });
    if (inFlight.length >= IN_FLIGHT_MAX) await settleOldest();
    if (failed !== undefined) break;
  }
  while (inFlight.length > 0) await settleOldest();
  return failed;
};
