/** Time, given from outside so that a schedule of days can be tried in a moment. */
export type Timer = Readonly<{
  /** Epoch milliseconds. */
  now: () => number;
  /** Calls at an instant, or earlier; answers how to take that back. */
  at: (instant: number, wake: () => void) => () => void;
}>;

const TIMEOUT_MS_MAX = 2 ** 31 - 1;

export const systemTimer = (clock: () => number): Timer => ({
  now: clock,
  at: (instant, wake) => {
    const ms = Math.min(Math.max(0, instant - clock()), TIMEOUT_MS_MAX);
    const timeout = setTimeout(wake, ms);
    return () => clearTimeout(timeout);
  },
});

/** Wakes one waiter, also when it was rung before the wait began. */
export type Bell = Readonly<{
  ring: () => void;
  /** Until it is rung, or an instant has come. */
  wait: (until?: number) => Promise<void>;
}>;

export const makeBell = (timer: Timer): Bell => {
  let isRung = false;
  let wake = (): void => undefined;
  return {
    ring: () => {
      isRung = true;
      wake();
    },
    wait: async (until) => {
      let cancel = (): void => undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (isRung) resolve();
        else if (until !== undefined) cancel = timer.at(until, resolve);
      });
      cancel();
      wake = () => undefined;
      isRung = false;
    },
  };
};
