import type { RemoteFailure } from '../failure.js';

/** The part of `fetch` that is used: a test or a proxy can stand in its place. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Name of what is thrown for an answer that is not read to its end. */
export const ANSWER_TOO_LONG = 'AnswerTooLong';

/** Without a word of when: ServiceNow counts by the hour, so a minute is soon enough to look again. */
const WAIT_MS_DEFAULT = 60_000;
const WAIT_MS_MAX = 24 * 3_600_000;

/** No answer came. A `TypeError` is what `fetch` throws for every failure of the connection. */
export const unreachable = (thrown: unknown): RemoteFailure => {
  const name: unknown =
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'name') : null;
  if (name === 'TimeoutError') return { _tag: 'Unreachable', why: 'timed-out' };
  if (name === ANSWER_TOO_LONG) return { _tag: 'AnswerUnreadable', status: 200 };
  if (name === 'TypeError' || name === 'SyntaxError' || name === 'AbortError')
    return { _tag: 'Unreachable', why: 'connection' };
  throw thrown;
};

const bounded = (milliseconds: number): number =>
  Math.min(WAIT_MS_MAX, Math.max(0, Math.ceil(milliseconds)));

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), otherwise `X-RateLimit-Reset`, epoch seconds. */
export const waitAskedFor = (headers: Headers, now: number): number => {
  const after = headers.get('retry-after');
  if (after !== null && /^\d+$/.test(after)) return bounded(Number(after) * 1_000);
  const date = after === null ? Number.NaN : Date.parse(after);
  if (!Number.isNaN(date)) return bounded(date - now);
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  return Number.isNaN(reset) ? WAIT_MS_DEFAULT : bounded(reset * 1_000 - now);
};

type Failed = Readonly<{
  answer: Pick<Response, 'status' | 'headers'>;
  code: string | null;
  now: number;
}>;

/** A day's calls are used up: they come back over the following hours, not within seconds. */
const DAILY_LIMIT_WAIT_MS = 15 * 60_000;

/** What an answer that is no success means, by its status; a code of the remote system goes before it. */
export const failureOfAnswer = ({ answer, code, now }: Failed): RemoteFailure => {
  const { status, headers } = answer;
  if (code === 'REQUEST_LIMIT_EXCEEDED')
    return {
      _tag: 'RateLimited',
      waitMs: headers.has('retry-after') ? waitAskedFor(headers, now) : DAILY_LIMIT_WAIT_MS,
    };
  if (status === 429 || (status === 503 && headers.has('retry-after')))
    return { _tag: 'RateLimited', waitMs: waitAskedFor(headers, now) };
  if (status >= 500 || status === 408 || code === 'UNABLE_TO_LOCK_ROW')
    return { _tag: 'ServerFailed', status, code };
  if (status === 401) return { _tag: 'AuthRejected', status, code };
  if (status === 403) return { _tag: 'Forbidden', code };
  if (status === 404) return { _tag: 'NotFound', code };
  return { _tag: 'Rejected', status, code };
};
