import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { Webhook } from 'standardwebhooks';
import { keyOf, secretText, signedHeaders } from '../src/signature.js';
import { right } from './set-up.js';

const key = Buffer.alloc(32, 7);
const another = Buffer.alloc(24, 9);
const secret = secretText(key);
const id = '6f2c1d7a-0b3e-5c41-9a57-000000000001';
const body = '{"type":"daybook.summaries.summary-generated.v1","data":{"title":"– 🧾"}}';
const seconds = (): number => Math.floor(Date.now() / 1_000);
const signed = (keys: readonly Buffer[], timestamp = seconds()): Record<string, string> => ({
  ...signedHeaders(keys, { id, timestamp, body }),
});

const TOLERANCE_S = 5 * 60;

describe('A signature', () => {
  test('is accepted by the reference package and the same that it makes', () => {
    const headers = signed([key]);
    expect(new Webhook(secret).verify(body, headers)).toStrictEqual(JSON.parse(body));
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(id, at, body));
  });

  test('of two keys is accepted by who holds either, and by nobody else', () => {
    const headers = signed([key, another]);
    for (const each of [key, another])
      expect(() => new Webhook(secretText(each)).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(secretText(randomBytes(32))).verify(body, headers)).toThrow(
      'No matching signature found',
    );
  });

  test.each([
    ['another body', { body: `${body} ` }, {}],
    ['another id', {}, { 'webhook-id': '6f2c1d7a-0b3e-5c41-9a57-000000000002' }],
    ['another instant', {}, { 'webhook-timestamp': String(seconds() - 1) }],
    [
      'a signature that somebody made up',
      {},
      { 'webhook-signature': `v1,${randomBytes(32).toString('base64')}` },
    ],
    ['another version', {}, { 'webhook-signature': 'v2,AAAA' }],
  ])('does not hold for %s', (_what, sent, changed) => {
    const given = { body, ...sent };
    const headers = { ...signed([key]), ...changed };
    expect(() => new Webhook(secret).verify(given.body, headers)).toThrow(
      'No matching signature found',
    );
  });

  test('of a request that is sent again later, or comes from the future, is refused', () => {
    const old = signed([key], seconds() - TOLERANCE_S - 1);
    expect(() => new Webhook(secret).verify(body, old)).toThrow('Message timestamp too old');
    const early = signed([key], seconds() + TOLERANCE_S + 2);
    expect(() => new Webhook(secret).verify(body, early)).toThrow('Message timestamp too new');
  });
});

describe('A secret', () => {
  test('is kept as it is written, with its prefix or without', () => {
    expect(right(keyOf(secret))).toStrictEqual(key);
    expect(right(keyOf(key.toString('base64')))).toStrictEqual(key);
  });

  test.each([
    ['whsec_not base64!', 'not-base64'],
    [`whsk_${key.toString('base64')}`, 'not-base64'],
    [secretText(Buffer.alloc(23)), 'too-short'],
    ['', 'too-short'],
    [secretText(Buffer.alloc(65)), 'too-long'],
    [secretText(Buffer.alloc(67)), 'too-long'],
    ['A'.repeat(20_000_000), 'too-long'],
  ])('%s is refused as %s', (text, reason) => {
    expect(keyOf(text)).toStrictEqual(E.left({ _tag: 'SecretRefused', reason }));
  });

  test.each([24, 64])('of %d bytes is taken', (bytes) => {
    expect(E.isRight(keyOf(secretText(Buffer.alloc(bytes))))).toBe(true);
  });
});
