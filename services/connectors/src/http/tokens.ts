import * as E from 'fp-ts/lib/Either.js';
import * as oauth from 'oauth4webapi';
import { type RemoteFailure } from '../failure.js';
import { failureOfAnswer, unreachable, type Fetch } from './answers.js';

export type Credentials = Readonly<{ clientId: string; clientSecret: string }>;

/** An access token by OAuth client credentials (RFC 6749 §4.4), kept until shortly before its end. */
export type Tokens = Readonly<{
  get: () => Promise<E.Either<RemoteFailure, string>>;
  /** The remote system no longer takes this one. Does nothing when another was made since. */
  forget: (token: string) => void;
}>;

export type TokenDeps = Readonly<{
  tokenUrl: string;
  credentials: Credentials;
  fetch: Fetch;
  /** Epoch milliseconds. */
  clock: () => number;
  timeoutMs: number;
}>;

/** A token is not used in its last seconds: a request under way would meet its end. */
const MARGIN_MS = 30_000;

type Kept = Readonly<{ token: string; until: number }>;

/** The codes of RFC 6749 §5.2; anything else in their place is not repeated. */
const OAUTH_CODE = /^[a-z][a-z_]{1,40}$/;

const failureOfThrown = (thrown: unknown): RemoteFailure => {
  if (thrown instanceof oauth.ResponseBodyError)
    return {
      _tag: 'AuthRejected',
      status: thrown.status,
      code: OAUTH_CODE.test(thrown.error) ? thrown.error : null,
    };
  if (thrown instanceof oauth.WWWAuthenticateChallengeError)
    return { _tag: 'AuthRejected', status: thrown.status, code: null };
  if (thrown instanceof oauth.OperationProcessingError)
    return { _tag: 'AuthRejected', status: 200, code: null };
  return unreachable(thrown);
};

export const makeTokens = (deps: TokenDeps): Tokens => {
  const { tokenUrl, credentials, clock, timeoutMs } = deps;
  const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
  const client = { client_id: credentials.clientId };
  const authentication = oauth.ClientSecretPost(credentials.clientSecret);
  let kept: Kept | null = null;
  let underWay: Promise<E.Either<RemoteFailure, string>> | null = null;

  const ask = async (): Promise<E.Either<RemoteFailure, string>> => {
    const askedAt = clock();
    try {
      const answer = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        authentication,
        {},
        {
          [oauth.customFetch]: (url, { body, method, headers, signal }) =>
            deps.fetch(url, { body, method, headers, signal: signal ?? null, redirect: 'error' }),
          // Allowed by the configuration for loopback addresses only.
          [oauth.allowInsecureRequests]: true,
          signal: () => AbortSignal.timeout(timeoutMs),
        },
      );
      const isBusy = answer.status === 429 || answer.status >= 500;
      if (isBusy) return E.left(failureOfAnswer({ answer, code: null, now: clock() }));
      const made = await oauth.processClientCredentialsResponse(server, client, answer);
      const lifeMs = (made.expires_in ?? Infinity) * 1_000;
      kept = { token: made.access_token, until: askedAt + lifeMs - MARGIN_MS };
      return E.right(made.access_token);
    } catch (thrown) {
      return E.left(failureOfThrown(thrown));
    }
  };
  return {
    get: async () => {
      if (kept !== null && clock() < kept.until) return E.right(kept.token);
      underWay ??= ask().finally(() => {
        underWay = null;
      });
      return underWay;
    },
    forget: (token) => {
      if (kept?.token === token) kept = null;
    },
  };
};
