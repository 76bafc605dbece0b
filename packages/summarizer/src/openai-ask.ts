import * as E from 'fp-ts/lib/Either.js';
import OpenAI, { APIConnectionTimeoutError, APIError } from 'openai';
import { REPLY_SCHEMA } from './reply.js';
import type { SummarizerFailure, SummarizerUnavailable, SummaryNotPossible } from './summarizer.js';

/** Any service that speaks the chat completions API. */
export type OpenAiSummarizerConfig = Readonly<{
  baseUrl: string;
  model: string;
  apiKey: string;
  /** Of one attempt, milliseconds. */
  timeoutMs: number;
  /** Further attempts after 429, 5xx, a time-out or a broken connection, with the client's back-off. */
  maxRetries: number;
  maxOutputTokens?: number;
}>;

const OUTPUT_TOKENS_MAX = 2000;

const unavailable = (
  reason: SummarizerUnavailable['reason'],
  retryAfterMs: number | null = null,
): SummarizerUnavailable => ({ _tag: 'SummarizerUnavailable', reason, retryAfterMs });

const notPossible = (reason: SummaryNotPossible['reason'], detail: string): SummaryNotPossible => ({
  _tag: 'SummaryNotPossible',
  reason,
  detail,
});

/** RFC 9110 §10.2.3 in seconds, or the milliseconds some services give. A date is left to the caller's own back-off. */
const retryAfterMs = (headers: Headers | undefined): number | null => {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.ceil(milliseconds);
  const seconds = Number.parseFloat(headers?.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : null;
};

/** Status codes only: the service's message may quote the request. */
const fromStatus = (status: number, headers: Headers | undefined): SummarizerFailure => {
  if (status === 429) return unavailable('rate-limited', retryAfterMs(headers));
  if (status === 408) return unavailable('timed-out');
  if (status === 409 || status >= 500) return unavailable('server-error', retryAfterMs(headers));
  if (status === 401 || status === 403) return notPossible('unauthorized', `status ${status}`);
  return notPossible('rejected-request', `status ${status}`);
};

/** Names of an error and of what caused it. By name, because errors may come from another realm. */
const namesOf = (error: unknown): readonly string[] => {
  const names: string[] = [];
  let each: unknown = error;
  while (typeof each === 'object' && each !== null && names.length < 5) {
    names.push('name' in each ? String(each.name) : '');
    each = 'cause' in each ? each.cause : undefined;
  }
  return names;
};

const toFailure = (error: unknown): SummarizerFailure => {
  if (error instanceof APIError && typeof error.status === 'number')
    return fromStatus(error.status, error.headers instanceof Headers ? error.headers : undefined);
  const names = namesOf(error);
  const isTimeout = names.includes('TimeoutError') || names.includes('AbortError');
  if (error instanceof APIConnectionTimeoutError || isTimeout) return unavailable('timed-out');
  if (names.includes('SyntaxError')) return notPossible('invalid-output', 'response is not JSON');
  return unavailable('unreachable');
};

export type Message = OpenAI.Chat.ChatCompletionMessageParam;
type Answer = E.Either<SummarizerFailure, string>;

const contentOf = (completion: unknown): Answer => {
  const { choices } = (completion ?? {}) as Partial<OpenAI.Chat.ChatCompletion>;
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  if (choice?.message === undefined) return E.left(notPossible('invalid-output', 'no choice'));
  const { message, finish_reason: finish } = choice;
  if (finish === 'length') return E.left(notPossible('truncated-output', 'finish_reason length'));
  if (finish === 'content_filter' || typeof message.refusal === 'string')
    return E.left(notPossible('refused', 'refusal'));
  return E.right(typeof message.content === 'string' ? message.content : '');
};

/** One question to the model, answered with the text of its reply. */
export type Ask = (messages: readonly Message[]) => Promise<Answer>;

const asking =
  (client: OpenAI, config: OpenAiSummarizerConfig): Ask =>
  async (messages) => {
    try {
      const completion = await client.chat.completions.create({
        model: config.model,
        messages: [...messages],
        temperature: 0,
        max_completion_tokens: config.maxOutputTokens ?? OUTPUT_TOKENS_MAX,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'session_summary', strict: true, schema: REPLY_SCHEMA },
        },
      });
      return contentOf(completion);
    } catch (error) {
      return E.left(toFailure(error));
    }
  };

/** Bounds an attempt up to the last byte of its body: the client's own limit ends with the headers. */
const fetchWithin =
  (timeoutMs: number): typeof fetch =>
  async (url, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const own = init?.signal;
    const signal = own === undefined || own === null ? limit : AbortSignal.any([own, limit]);
    try {
      return await fetch(url, { ...init, signal });
    } catch (error) {
      // The client tells a time-out from a broken connection by these words.
      throw signal.aborted ? new Error('the attempt timed out', { cause: error }) : error;
    }
  };

/** Asks by the client of the API. */
export const makeAsk = (config: OpenAiSummarizerConfig): Ask => {
  const client = new OpenAI({
    baseURL: config.baseUrl,
    apiKey: config.apiKey,
    organization: null,
    project: null,
    timeout: config.timeoutMs,
    maxRetries: config.maxRetries,
    logLevel: 'off',
    webhookSecret: null,
    fetch: fetchWithin(config.timeoutMs),
  });
  return asking(client, config);
};
