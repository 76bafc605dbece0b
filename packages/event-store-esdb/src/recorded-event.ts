import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Position, StoredEvent } from '@daybook/event-store';
import { UnreadableLog } from './store-error.js';

type Recorded = NonNullable<ReturnType<NonNullable<ReturnType<ReadResp['getEvent']>>['getEvent']>>;

/** 100-nanosecond ticks in a millisecond; the protocol counts recorded time in ticks since 1970. */
const TICKS_PER_MS = 10_000;
/** Digits of 10,000: what is cut off a number of ticks to get milliseconds, as a text, without BigInt. */
const TICK_DIGITS = 4;

const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/**
 * The port's position of a place in the log: commit position and prepare position, which are the same for
 * everything written without the explicit transactions of the old TCP protocol. A position that a number cannot
 * hold exactly is an error: rounded, it would be another event's.
 */
export const positionOf = (commit: string, prepare: string): Position => {
  const position = Number(commit);
  if (commit !== prepare) {
    throw new UnreadableLog(
      'The log holds an explicit transaction: commit and prepare position differ.',
    );
  }
  if (!Number.isSafeInteger(position) || commit !== String(position)) {
    throw new UnreadableLog(
      'A position of the log is no whole number up to 2^53 - 1, or is missing.',
    );
  }
  return position;
};

const revisionOf = (text: string): number => {
  const revision = Number(text);
  if (!Number.isSafeInteger(revision)) throw new UnreadableLog('A revision is above 2^53 - 1.');
  return revision;
};

const recordedAtOf = (ticks: string | undefined): number => {
  if (ticks === undefined || ticks.length <= TICK_DIGITS)
    return Math.trunc(Number(ticks ?? 0) / TICKS_PER_MS);
  const milliseconds = Number(ticks.slice(0, -TICK_DIGITS));
  return Number.isSafeInteger(milliseconds) ? milliseconds : 0;
};

/** Data and metadata as they were written, byte for byte: nothing is parsed. */
export const storedEventOf = (recorded: Recorded): StoredEvent => {
  const metadata = recorded.getMetadataMap();
  const id = recorded.getId()?.getString();
  const stream = recorded.getStreamIdentifier()?.getStreamName_asU8();
  if (id === undefined || stream === undefined) {
    throw new UnreadableLog('The event store sent an event without id or stream.');
  }
  return {
    id: id.toLowerCase(),
    type: metadata.get('type') ?? '',
    data: utf8(recorded.getData_asU8()),
    metadata: utf8(recorded.getCustomMetadata_asU8()),
    stream: utf8(stream),
    revision: revisionOf(recorded.getStreamRevision()),
    position: positionOf(recorded.getCommitPosition(), recorded.getPreparePosition()),
    recordedAt: recordedAtOf(metadata.get('created')),
  };
};

/** Types with a dollar are the database's own: metadata, links, statistics. The port has none of them. */
export const isSystemType = (type: string): boolean => type.startsWith('$');
