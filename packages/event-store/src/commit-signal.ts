import type { Position } from './event-store.js';

/** Wakes subscriptions that have read everything. Holds one entry per waiting subscription, no events. */
export type CommitSignal = Readonly<{
  /** The log now ends at `head`. */
  announce: (head: Position) => void;
  /** Wakes everybody who waits now, whatever they wait for: reading again will tell them why. */
  wakeAll: () => void;
  /** Resolves once the log is known to reach past `position`, or the signal aborts. Never rejects. */
  waitPast: (position: Position, signal: AbortSignal) => Promise<void>;
  waiting: () => number;
}>;

type Waiter = Readonly<{ position: Position; wake: () => void }>;

export const makeCommitSignal = (): CommitSignal => {
  const waiters = new Set<Waiter>();
  let head: Position = 0;

  const wakePast = (reached: Position): void => {
    for (const waiter of waiters) if (waiter.position < reached) waiter.wake();
  };

  const waitPast = (position: Position, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted || position < head) {
        resolve();
        return;
      }
      const wake = (): void => {
        waiters.delete(waiter);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter: Waiter = { position, wake };
      waiters.add(waiter);
      signal.addEventListener('abort', wake);
    });

  return {
    announce: (reached) => {
      head = Math.max(head, reached);
      wakePast(head);
    },
    wakeAll: () => wakePast(Number.POSITIVE_INFINITY),
    waitPast,
    waiting: () => waiters.size,
  };
};
