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
  watching: () => number;
  close: () => void;
}>;

type Watcher = { hasGrown: boolean; wake: () => void };

const nothing = (): void => undefined;

export const makeTail = (store: EventStore): Tail => {
  const watchers = new Map<string, Set<Watcher>>();
  const closing = new AbortController();
  let started: Promise<void> | undefined;
  let count = 0;

  const tell = (watching: Iterable<Watcher>): void => {
    for (const watcher of watching) {
      watcher.hasGrown = true;
      watcher.wake();
    }
  };

  const tellOf = ({ stream }: StoredEvent): void => {
    tell(watchers.get(stream) ?? []);
    // A revived stream shows its events only after its metadata was written.
    if (isMetastream(stream)) tell(watchers.get(describedBy(stream)) ?? []);
  };

  const follow = async (after: Position): Promise<void> => {
    for await (const page of store.subscribe({ after, signal: closing.signal })) {
      if (E.isLeft(page)) break;
      for (const event of page.right.events) tellOf(event);
    }
    // The store is closed or broken: whoever waits reads again and learns it.
    started = undefined;
    for (const watching of watchers.values()) tell(watching);
  };

  const start = async (): Promise<void> => {
    const head = await store.head()();
    void follow(E.isRight(head) ? head.right : START);
  };

  const add = (stream: string, watcher: Watcher): void => {
    const watching = watchers.get(stream) ?? new Set();
    watching.add(watcher);
    watchers.set(stream, watching);
    count += 1;
  };

  const remove = (stream: string, watcher: Watcher): void => {
    const watching = watchers.get(stream);
    if (watching === undefined || !watching.delete(watcher)) return;
    count -= 1;
    if (watching.size === 0) watchers.delete(stream);
  };

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

  return {
    watch: async (stream) => {
      const watcher: Watcher = { hasGrown: false, wake: nothing };
      add(stream, watcher);
      await (started ??= start());
      return {
        grown: (signal) => grown(watcher, signal),
        close: () => remove(stream, watcher),
      };
    },
    watching: () => count,
    close: () => closing.abort(),
  };
};
