import { trialFrom } from '../src/index.js';

const own = { runs: 1_000, freshSeed: 7 };

describe('a law is tried', () => {
  it('with its own number of runs from a fresh seed', () => {
    expect(trialFrom({}, own)).toStrictEqual({ numRuns: 1_000, seed: 7, timeoutMs: 120_000 });
  });
  it('with the runs and the seed that are asked for, for as long as it takes', () => {
    const environment = { DAYBOOK_LAW_RUNS: '100000', DAYBOOK_LAW_SEED: '42' };
    expect(trialFrom(environment, own)).toStrictEqual({
      numRuns: 100_000,
      seed: 42,
      timeoutMs: 86_400_000,
    });
  });
  it('not with a slip of the pen', () => {
    expect(() => trialFrom({ DAYBOOK_LAW_RUNS: '1e' }, own)).toThrow(
      'DAYBOOK_LAW_RUNS is "1e": write a whole number',
    );
  });
});
