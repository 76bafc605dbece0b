import { setTimeout as delay } from 'node:timers/promises';

/** How often and how far apart something is tried again. Operation, not a rule: nothing of it is recorded. */
export type RetryPolicy = Readonly<{
  /** Attempts in one round, the first included; a person who asks for a retry begins a new round. */
  attemptsMax: number;
  firstDelayMs: number;
  factor: number;
  delayMsMax: number;
}>;

/** 30 s, 90 s, 4½ min, … 6 h: some nine hours in all, well within the 48 h of a hold (rulebook §5). */
export const defaultRetryPolicy: RetryPolicy = {
  attemptsMax: 8,
  firstDelayMs: 30_000,
  factor: 3,
  delayMsMax: 21_600_000,
};

/** Resolves after the time or when the signal aborts, whichever is first; never rejects. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** What a process needs to try again: nothing of it is looked up anywhere else. */
export type Retrying = Readonly<{
  policy: RetryPolicy;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Uniform in [0, 1). */
  random: () => number;
  wait: Wait;
}>;

/** Waits by the timers of Node. */
export const timerWait: Wait = async (milliseconds, signal) => {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
};

/** By the clock that the engine runs with, and the timers of Node. */
export const retryingOf = ({
  clock,
  retryPolicy = defaultRetryPolicy,
}: Readonly<{ clock: () => number; retryPolicy?: RetryPolicy }>): Retrying => ({
  policy: retryPolicy,
  clock,
  random: () => Math.random(),
  wait: timerWait,
});

/**
 * Time until the attempt after `attempt` (from 1): exponential, of which the second half is jitter, so
 * that what failed together does not come back together. Never sooner than the service asked for.
 */
export const delayAfter = (
  { policy, random }: Pick<Retrying, 'policy' | 'random'>,
  attempt: number,
  retryAfterMs: number | null,
): number => {
  const { firstDelayMs, factor, delayMsMax } = policy;
  const full = Math.min(delayMsMax, firstDelayMs * factor ** (attempt - 1));
  const jittered = full / 2 + (random() * full) / 2;
  return Math.ceil(Math.max(jittered, retryAfterMs ?? 0));
};
