import type { Closing } from './closing.js';

export type RetryPolicy = Readonly<{
  /** How long a call is made again and again, from its first failure, before it is reported; milliseconds. */
  outageMsMax: number;
  /** Longest wait before the second attempt, milliseconds; it doubles with each further one. */
  delayMsFirst: number;
  /** Longest wait before any attempt, milliseconds. */
  delayMsMax: number;
  /** At least 0, below 1. */
  random: () => number;
}>;

/**
 * Milliseconds to wait after the `failures`-th failure in a row, from half of the limit to all of it: clients
 * that lost the same server come back at different moments.
 */
export const retryDelayMs = (policy: RetryPolicy, failures: number): number => {
  const limit = Math.min(policy.delayMsMax, policy.delayMsFirst * 2 ** (failures - 1));
  return Math.round((limit / 2) * (1 + policy.random()));
};

/** Failures in a row. */
export type Outage = Readonly<{
  /** Milliseconds to wait before the next attempt; undefined when it has lasted too long. */
  afterFailure: () => number | undefined;
  over: () => void;
}>;

/**
 * By time and not by count, so that what can be survived does not depend on how fast a call fails: at once where
 * nobody listens, or after its deadline. `now` never goes back, milliseconds.
 */
export const makeOutage = (policy: RetryPolicy, now = (): number => performance.now()): Outage => {
  let [failures, since] = [0, 0];
  return {
    afterFailure: () => {
      if (failures === 0) since = now();
      failures += 1;
      const delay = retryDelayMs(policy, failures);
      return now() + delay - since > policy.outageMsMax ? undefined : delay;
    },
    over: () => {
      failures = 0;
    },
  };
};

/** Resolves after the time, or at once when what it belongs to ends. Never rejects. */
export const pause = (milliseconds: number, closing: Closing): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      forget();
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    const forget = closing.onClose(end);
    if (closing.isClosed()) end();
  });
