import { createHash } from 'node:crypto';
import { allEvents, type StoredEventType } from '@daybook/domain/all-events';
import { partsOf, type EventMetadata, type EventTable } from '@daybook/domain/kernel';
import {
  makeInMemoryEventStore,
  type EventStore,
  type EventToAppend,
  type StoredEvent,
} from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { EventOfType } from '../definition.js';

/** One event of a test's log: a domain event, the stream it stands in, and what matters of its envelope. */
export type LogEntry = EventOfType<StoredEventType> &
  Readonly<{
    stream: string;
    /** Default: 1,000 ms after the entry before, beginning at 0. */
    occurredAt?: number;
    actor?: EventMetadata['actor'];
  }>;

const codecs: EventTable = allEvents;
const defaultActor: EventMetadata['actor'] = { kind: 'system', id: 'test' };

/** A UUID that depends on nothing but the entry's place in the log. */
const idAt = (index: number): string => {
  const hex = createHash('sha256').update(String(index)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The entry as the store would hold it, encoded by its own codec; a malformed entry throws. */
export const encodedEntry = (entry: LogEntry, index: number): EventToAppend => {
  const codec = codecs[entry.type];
  if (codec === undefined || !codec.is(entry.data)) {
    throw new Error(`Entry ${index} is no ${entry.type}`);
  }
  const metadata: EventMetadata = {
    schema: 1,
    company: partsOf(entry.stream).company,
    actor: entry.actor ?? defaultActor,
    commandId: `command-${index}`,
    correlationId: `correlation-${index}`,
    occurredAt: entry.occurredAt ?? index * 1000,
    ruleVersion: '2023-01-01',
  };
  return {
    id: idAt(index),
    type: entry.type,
    data: JSON.stringify(codec.encode(entry.data)),
    metadata: JSON.stringify(metadata),
  };
};

/** The entries as a store hands them out. The first has position 1; `recordedAt` is 10 ms after the one before. */
export const storedLog = (entries: readonly LogEntry[]): readonly StoredEvent[] => {
  const revisions = new Map<string, number>();
  return entries.map((entry, index) => {
    const revision = revisions.get(entry.stream) ?? 0;
    revisions.set(entry.stream, revision + 1);
    return {
      ...encodedEntry(entry, index),
      stream: entry.stream,
      revision,
      position: index + 1,
      recordedAt: (index + 1) * 10,
    };
  });
};

/** Appends entries to a store, each in its stream. `firstIndex` keeps ids unique over several calls. */
export const appendEntries = async (
  store: EventStore,
  entries: readonly LogEntry[],
  firstIndex = 0,
): Promise<void> => {
  const revisions = new Map<string, number>();
  for (const [offset, entry] of entries.entries()) {
    const last = revisions.get(entry.stream) ?? (await lastRevision(store, entry.stream));
    const appended = await store.append(entry.stream, last < 0 ? 'no-stream' : last, [
      encodedEntry(entry, firstIndex + offset),
    ])();
    if (E.isLeft(appended)) throw new Error(`Not appended: ${appended.left._tag}`);
    revisions.set(entry.stream, appended.right.revision);
  }
};

const lastRevision = async (store: EventStore, stream: string): Promise<number> => {
  for await (const page of store.readStream(stream, { direction: 'backwards', limit: 1 })) {
    if (E.isLeft(page)) throw new Error(`Not read: ${page.left._tag}`);
    return page.right.events[0]?.revision ?? -1;
  }
  return -1;
};

/** A store in memory that holds the entries, recorded 10 ms apart. */
export const storeWith = async (entries: readonly LogEntry[]): Promise<EventStore> => {
  let now = 0;
  const store = makeInMemoryEventStore({ clock: () => (now += 10) });
  await appendEntries(store, entries);
  return store;
};
