import * as E from 'fp-ts/lib/Either.js';
import type { RemoteFailure } from '../failure.js';
import { failureOfAnswer, unreachable, type Fetch } from './answers.js';
import type { Tokens } from './tokens.js';

export type ApiRequest = Readonly<{
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
}>;

export type ApiAnswer = Readonly<{ status: number; body: unknown }>;

/** Requests to one remote system, with a token, once more with a new one when it is refused. */
export type ApiClient = (request: ApiRequest) => Promise<E.Either<RemoteFailure, ApiAnswer>>;

export type ApiDeps = Readonly<{
  baseUrl: string;
  tokens: Tokens;
  fetch: Fetch;
  clock: () => number;
  timeoutMs: number;
  /** The code in the body of a failure, as this system writes it. */
  codeOf: (body: unknown) => string | null;
  /** Sees the headers of every answer: they tell what is left of a limit. */
  onHeaders: (headers: Headers) => void;
}>;

const parsed = (text: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const send = async (
  deps: ApiDeps,
  request: ApiRequest,
  token: string,
): Promise<E.Either<RemoteFailure, ApiAnswer>> => {
  const { method, path, query = {}, body } = request;
  const url = new URL(path, deps.baseUrl);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  try {
    const answer = await deps.fetch(url.href, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would carry the token to an address that nobody configured.
      redirect: 'error',
      signal: AbortSignal.timeout(deps.timeoutMs),
    });
    const read = parsed(await answer.text());
    deps.onHeaders(answer.headers);
    if (!answer.ok) {
      const failed = { answer, code: deps.codeOf(read), now: deps.clock() };
      return E.left(failureOfAnswer(failed));
    }
    return read === undefined
      ? E.left({ _tag: 'AnswerUnreadable', status: answer.status })
      : E.right({ status: answer.status, body: read });
  } catch (thrown) {
    return E.left(unreachable(thrown));
  }
};

export const makeApiClient =
  (deps: ApiDeps): ApiClient =>
  async (request) => {
    const token = await deps.tokens.get();
    if (E.isLeft(token)) return token;
    const answer = await send(deps, request, token.right);
    if (E.isRight(answer) || answer.left._tag !== 'AuthRejected') return answer;
    deps.tokens.forget(token.right);
    const renewed = await deps.tokens.get();
    return E.isLeft(renewed) ? renewed : send(deps, request, renewed.right);
  };
