const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export type RetryPolicy = Readonly<{
  /** Wait before each attempt, milliseconds; the first stands for the first attempt. */
  delaysMs: readonly number[];
  /** Up to this share of a wait is added to it, so that what failed together is not tried together. */
  jitter: number;
  /** Longest wait that a receiver can ask for. */
  retryAfterMsMax: number;
  /** An endpoint that lets so many messages in a row run out of attempts is disabled. */
  disableAfterParked: number;
}>;

/** The schedule that Standard Webhooks proposes: ten attempts within about three days. */
export const standardRetryPolicy: RetryPolicy = {
  delaysMs: [
    0,
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
  ],
  jitter: 0.1,
  retryAfterMsMax: 24 * HOUR,
  disableAfterParked: 2,
};

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** What a `Retry-After` header asks for, in milliseconds from now; undefined when it says nothing. */
export const retryAfterMsOf = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * SECOND;
  const instant = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
};

/** Wait before the next attempt, milliseconds; undefined when there is none left. */
export const waitAfter = (
  attemptsMade: number,
  policy: RetryPolicy,
  asked: Readonly<{ retryAfterMs: number | undefined; random: number }>,
): number | undefined => {
  const delay = policy.delaysMs[attemptsMade];
  if (delay === undefined) return undefined;
  const spread = Math.round(delay * (1 + policy.jitter * asked.random));
  return Math.max(spread, Math.min(asked.retryAfterMs ?? 0, policy.retryAfterMsMax));
};
