/** Time as the scheduler takes it: tests put one there that they advance. */
export type Clock = Readonly<{
  /** Epoch milliseconds. */
  now: () => number;
  /** Resolves at the instant, or at once where it has passed, or when the signal aborts. */
  waitUntil: (instant: number, signal: AbortSignal) => Promise<void>;
}>;

/**
 * Nothing sleeps longer than this at a time: a machine that was suspended, or whose clock was set,
 * finds out what is due within a minute, without anything having been looked up.
 */
const SLEEP_MS_MAX = 60_000;

const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });

/** The clock of a running engine: `now` is injected, timers wait. */
export const timerClock = (now: () => number): Clock => ({
  now,
  waitUntil: async (instant, signal) => {
    while (!signal.aborted && now() < instant)
      await sleep(Math.min(instant - now(), SLEEP_MS_MAX), signal);
  },
});
