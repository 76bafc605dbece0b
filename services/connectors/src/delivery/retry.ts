/** How often and how far apart something is tried again. */
export type RetryPolicy = Readonly<{
  /** Attempts in one round, the first included; a person who asks for a retry begins a new round. */
  attemptsMax: number;
  firstDelayMs: number;
  factor: number;
  delayMsMax: number;
}>;

/** For one delivery: 30 s, 90 s, … 6 h, some nine hours in all. */
export const defaultRetryPolicy: RetryPolicy = {
  attemptsMax: 8,
  firstDelayMs: 30_000,
  factor: 3,
  delayMsMax: 21_600_000,
};

/** For the connector while nothing gets through: 1 s, 2 s, … 5 min, without an end. */
export const defaultPausePolicy: RetryPolicy = {
  attemptsMax: Number.MAX_SAFE_INTEGER,
  firstDelayMs: 1_000,
  factor: 2,
  delayMsMax: 300_000,
};

const EXPONENT_MAX = 40;

/** Exponential, its second half jitter: what failed together does not come back together. */
export const delayAfter = (policy: RetryPolicy, attempt: number, random: () => number): number => {
  const { firstDelayMs, factor, delayMsMax } = policy;
  const exponent = Math.min(Math.max(0, attempt - 1), EXPONENT_MAX);
  const full = Math.min(delayMsMax, firstDelayMs * factor ** exponent);
  return Math.ceil(full / 2 + (random() * full) / 2);
};

/** Resolves after the time or when the signal aborts, whichever is first; never rejects. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Sleeps until the time is over or somebody wakes it; a call to `wake` before the sleep ends it at once. */
export type Sleeper = Readonly<{
  sleep: (milliseconds: number) => Promise<void>;
  wake: () => void;
}>;

export const makeSleeper = (wait: Wait): Sleeper => {
  let waking = new AbortController();
  return {
    sleep: async (milliseconds) => {
      await wait(milliseconds, waking.signal);
      if (waking.signal.aborted) waking = new AbortController();
    },
    wake: () => waking.abort(),
  };
};
