import { makeClosing } from '../src/closing.js';
import { pause, retryDelayMs } from '../src/retry.js';

const policy = (random: number): Parameters<typeof retryDelayMs>[0] => ({
  attemptsMax: 8,
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
