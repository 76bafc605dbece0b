import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';

/** Secrets and signatures after Standard Webhooks 1.0: `v1`, HMAC-SHA256. */
const PREFIX = 'whsec_';
const BYTES_MIN = 24;
const BYTES_MAX = 64;
/** Bytes of a secret that is made here: as many as the hash gives. */
export const SECRET_BYTES = 32;

export type SecretRefused = Readonly<{
  _tag: 'SecretRefused';
  reason: 'not-base64' | 'too-short' | 'too-long';
}>;

export const secretText = (key: Buffer): string => `${PREFIX}${key.toString('base64')}`;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const refused = (reason: SecretRefused['reason']): E.Either<SecretRefused, never> =>
  E.left({ _tag: 'SecretRefused', reason });

/** The key in `whsec_<base64>`, 24 to 64 bytes. */
export const keyOf = (secret: string): E.Either<SecretRefused, Buffer> => {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  // First: the form is tried sign by sign, and a text of megabytes would be too much for that.
  if (encoded.length > 4 * Math.ceil(BYTES_MAX / 3)) return refused('too-long');
  if (!BASE64.test(encoded)) return refused('not-base64');
  const key = Buffer.from(encoded, 'base64');
  if (key.length < BYTES_MIN) return refused('too-short');
  return key.length > BYTES_MAX ? refused('too-long') : E.right(key);
};

export type Signed = Readonly<{
  /** Id of the event: the same however often it is sent. */
  id: string;
  /** Of this attempt, epoch seconds. */
  timestamp: number;
  body: string;
}>;

const signatureBy = (key: Buffer, { id, timestamp, body }: Signed): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

/** The three headers; one signature for each key, so that a receiver may hold either while keys change. */
export const signedHeaders = (
  keys: readonly Buffer[],
  signed: Signed,
): Readonly<Record<string, string>> => ({
  'webhook-id': signed.id,
  'webhook-timestamp': String(signed.timestamp),
  'webhook-signature': keys.map((key) => signatureBy(key, signed)).join(' '),
});
