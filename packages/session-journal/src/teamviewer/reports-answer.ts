import * as E from 'fp-ts/lib/Either.js';
import type { ReportsFailure } from './reports-failure.js';

/** One page as the API answers it. */
export type Answered = Readonly<{
  records: readonly unknown[];
  remaining: number | null;
  /** Offset of the next page; null: this is the last. */
  next: string | null;
}>;

export type Asked = E.Either<ReportsFailure, Answered>;

/** A page of 1,000 reports has some 500 kB. */
const BODY_BYTES_MAX = 33_554_432;

/** RFC 9110 §10.2.3: seconds, or a date. */
const retryAfterMs = (header: string | null, now: number): number | null => {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
};

const bodyOf = async (response: Response): Promise<string | null> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body = (response.body ?? []) as AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop cancels the rest.
    if (bytes > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const unexpected = (status: number, reason: string): E.Either<ReportsFailure, never> =>
  E.left({ _tag: 'UnexpectedAnswer', status, reason });

type Body = Readonly<{ records?: unknown; records_remaining?: unknown; next_offset?: unknown }>;

/** The longest that is remembered and written into an address. */
const OFFSET_LENGTH_MAX = 500;

const nextOf = ({ next_offset: next }: Body): string | null => {
  if (typeof next === 'number') return String(next);
  return typeof next === 'string' && next !== '' ? next : null;
};

const pageOf = (text: string): Asked => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unexpected(200, 'the answer is not JSON');
  }
  if (typeof value !== 'object' || value === null)
    return unexpected(200, 'the answer is not a page of reports');
  const body = value as Body;
  if (!Array.isArray(body.records)) return unexpected(200, 'the answer has no list of records');
  const remaining = Number(body.records_remaining ?? Number.NaN);
  const next = nextOf(body);
  if (next !== null && next.length > OFFSET_LENGTH_MAX)
    return unexpected(200, 'the offset of the next page is too long');
  return E.right({
    records: body.records as readonly unknown[],
    remaining: Number.isSafeInteger(remaining) ? remaining : null,
    next,
  });
};

const failureOf = (response: Response, now: number): E.Either<ReportsFailure, never> => {
  const { status, headers } = response;
  if (status === 401) return E.left({ _tag: 'TokenRefused' });
  if (status === 403) return E.left({ _tag: 'NotPermitted' });
  if (status === 429) {
    const retry = retryAfterMs(headers.get('retry-after'), now);
    return E.left({ _tag: 'RateLimited', retryAfterMs: retry });
  }
  if (status === 408 || status >= 500)
    return E.left({ _tag: 'ApiUnavailable', reason: 'server-error', status });
  if (status >= 300 && status < 400)
    return unexpected(status, 'it points to another address, which is not followed');
  // What the service says may repeat the question, and nothing of it is for a log.
  return unexpected(status, 'the request was refused');
};

/** What an answer of the API says. Its words are never passed on. */
export const answerOf = async (response: Response, now: number): Promise<Asked> => {
  if (response.status !== 200) {
    await response.body?.cancel();
    return failureOf(response, now);
  }
  const text = await bodyOf(response);
  return text === null ? unexpected(200, 'the answer is too long') : pageOf(text);
};
