import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateYear, type SimulatedYear, type Year } from '../src/year/simulate.js';
import { downIn2026, faultsOf, parisIn2026, wallClock, years } from '../src/year/years.js';

// Goal: twelve grants a year, each at the company's own midnight, whatever the clocks do and whether or
// not the engine ran. Method: the engine on a directory of its own and a clock that jumps from one due
// instant to the next; the runtime's calendar, not Daybook's, says what the clocks show.

const simulate = async (year: Year): Promise<SimulatedYear> => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-year-'));
  try {
    return await simulateYear(directory, year);
  } finally {
    rmSync(directory, { recursive: true });
  }
};

describe('a simulated year', () => {
  it.each(years.map(({ year, why }) => [year.timeZone, why, year] as const))(
    'grants twelve months at midnight in %s (%s)',
    async (_, __, year) => {
      const simulated = await simulate(year);
      expect(faultsOf(year, simulated)).toStrictEqual([]);
      expect(simulated.grants).toHaveLength(13);
      expect(simulated.lapses).toHaveLength(12);
    },
  );

  const isUp = (instant: number): boolean =>
    instant < downIn2026.from || instant >= downIn2026.until;

  it('leaves the same account, byte for byte, where the engine was down from March to June', async () => {
    const up = await simulate(parisIn2026);
    const down = await simulate({ ...parisIn2026, down: downIn2026 });
    expect(faultsOf(parisIn2026, down, isUp)).toStrictEqual([]);
    expect(down.account).toStrictEqual(up.account);
    // The months that were missed have their own dates, and were recorded when the engine came back.
    const missed = down.grants.filter(({ effectiveAt }) => !isUp(effectiveAt));
    expect(missed.map(({ month }) => month)).toStrictEqual(['2026-04', '2026-05', '2026-06']);
    expect(missed.map(({ recordedAt }) => recordedAt)).toStrictEqual(
      missed.map(() => downIn2026.until),
    );
    expect(
      missed.map(({ effectiveAt }) => wallClock(effectiveAt, parisIn2026.timeZone)),
    ).toStrictEqual(['2026-04-01 00:00:00', '2026-05-01 00:00:00', '2026-06-01 00:00:00']);
    // “As of” the middle of a missed month, its five credits were there.
    expect(down.midMonths).toStrictEqual(up.midMonths);
  });
});
