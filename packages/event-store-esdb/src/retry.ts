import type { Closing } from './closing.js';

export type RetryPolicy = Readonly<{
  /** How often one call is made in all before its failure is reported. */
  attemptsMax: number;
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
