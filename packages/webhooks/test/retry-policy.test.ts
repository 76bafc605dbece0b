import { verdictOf, type Outcome } from '../src/delivery/outcome.js';
import { retryAfterMsOf, standardRetryPolicy, waitAfter } from '../src/delivery/retry-policy.js';
import { NOW } from './set-up.js';

const HOUR = 3_600_000;
const none = { retryAfterMs: undefined, random: 0 };

describe('The schedule of attempts', () => {
  test('is the one that Standard Webhooks proposes, in ten attempts', () => {
    const waits = Array.from({ length: 10 }, (_, index) =>
      waitAfter(index + 1, standardRetryPolicy, none),
    );
    expect(waits).toStrictEqual([
      5_000,
      5 * 60_000,
      30 * 60_000,
      2 * HOUR,
      5 * HOUR,
      10 * HOUR,
      14 * HOUR,
      20 * HOUR,
      24 * HOUR,
      undefined,
    ]);
  });

  test('spreads waits by up to a tenth, and never shortens them', () => {
    expect(waitAfter(1, standardRetryPolicy, { ...none, random: 0.999_999 })).toBe(5_500);
  });

  test('waits as long as it is asked to, up to a day', () => {
    expect(waitAfter(1, standardRetryPolicy, { random: 0, retryAfterMs: 120_000 })).toBe(120_000);
    expect(waitAfter(2, standardRetryPolicy, { random: 0, retryAfterMs: 1_000 })).toBe(300_000);
    expect(waitAfter(1, standardRetryPolicy, { random: 0, retryAfterMs: 999 * HOUR })).toBe(
      24 * HOUR,
    );
  });
});

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    [new Date(NOW - 90_000).toUTCString(), 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026-06-30', undefined],
    ['99999999999999999999', undefined],
    [undefined, undefined],
  ])('%s asks for %s ms', (header, ms) => {
    expect(retryAfterMsOf(header, NOW)).toBe(ms);
  });
});

describe('What follows from an answer', () => {
  const verdict = (outcome: Outcome, attemptsMade = 1): unknown =>
    verdictOf(outcome, { attemptsMade, policy: standardRetryPolicy, now: NOW, random: 0 });
  const status = (code: number, retryAfter?: string): Outcome => ({
    _tag: 'Answered',
    status: code,
    retryAfter,
  });
  const again = { _tag: 'RetryAt', at: NOW + 5_000 };

  test.each([200, 201, 202, 204, 299])('%d is success', (code) => {
    expect(verdict(status(code))).toStrictEqual({ _tag: 'Delivered' });
  });
  test.each([301, 302, 303, 307, 308, 304, 400, 401, 404, 413, 500])(
    '%d is tried again',
    (code) => {
      expect(verdict(status(code, '600'))).toStrictEqual(again);
    },
  );
  test.each([429, 502, 503, 504])('%d is tried again when it asks to be', (code) => {
    expect(verdict(status(code, '600'))).toStrictEqual({ _tag: 'RetryAt', at: NOW + 600_000 });
  });
  test('410 ends it', () => {
    expect(verdict(status(410))).toStrictEqual({ _tag: 'Gone' });
  });
  test('no answer is tried again, and the tenth attempt is the last', () => {
    const silent: Outcome = { _tag: 'NotAnswered', reason: 'timeout' };
    expect(verdict(silent)).toStrictEqual(again);
    expect(verdict(silent, 9)).toStrictEqual({ _tag: 'RetryAt', at: NOW + 24 * HOUR });
    expect(verdict(silent, 10)).toStrictEqual({ _tag: 'Exhausted' });
  });
});
