import { type RetryPolicy, retryAfterMsOf, waitAfter } from './retry-policy.js';

/** What became of one attempt. Nothing of the answer but its status is kept. */
export type Outcome =
  | Readonly<{ _tag: 'Answered'; status: number; retryAfter: string | undefined }>
  | Readonly<{
      _tag: 'NotAnswered';
      reason: 'timeout' | 'address-refused' | 'destination-refused' | 'dns' | 'tls' | 'connection';
    }>
  /** The sender was told to stop in the middle: it may have arrived. */
  | Readonly<{ _tag: 'Abandoned' }>;

/** What follows from an attempt. */
export type Verdict =
  | Readonly<{ _tag: 'Delivered' }>
  | Readonly<{ _tag: 'RetryAt'; at: number }>
  | Readonly<{ _tag: 'Exhausted' }>
  /** 410: the receiver wants no more of anything. */
  | Readonly<{ _tag: 'Gone' }>;

const GONE = 410;
const ASKS_TO_WAIT: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const isSuccess = (outcome: Outcome): boolean =>
  outcome._tag === 'Answered' && outcome.status >= 200 && outcome.status < 300;

const retryAfterOf = (outcome: Outcome, now: number): number | undefined =>
  outcome._tag === 'Answered' && ASKS_TO_WAIT.has(outcome.status)
    ? retryAfterMsOf(outcome.retryAfter, now)
    : undefined;

export type Judging = Readonly<{
  /** Including this one. */
  attemptsMade: number;
  policy: RetryPolicy;
  now: number;
  /** From 0 to below 1. */
  random: number;
}>;

/** 2xx is success. Everything else, a redirection included, is tried again until the attempts run out. */
export const verdictOf = (outcome: Outcome, judging: Judging): Verdict => {
  if (isSuccess(outcome)) return { _tag: 'Delivered' };
  if (outcome._tag === 'Answered' && outcome.status === GONE) return { _tag: 'Gone' };
  const { attemptsMade, policy, now, random } = judging;
  const wait = waitAfter(attemptsMade, policy, {
    retryAfterMs: retryAfterOf(outcome, now),
    random,
  });
  return wait === undefined ? { _tag: 'Exhausted' } : { _tag: 'RetryAt', at: now + wait };
};
