import type { Clock } from '@daybook/engine';

type Waiter = Readonly<{ instant: number; end: () => void }>;

/** A clock that stands still until it is advanced; whoever waits is woken in the order of time. */
export type VirtualClock = Clock &
  Readonly<{
    /** Goes to the instant by way of every one that somebody waits for, giving each the time to act. */
    advanceTo: (instant: number) => Promise<void>;
    /** Goes there at once: nobody waits, because nobody is there. */
    jumpTo: (instant: number) => void;
    /** How often somebody was woken because an instant had come. */
    wakings: () => number;
  }>;

export const makeVirtualClock = (start: number): VirtualClock => {
  let now = start;
  let wakings = 0;
  const waiters = new Set<Waiter>();
  let someoneWaits: () => void = () => undefined;
  /** Whoever acts comes back to wait again: until then the time stands still. */
  const nextWaiter = async (): Promise<Waiter> => {
    for (;;) {
      const [next] = [...waiters].sort((left, right) => left.instant - right.instant);
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => {
        someoneWaits = resolve;
      });
    }
  };
  return {
    now: () => now,
    waitUntil: (instant, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          waiters.delete(waiter);
          resolve();
        };
        const waiter = { instant, end };
        signal.addEventListener('abort', end, { once: true });
        if (signal.aborted) end();
        else waiters.add(waiter);
        someoneWaits();
      }),
    advanceTo: async (target) => {
      for (;;) {
        const waiter = await nextWaiter();
        if (waiter.instant > target) break;
        now = Math.max(now, waiter.instant);
        wakings += 1;
        waiter.end();
      }
      now = target;
    },
    jumpTo: (instant) => {
      now = instant;
    },
    wakings: () => wakings,
  };
};
