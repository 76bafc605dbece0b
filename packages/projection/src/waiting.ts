import type { Position } from '@daybook/event-store';

type Waiter = Readonly<{ position: Position; answer: (reached: boolean) => void }>;

export type Waiting = Readonly<{
  waitFor: (position: Position, timeoutMs: number) => Promise<boolean>;
  /** Answers everybody whose position has been reached. */
  wake: () => void;
  /** Nothing more will come: answers everybody else with false. */
  release: () => void;
}>;

/** People who wait until a position has been applied. */
export const waiting = (current: () => Position): Waiting => {
  const waiters = new Set<Waiter>();
  const answer = (reached: (waiter: Waiter) => boolean, value: boolean): void => {
    for (const waiter of waiters) if (reached(waiter)) waiter.answer(value);
  };
  return {
    waitFor: (position, timeoutMs) =>
      new Promise((resolve) => {
        if (current() >= position) {
          resolve(true);
          return;
        }
        const settle = (reached: boolean): void => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(reached);
        };
        const waiter: Waiter = { position, answer: settle };
        const timer = setTimeout(() => settle(false), timeoutMs);
        waiters.add(waiter);
      }),
    wake: () => {
      if (waiters.size === 0) return;
      const position = current();
      answer((waiter) => waiter.position <= position, true);
    },
    release: () => answer(() => true, false),
  };
};
