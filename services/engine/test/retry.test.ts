import * as fc from 'fast-check';
import { defaultRetryPolicy as policy, delayAfter, timerWait } from '../src/retry.js';

// Goal: attempts come neither together nor for ever, and never sooner than the service asked for.

const HOUR = 3_600_000;

const delays = (random: number): readonly number[] =>
  Array.from({ length: policy.attemptsMax - 1 }, (_, index) =>
    delayAfter({ policy, random: () => random }, index + 1, null),
  );

describe('the time between two attempts', () => {
  it('grows threefold from 30 seconds to 6 hours, of which half is jitter', () => {
    expect(delays(0.999_999)).toStrictEqual([
      30_000, 90_000, 270_000, 810_000, 2_429_999, 7_289_997, 21_599_990,
    ]);
    expect(delays(0)).toStrictEqual([
      15_000, 45_000, 135_000, 405_000, 1_215_000, 3_645_000, 10_800_000,
    ]);
  });

  it('leaves every attempt within the 48 hours of a hold', () => {
    const all = delays(1).reduce((sum, delay) => sum + delay, 0);
    expect(all).toBeLessThan(48 * HOUR);
    expect(all).toBeGreaterThan(8 * HOUR);
  });

  it('is never shorter than what the service asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 48 * HOUR }), { nil: null }),
        (attempt, random, asked) => {
          const delay = delayAfter({ policy, random: () => random }, attempt, asked);
          const full = Math.min(policy.delayMsMax, 30_000 * 3 ** (attempt - 1));
          expect(delay).toBeGreaterThanOrEqual(Math.max(asked ?? 0, full / 2));
          expect(delay).toBeLessThanOrEqual(Math.max(asked ?? 0, full));
        },
      ),
      { numRuns: 500, seed: 8 },
    );
  });
});

describe('waiting by the timers', () => {
  it('ends at once when it is called off', async () => {
    const stop = new AbortController();
    const waited = timerWait(HOUR, stop.signal);
    stop.abort();
    await waited;
    await timerWait(HOUR, stop.signal);
    await timerWait(1, new AbortController().signal);
    expect(stop.signal.aborted).toBe(true);
  });
});
