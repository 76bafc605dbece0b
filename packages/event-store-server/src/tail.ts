/**
 * One subscription at the end of the log for all subscriptions to streams: it tells each that its stream has
 * grown, and nothing else. What it tells of is read from the stream, so nothing is kept for a slow reader.
 */
import { type EventStore, type Position, START, type StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { describedBy, isMetastream } from './stream-metadata.js';

export type Watch = Readonly<{
  /** Resolves when the stream has grown since the last call, or the signal aborts. */
  grown: (signal: AbortSignal) => Promise<void>;
  close: () => void;
}>;

export type Tail = Readonly<{
  /** What is appended to the stream after this resolved is told. */
  watch: (stream: string) => Promise<Watch>;
  close: () => void;
}>;

type Watcher = { hasGrown: boolean; wake: () => void };

const nothing = (): void => undefined;

const grown = (watcher: Watcher, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      watcher.wake = nothing;
      watcher.hasGrown = false;
      signal.removeEventListener('abort', wake);
      resolve();
    };
    if (watcher.hasGrown || signal.aborted) {
      wake();
      return;
    }
    watcher.wake = wake;
    signal.addEventListener('abort', wake);
  });

type Watchers = Readonly<{
  add: (stream: string, watcher: Watcher) => void;
  remove: (stream: string, watcher: Watcher) => void;
  tell: (stream: string) => void;
  tellAll: () => void;
}>;

const makeWatchers = (): Watchers => {
  const byStream = new Map<string, Set<Watcher>>();
  const tellEach = (watching: Iterable<Watcher>): void => {
    for (const watcher of watching) {
      watcher.hasGrown = true;
      watcher.wake();
    }
  };
  return {
    add: (stream, watcher) => {
      const watching = byStream.get(stream) ?? new Set();
      byStream.set(stream, watching.add(watcher));
    },
    remove: (stream, watcher) => {
      const watching = byStream.get(stream);
      watching?.delete(watcher);
      if (watching?.size === 0) byStream.delete(stream);
    },
    tell: (stream) => tellEach(byStream.get(stream) ?? []),
    tellAll: () => {
      for (const watching of byStream.values()) tellEach(watching);
    },
  };
};

export const makeTail = (store: EventStore): Tail => {
  const watchers = makeWatchers();
  const closing = new AbortController();
  let started: Promise<void> | undefined;

  const tellOf = ({ stream }: StoredEvent): void => {
    watchers.tell(stream);
    // A revived stream shows its events only after its metadata was written.
    if (isMetastream(stream)) watchers.tell(describedBy(stream));
  };

  const follow = async (after: Position): Promise<void> => {
    for await (const page of store.subscribe({ after, signal: closing.signal })) {
      if (E.isLeft(page)) break;
      for (const event of page.right.events) tellOf(event);
    }
    // The store is closed or broken: whoever waits reads again and learns it.
    started = undefined;
    watchers.tellAll();
  };

  const start = async (): Promise<void> => {
    const head = await store.head()();
    void follow(E.isRight(head) ? head.right : START);
  };

  return {
    watch: async (stream) => {
      const watcher: Watcher = { hasGrown: false, wake: nothing };
      watchers.add(stream, watcher);
      await (started ??= start());
      return {
        grown: (signal) => grown(watcher, signal),
        close: () => watchers.remove(stream, watcher),
      };
    },
    close: () => closing.abort(),
  };
};
