import type { allEvents, StoredEventType } from '@daybook/domain/all-events';
import type { DomainEvent, EventMetadata } from '@daybook/domain/kernel';
import type { Database } from 'better-sqlite3';
import type * as t from 'io-ts';

/** The domain event behind a stored type name. */
export type EventOfType<Type extends StoredEventType> = {
  [Each in Type]: DomainEvent<Each, t.TypeOf<(typeof allEvents)[Each]>>;
}[Type];

/** What a projection is given of each event. Only `data` is parsed before it is asked for. */
export type ProjectedEvent<Type extends StoredEventType> = EventOfType<Type> & EventEnvelope;

export type EventEnvelope = Readonly<{
  id: string;
  stream: string;
  revision: number;
  position: number;
  /** Epoch milliseconds, from the store. */
  recordedAt: number;
  /** The company that the stream name carries. */
  company: string;
  /** The id after the company in the stream name; empty for streams of a whole company. */
  subject: string;
  /** Parsed when first read. */
  metadata: EventMetadata;
}>;

/**
 * Folds pages into rows. It may keep rows in memory between pages: after a page that was rolled
 * back, or that another writer overtook, the runner throws the fold away and opens a new one.
 */
export type Fold<Type extends StoredEventType> = Readonly<{
  /**
   * Runs inside the transaction that also moves the checkpoint. Nothing may depend on the clock or on where
   * a page begins. `erased` says that text was removed, so that the runner also empties the write-ahead log.
   */
  apply: (events: readonly ProjectedEvent<Type>[]) => 'applied' | 'erased';
}>;

/** A read model: its rows, how events become rows, and what can be asked of them. */
export type ProjectionDefinition<Type extends StoredEventType, Queries> = Readonly<{
  /** Kebab-case; part of the file name. */
  name: string;
  /** Raised with every change of schema or meaning: the new version fills a file beside the old. */
  version: number;
  /** The filter of the reads: other events never leave the store. */
  handles: readonly Type[];
  /** SQL that creates every table in an empty file. */
  schema: string;
  open: (db: Database) => Fold<Type>;
  /** Statements prepared once per connection. */
  queries: (db: Database) => Queries;
}>;

/** What file handling and reading need of a definition. */
export type ModelName = Readonly<{ name: string; version: number }>;
