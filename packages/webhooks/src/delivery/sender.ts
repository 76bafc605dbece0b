import { Agent as HttpAgent, type ClientRequest, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { rootCertificates } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import { ADDRESS_REFUSED, guardedLookup, type Resolve } from '../destination/guarded-lookup.js';
import { destinationOf, type DestinationRules } from '../destination/rules.js';
import type { Outcome } from './outcome.js';

export type SenderOptions = Readonly<{
  rules: DestinationRules;
  resolve: Resolve;
  /** For the whole attempt: name, connection, request, and the status of the answer. */
  timeoutMs: number;
  /** Certificates to trust beside those that come with Node, PEM. */
  ca: readonly string[];
}>;

export type Message = Readonly<{
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

export type Sender = Readonly<{
  /** One attempt. Never throws, never follows a redirection. */
  send: (message: Message, abandon: AbortSignal) => Promise<Outcome>;
  close: () => void;
}>;

/** An answer's text is of no interest; so much is read so that the connection can be used again. */
const ANSWER_BYTES_MAX = 4 * 1024;
const ANSWER_HEADER_BYTES_MAX = 16 * 1024;
const FREE_SOCKETS_MAX = 64;

type Reason = Extract<Outcome, { _tag: 'NotAnswered' }>['reason'];

const notAnswered = (reason: Reason): Outcome => ({ _tag: 'NotAnswered', reason });

const reasonOf = (error: NodeJS.ErrnoException): Reason => {
  const { code = '' } = error;
  if (code === ADDRESS_REFUSED) return 'address-refused';
  if (/^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/.test(code)) return 'dns';
  if (/CERT|TLS|SSL|ISSUER|SIGNATURE|EPROTO/.test(code)) return 'tls';
  return code === 'ETIMEDOUT' ? 'timeout' : 'connection';
};

type Attempted = Readonly<{ outcome: Outcome; mayRepeat: boolean }>;

/** The status of the answer settles it; a little of the rest is read, and then the line is cut. */
const attemptOn = (
  request: ClientRequest,
  body: string,
  limits: Readonly<{ timeoutMs: number; abandon: AbortSignal }>,
): Promise<Attempted> =>
  new Promise((settle) => {
    const end = (outcome: Outcome, mayRepeat = false): void => settle({ outcome, mayRepeat });
    const cut = (outcome: Outcome) => (): void => {
      end(outcome);
      request.destroy();
    };
    const deadline = setTimeout(cut(notAnswered('timeout')), limits.timeoutMs);
    const abandoned = cut({ _tag: 'Abandoned' });
    limits.abandon.addEventListener('abort', abandoned);
    request.on('response', (response) => {
      const retryAfter = response.headers['retry-after'];
      end({ _tag: 'Answered', status: response.statusCode ?? 0, retryAfter });
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) request.destroy();
      });
      response.on('error', () => request.destroy());
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the receiver closed just now: nothing was read of it there.
      const isStale = request.reusedSocket && error.code === 'ECONNRESET';
      end(notAnswered(reasonOf(error)), isStale);
    });
    request.on('close', () => {
      clearTimeout(deadline);
      limits.abandon.removeEventListener('abort', abandoned);
      end(notAnswered('connection'));
    });
    request.end(body);
  });

const agentOptions = { keepAlive: true, maxFreeSockets: FREE_SOCKETS_MAX, timeout: 60_000 };

export const makeSender = (options: SenderOptions): Sender => {
  const { rules, timeoutMs, resolve, ca } = options;
  const lookup = guardedLookup({ resolve, allowedNetworks: rules.allowedNetworks });
  const trusted = ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] };
  const https = new HttpsAgent({ ...agentOptions, ...trusted });
  const http = new HttpAgent(agentOptions);
  const start = (url: URL, { headers, body }: Message): ClientRequest => {
    const common: RequestOptions = {
      ...urlToHttpOptions(url),
      method: 'POST',
      lookup,
      maxHeaderSize: ANSWER_HEADER_BYTES_MAX,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    };
    return url.protocol === 'https:'
      ? httpsRequest({ ...common, agent: https })
      : httpRequest({ ...common, agent: http });
  };
  return {
    send: async (message, abandon) => {
      if (abandon.aborted) return { _tag: 'Abandoned' };
      const url = destinationOf(message.url, rules);
      if (E.isLeft(url))
        return notAnswered(
          url.left.reason === 'address' ? 'address-refused' : 'destination-refused',
        );
      const limits = { timeoutMs, abandon };
      const first = await attemptOn(start(url.right, message), message.body, limits);
      if (!first.mayRepeat) return first.outcome;
      return (await attemptOn(start(url.right, message), message.body, limits)).outcome;
    },
    close: () => {
      https.destroy();
      http.destroy();
    },
  };
};
