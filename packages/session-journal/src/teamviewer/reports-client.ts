import * as E from 'fp-ts/lib/Either.js';
import type { ReportKind } from './connection-report.js';
import { answerOf, type Asked } from './reports-answer.js';
import type { ReportsFailure } from './reports-failure.js';

/** The Web API of TeamViewer, and how patient to be with it. */
export type ReportsApi = Readonly<{
  /** Such as `https://webapi.teamviewer.com/api/v1`. Plain http only on loopback (`reportsAddress`). */
  baseUrl: string;
  /** A script or user token that may read connection reports. It stands in the header only. */
  token: string;
  /** Of one attempt up to its last byte, milliseconds. */
  timeoutMs: number;
  /** Attempts for one page, the first included. */
  attemptsMax: number;
  /** Longest wait that the service may ask for, milliseconds; if it asks for more, that is the answer. */
  waitMsMax: number;
  /** Resolves after the time, or when the signal aborts. */
  wait: (milliseconds: number) => Promise<void>;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Epoch milliseconds: a service may say when to come back as a date. */
  clock: () => number;
  signal: AbortSignal;
}>;

/** Instants in epoch milliseconds; connections that began at or after `from` and ended before `to`. */
export type ReportsAsked = Readonly<{ kind: ReportKind; from: number | null; to: number | null }>;

export type ReportsPage = Readonly<{ records: readonly unknown[]; remaining: number | null }>;

const paths: Readonly<Record<ReportKind, string>> = {
  outgoing: 'reports/connections',
  incoming: 'reports/devices',
};
const FIRST_DELAY_MS = 1_000;
const FACTOR = 2;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** An address that a token may be sent to: https, or a program on this machine. */
export const reportsAddress = (text: string): string | null => {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return null;
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
  return isSafe ? text.replace(/\/+$/, '') : null;
};

/** The API knows whole seconds, in UTC. */
const dateOf = (instant: number): string =>
  new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');

const addressOf = (api: ReportsApi, asked: ReportsAsked, offset: string | null): URL => {
  const url = new URL(`${api.baseUrl}/${paths[asked.kind]}`);
  if (asked.from !== null) url.searchParams.set('from_date', dateOf(asked.from));
  if (asked.to !== null) url.searchParams.set('to_date', dateOf(asked.to));
  if (offset !== null) url.searchParams.set('offset_id', offset);
  return url;
};

const once = async (api: ReportsApi, url: URL): Promise<Asked> => {
  const limit = AbortSignal.timeout(api.timeoutMs);
  const signal = AbortSignal.any([api.signal, limit]);
  try {
    const headers = { authorization: `Bearer ${api.token}`, accept: 'application/json' };
    // A redirect would take the token to wherever the answer points.
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    return await answerOf(response, api.clock());
  } catch {
    if (api.signal.aborted) return E.left({ _tag: 'Stopped' });
    const reason = limit.aborted ? 'timed-out' : 'unreachable';
    return E.left({ _tag: 'ApiUnavailable', reason, status: null });
  }
};

/** How long to wait before the next attempt; null where another one is of no use. */
const delayAfter = (api: ReportsApi, failure: ReportsFailure, attempt: number): number | null => {
  const own = FIRST_DELAY_MS * FACTOR ** (attempt - 1) * (0.5 + api.random() / 2);
  switch (failure._tag) {
    case 'RateLimited': {
      const delay = Math.max(own, failure.retryAfterMs ?? 0);
      return delay > api.waitMsMax ? null : delay;
    }
    case 'ApiUnavailable':
      return Math.min(own, api.waitMsMax);
    case 'TokenRefused':
    case 'NotPermitted':
    case 'UnexpectedAnswer':
    case 'Stopped':
      return null;
  }
};

const patiently = async (api: ReportsApi, url: URL): Promise<Asked> => {
  for (let attempt = 1; ; attempt += 1) {
    const asked = await once(api, url);
    if (E.isRight(asked) || attempt >= api.attemptsMax) return asked;
    const delay = delayAfter(api, asked.left, attempt);
    if (delay === null) return asked;
    await api.wait(Math.ceil(delay));
    if (api.signal.aborted) return E.left({ _tag: 'Stopped' });
  }
};

/**
 * All pages of a report, one at a time and as they are asked for; the first failure ends them. What came before
 * it is good, and asking again from the start changes nothing for who records by the reports' ids.
 */
export async function* reportPages(
  api: ReportsApi,
  asked: ReportsAsked,
): AsyncGenerator<E.Either<ReportsFailure, ReportsPage>> {
  const offsets = new Set<string>();
  let offset: string | null = null;
  for (;;) {
    const page: Asked = await patiently(api, addressOf(api, asked, offset));
    if (E.isLeft(page)) {
      yield page;
      return;
    }
    const { records, remaining, next } = page.right;
    yield E.right({ records, remaining });
    if (next === null) return;
    if (offsets.has(next)) {
      yield E.left({ _tag: 'UnexpectedAnswer', status: 200, reason: 'the pages go in a circle' });
      return;
    }
    offsets.add(next);
    offset = next;
  }
}
