import type { StoredEvent } from '@daybook/event-store';
import { TOMBSTONE_REVISION } from './wire/read-response.js';
import { toWire } from './event-form.js';

export const METADATA_TYPE = '$metadata';

/** A stream `$$name` holds the settings of the stream `name`; only its last event counts. */
export const metastreamOf = (stream: string): string => `$$${stream}`;
export const isMetastream = (stream: string): boolean => stream.startsWith('$$');
export const describedBy = (metastream: string): string => metastream.slice(2);

/** What the last event of a metastream says; what is absent or makes no sense there is undefined. */
export type StreamMetadata = Readonly<{
  /** The latest so many events are shown. */
  maxCount: number | undefined;
  maxAgeSeconds: number | undefined;
  /** Events before this revision are not shown. */
  truncateBefore: number;
  /** The stream reads as if it did not exist, until somebody appends to it. */
  isSoftDeleted: boolean;
  /** Position of the event that says so; undefined when the metastream is empty. */
  position: number | undefined;
  /** All keys, also those that only clients understand. */
  keys: Readonly<Record<string, unknown>>;
}>;

export const noMetadata: StreamMetadata = {
  maxCount: undefined,
  maxAgeSeconds: undefined,
  truncateBefore: 0,
  isSoftDeleted: false,
  position: undefined,
  keys: {},
};

/** JSON has no 2^63-1: it is read as the nearest double, and written by `softDeletedJson`. */
const SOFT_DELETED = Number(TOMBSTONE_REVISION);

export const softDeletedJson = `{"$tb":${String(TOMBSTONE_REVISION)}}`;

/** The same metadata for a stream that lives again from `revision` on. */
export const revivedJson = (metadata: StreamMetadata, revision: number): string =>
  JSON.stringify({ ...metadata.keys, $tb: revision });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keysOf = (event: StoredEvent): Record<string, unknown> => {
  try {
    const { isJson, data } = toWire(event);
    const value: unknown = isJson ? JSON.parse(data.toString()) : undefined;
    return isRecord(value) ? value : {};
  } catch {
    // The server ignores metadata that is no JSON rather than refuse the stream.
    return {};
  }
};

const atLeast = (value: unknown, least: number): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;

/** What the last event of a metastream means. */
export const metadataFrom = (event: StoredEvent): StreamMetadata => {
  const keys = event.type === METADATA_TYPE ? keysOf(event) : {};
  const truncateBefore = atLeast(keys['$tb'], 0) ?? 0;
  return {
    maxCount: atLeast(keys['$maxCount'], 1),
    maxAgeSeconds: atLeast(keys['$maxAge'], 1),
    truncateBefore,
    isSoftDeleted: truncateBefore >= SOFT_DELETED,
    position: event.position,
    keys,
  };
};
