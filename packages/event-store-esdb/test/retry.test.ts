import { makeClosing } from '../src/closing.js';
import { makeOutage, pause, retryDelayMs } from '../src/retry.js';

const policy = (random: number): Parameters<typeof retryDelayMs>[0] => ({
  outageMsMax: 10_000,
  delayMsFirst: 50,
  delayMsMax: 3_000,
  random: () => random,
});

describe('the wait before the next attempt', () => {
  it('doubles up to its limit, and lies between half of that and all of it', () => {
    const failures = [1, 2, 3, 6, 7, 8, 40];
    expect(failures.map((count) => retryDelayMs(policy(0), count))).toStrictEqual([
      25, 50, 100, 800, 1500, 1500, 1500,
    ]);
    expect(failures.map((count) => retryDelayMs(policy(0.5), count))).toStrictEqual([
      38, 75, 150, 1200, 2250, 2250, 2250,
    ]);
  });

  it('ends at once when the store closes', async () => {
    const closing = makeClosing();
    const paused = pause(60_000, closing);
    closing.close();
    await paused;
    await pause(60_000, closing);
    expect(closing.isClosed()).toBe(true);
  });
});

describe('an outage', () => {
  const outageAt = (times: readonly number[]): (() => number | undefined) => {
    let calls = 0;
    // Each failure looks at the clock when it begins the outage, and when it asks whether it has lasted too long.
    const now = (): number => times[Math.min((calls += 1), times.length) - 1] ?? 0;
    return makeOutage(policy(0), now).afterFailure;
  };

  it('is waited for as long as the next attempt falls within its limit', () => {
    const afterFailure = outageAt([5_000, 5_000, 9_000, 14_900, 14_901]);
    expect([1, 2, 3, 4].map(afterFailure)).toStrictEqual([25, 50, 100, undefined]);
  });

  it('ends with a success: the next one begins anew, with short waits and all of the time', () => {
    let time = 0;
    const { afterFailure, over } = makeOutage(policy(0), () => time);
    expect([afterFailure(), afterFailure()]).toStrictEqual([25, 50]);
    time = 60_000;
    over();
    expect([afterFailure(), afterFailure()]).toStrictEqual([25, 50]);
    time = 70_000;
    expect(afterFailure()).toBe(undefined);
  });

  it('without any time is one attempt', () => {
    expect(makeOutage({ ...policy(0), outageMsMax: 0 }).afterFailure()).toBe(undefined);
  });
});
