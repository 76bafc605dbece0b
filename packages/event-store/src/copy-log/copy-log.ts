import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import {
  type AppendError,
  type EventStore,
  type Position,
  type ReadError,
  type Revision,
  START,
  type StoredEvent,
} from '../event-store.js';
import { appendSegment, type FailedRun } from './append-segment.js';
import { type EventCursor, openCursor, ReadFailed } from './event-cursor.js';
import { type LogDigest, makeDigestBuilder } from './log-digest.js';

export type CopyLogOptions = Readonly<{
  from: Pick<EventStore, 'readAll' | 'head'>;
  /** Nobody else writes to it meanwhile; who does is found out and reported. */
  to: Pick<EventStore, 'readAll' | 'append'>;
  onProgress?: (progress: CopyProgress) => void;
  /** Stops between segments: what is copied stays, and the next run goes on behind it. */
  signal?: AbortSignal;
}>;

export type CopyProgress = Readonly<{
  /** Events that both logs have, read from both and equal so far. */
  verified: number;
  /** Of these, the ones that this run wrote. */
  appended: number;
  /** Place of the last verified event in the source, to be held against its head. */
  sourcePosition: Position;
  sourceHead: Position;
}>;

export type CopyReport = Readonly<{
  /** Events that this run wrote; the others were there already. */
  appended: number;
  /** Equal when the copy is complete; each is of what was read from that end. */
  source: LogDigest;
  target: LogDigest;
}>;

export type CopyFailure =
  | TargetDiffers
  | Readonly<{ _tag: 'SourceFailed'; error: ReadError }>
  | Readonly<{ _tag: 'TargetFailed'; error: ReadError | AppendError }>
  | Readonly<{ _tag: 'CopyStopped'; verified: number; appended: number }>;

/** The target holds something else than a beginning of the source. Nothing of it was changed. */
export type TargetDiffers = Readonly<{
  _tag: 'TargetDiffers';
  /** Where the target differs first, by the target's own event where it has one. */
  stream: string;
  revision: Revision;
  difference:
    'stream' | 'revision' | 'id' | 'type' | 'data' | 'metadata' | 'not-in-source' | 'missing';
}>;

/** Held in memory while they are written and read back. */
const SEGMENT_EVENTS_MAX = 20_000;
const SEGMENT_BYTES_MAX = 16 * 1024 * 1024;

/** The failures of this file, until they become the answer. */
class CopyFailed extends Error {
  override readonly name = 'CopyFailed';
  constructor(readonly failure: CopyFailure) {
    super(failure._tag);
  }
}

const compared = ['stream', 'revision', 'id', 'type', 'data', 'metadata'] as const;

const differs = (
  { stream, revision }: StoredEvent,
  difference: TargetDiffers['difference'],
): CopyFailed => new CopyFailed({ _tag: 'TargetDiffers', stream, revision, difference });

type Copying = {
  readonly options: CopyLogOptions;
  readonly source: EventCursor;
  readonly sourceDigest: ReturnType<typeof makeDigestBuilder>;
  readonly targetDigest: ReturnType<typeof makeDigestBuilder>;
  readonly sourceHead: Position;
  targetPosition: Position;
  sourcePosition: Position;
  verified: number;
  appended: number;
};

const verify = (copying: Copying, source: StoredEvent, target: StoredEvent): void => {
  for (const field of compared) {
    if (source[field] !== target[field]) throw differs(target, field);
  }
  copying.sourceDigest.add(source);
  copying.targetDigest.add(target);
  copying.verified += 1;
  copying.sourcePosition = source.position;
  copying.targetPosition = target.position;
};

const report = (copying: Copying): void => {
  const { verified, appended, sourcePosition, sourceHead, options } = copying;
  options.onProgress?.({ verified, appended, sourcePosition, sourceHead });
};

const stopIfAsked = ({ options, verified, appended }: Copying): void => {
  if (options.signal?.aborted === true) {
    throw new CopyFailed({ _tag: 'CopyStopped', verified, appended });
  }
};

const REPORT_EVERY = 10_000;

/** Compares what is in memory of both logs, until either page is used up. */
const verifyPages = (copying: Copying, target: EventCursor): void => {
  const { source } = copying;
  for (;;) {
    const [there, here] = [target.current(), source.current()];
    if (there === undefined || here === undefined) return;
    verify(copying, here, there);
    target.advance();
    source.advance();
    if (copying.verified % REPORT_EVERY === 0) {
      report(copying);
      stopIfAsked(copying);
    }
  }
};

/** Reads both logs side by side until the target ends: where an earlier run has stopped. */
const verifyWhatIsThere = async (copying: Copying): Promise<void> => {
  const target = openCursor(copying.options.to, 'target', START);
  try {
    while (await target.fill()) {
      const hasSource = await copying.source.fill();
      const there = target.current();
      if (there !== undefined && !hasSource) throw differs(there, 'not-in-source');
      verifyPages(copying, target);
    }
  } finally {
    await target.close();
  }
  report(copying);
};

const takeSegment = async (source: EventCursor): Promise<readonly StoredEvent[]> => {
  const segment: StoredEvent[] = [];
  let bytes = 0;
  while (segment.length < SEGMENT_EVENTS_MAX && bytes < SEGMENT_BYTES_MAX) {
    const event = source.current();
    if (event === undefined) {
      if (await source.fill()) continue;
      break;
    }
    segment.push(event);
    bytes += event.data.length + event.metadata.length;
    source.advance();
  }
  return segment;
};

const toFailure = ({ run, error }: FailedRun): CopyFailed => {
  if (error._tag !== 'RevisionConflict') return new CopyFailed({ _tag: 'TargetFailed', error });
  const next = run.expected === 'no-stream' ? 0 : run.expected + 1;
  const isOccupied = error.actual !== 'no-stream' && error.actual >= next;
  return new CopyFailed({
    _tag: 'TargetDiffers',
    stream: run.stream,
    revision: next,
    difference: isOccupied ? 'not-in-source' : 'missing',
  });
};

/** Reads back from the target what was just written, and holds it against the source, event by event. */
const verifySegment = async (copying: Copying, segment: readonly StoredEvent[]): Promise<void> => {
  const target = openCursor(copying.options.to, 'target', copying.targetPosition);
  try {
    for (const event of segment) {
      if (target.current() === undefined) await target.fill();
      const there = target.current();
      if (there === undefined) throw differs(event, 'missing');
      verify(copying, event, there);
      copying.appended += 1;
      target.advance();
    }
  } finally {
    await target.close();
  }
};

const expectEnd = async ({ options, targetPosition }: Copying): Promise<void> => {
  const target = openCursor(options.to, 'target', targetPosition);
  try {
    await target.fill();
    const beyond = target.current();
    if (beyond !== undefined) throw differs(beyond, 'not-in-source');
  } finally {
    await target.close();
  }
};

const copyRest = async (copying: Copying): Promise<void> => {
  for (;;) {
    stopIfAsked(copying);
    const segment = await takeSegment(copying.source);
    if (segment.length === 0) return;
    const failed = await appendSegment(copying.options.to, segment);
    if (failed !== undefined) throw toFailure(failed);
    await verifySegment(copying, segment);
    report(copying);
  }
};

const begin = async (options: CopyLogOptions): Promise<Copying> => {
  const head = await options.from.head()();
  if (E.isLeft(head)) throw new ReadFailed(head.left, 'source');
  return {
    options,
    source: openCursor(options.from, 'source', START),
    sourceDigest: makeDigestBuilder(),
    targetDigest: makeDigestBuilder(),
    sourceHead: head.right,
    targetPosition: START,
    sourcePosition: START,
    verified: 0,
    appended: 0,
  };
};

const run = async (options: CopyLogOptions): Promise<CopyReport> => {
  const copying = await begin(options);
  try {
    await verifyWhatIsThere(copying);
    await copyRest(copying);
    await expectEnd(copying);
  } finally {
    await copying.source.close();
  }
  return {
    appended: copying.appended,
    source: copying.sourceDigest.digest(),
    target: copying.targetDigest.digest(),
  };
};

const asFailure = (error: unknown): CopyFailure => {
  if (error instanceof CopyFailed) return error.failure;
  if (error instanceof ReadFailed) {
    return { _tag: error.end === 'source' ? 'SourceFailed' : 'TargetFailed', error: error.error };
  }
  throw error;
};

/**
 * Copies a log into another store: every event with its id, type, data and metadata byte for byte, in the order
 * of the log and at the same revisions. Positions and recorded times are the target's own.
 *
 * The target itself says how far an earlier run came, so a copy that was killed is simply run again. What is there
 * is compared first, what is written is read back; a target that holds anything else is left alone and reported.
 * At most one segment of 20,000 events or 16 MiB is in memory.
 */
export const copyLog =
  (options: CopyLogOptions): TaskEither<CopyFailure, CopyReport> =>
  async () => {
    try {
      return E.right(await run(options));
    } catch (error) {
      return E.left(asFailure(error));
    }
  };
