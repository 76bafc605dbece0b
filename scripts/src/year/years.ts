import type { Grant, SimulatedYear, Year } from './simulate.js';

const utc = (text: string): number => Date.parse(`${text}Z`);

/** AI is switched on at noon on the 15th of the month before the twelve that are looked at. */
const yearFrom = (timeZone: string, year: number, month: number): Year => {
  const from = Date.UTC(year, month - 2, 15, 12);
  return { timeZone, from, until: Date.UTC(year, month + 11, 1) - 86_400_000, down: null };
};

export const parisIn2026 = yearFrom('Europe/Paris', 2026, 1);

/** Years in which the clocks of the three zones change, some of them around a midnight that matters. */
export const years: readonly Readonly<{ year: Year; why: string }>[] = [
  { year: parisIn2026, why: 'changes on 29 March and 25 October' },
  { year: yearFrom('America/St_Johns', 2026, 1), why: 'changes on 8 March and on 1 November' },
  {
    year: yearFrom('America/St_Johns', 2009, 1),
    why: 'on 1 November at 00:01 back to 23:01: midnight came twice',
  },
  { year: yearFrom('Pacific/Apia', 2026, 1), why: 'no changes any more' },
  {
    year: yearFrom('Pacific/Apia', 2011, 10),
    why: '30 December 2011 never was; changes on 1 April and 30 September 2012',
  },
];

/** From March to June. */
export const downIn2026 = { from: utc('2026-03-10T09:00:00'), until: utc('2026-06-20T15:30:00') };

/** An instant as a clock in the zone shows it, by the runtime's own calendar and not by Daybook's. */
export const wallClock = (instant: number, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instant);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  return `${date} ${part('hour')}:${part('minute')}:${part('second')}`;
};

const grantFaults = (
  timeZone: string,
  { month, effectiveAt, recordedAt }: Grant,
  wasUp: boolean,
): readonly string[] => {
  const faults: string[] = [];
  const shown = wallClock(effectiveAt, timeZone);
  if (shown !== `${month}-01 00:00:00`) faults.push(`${month} begins at ${shown}`);
  if (wallClock(effectiveAt - 1, timeZone).startsWith(month))
    faults.push(`${month} had begun before`);
  if (wasUp && recordedAt !== effectiveAt) faults.push(`${month} was recorded late`);
  return faults;
};

const monthsFollow = (grants: readonly Grant[]): boolean =>
  grants.every(({ effectiveAt }, index) => {
    const before = grants[index - 1];
    return before === undefined || before.expiresAt === effectiveAt;
  });

/** Each lot but the last has lapsed at its end: nothing of it was used. */
const lapsesAreEnds = ({ grants, lapses }: SimulatedYear): boolean => {
  const ends = grants.slice(0, -1).map(({ month, expiresAt }) => [`free:${month}`, expiresAt]);
  const lapsed = lapses.map(({ lotId, lapsedAt }) => [lotId, lapsedAt]);
  return JSON.stringify(ends) === JSON.stringify(lapsed);
};

/**
 * What is wrong with a simulated year. `wasUp` says whether the engine ran at an instant: what was due
 * then was recorded then, to the millisecond.
 */
export const faultsOf = (
  { timeZone }: Year,
  simulated: SimulatedYear,
  wasUp: (instant: number) => boolean = () => true,
): readonly string[] => {
  const months = simulated.grants.slice(1);
  const faults = months.flatMap((grant) => grantFaults(timeZone, grant, wasUp(grant.effectiveAt)));
  if (months.length !== 12) faults.push(`${months.length} grants after that of the activation`);
  if (!monthsFollow(simulated.grants)) faults.push('the months do not follow each other');
  if (!lapsesAreEnds(simulated)) faults.push('the lapses are not at the lots’ ends');
  for (const { available } of simulated.midMonths)
    if (available !== 5) faults.push(`${available} credits in the middle of a month`);
  return faults;
};
