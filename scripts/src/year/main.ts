/**
 * A company's year in seconds, in five places where clocks change; the same with an engine that was down
 * from March to June; and an engine that is killed with kill -9 at every step of what time makes due.
 * Exit code 1 when anything is not as the rulebook says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killEverywhere } from './kills.js';
import { simulateYear, type SimulatedYear } from './simulate.js';
import { downIn2026, faultsOf, parisIn2026, wallClock, years } from './years.js';

const HELP = `Usage: npm run year -- [--no-kills]

  --no-kills  only the simulated years
`;

let failures = 0;
const check = (what: string, isGood: boolean): void => {
  if (!isGood) failures += 1;
  console.log(`  ${isGood ? '✓' : '✗'} ${what}`);
};

const utc = (instant: number): string => new Date(instant).toISOString().slice(0, 19);

const printYear = (timeZone: string, { grants, lapses }: SimulatedYear): void => {
  for (const { month, amount, effectiveAt, recordedAt } of grants) {
    const lapse = lapses.find(({ lotId }) => lotId === `free:${month}`);
    const lapsed = lapse === undefined ? '' : `  ${lapse.amount} lapse ${utc(lapse.lapsedAt)}Z`;
    const late = recordedAt === effectiveAt ? '' : `  recorded ${utc(recordedAt)}Z`;
    console.log(
      `    ${month}  ${amount} credits  ${wallClock(effectiveAt, timeZone)}  ${utc(effectiveAt)}Z${lapsed}${late}`,
    );
  }
};

const showYears = async (root: string): Promise<void> => {
  for (const [index, { year, why }] of years.entries()) {
    const started = performance.now();
    const simulated = await simulateYear(join(root, `year-${index}`), year);
    const milliseconds = Math.round(performance.now() - started);
    console.log(`\n${year.timeZone}, from ${utc(year.from)}Z: ${why}`);
    printYear(year.timeZone, simulated);
    const faults = faultsOf(year, simulated);
    for (const fault of faults) console.log(`    ${fault}`);
    check(
      `12 grants at local midnight, 12 lapses at the months’ ends, the scheduler woken ${simulated.wakings} times, ${milliseconds} ms`,
      faults.length === 0,
    );
  }
};

const showDown = async (root: string): Promise<void> => {
  const { timeZone } = parisIn2026;
  const up = await simulateYear(join(root, 'up'), parisIn2026);
  const down = await simulateYear(join(root, 'down'), { ...parisIn2026, down: downIn2026 });
  console.log(
    `\n${timeZone}, the engine down from ${utc(downIn2026.from)}Z to ${utc(downIn2026.until)}Z`,
  );
  printYear(timeZone, down);
  const isUp = (instant: number): boolean =>
    instant < downIn2026.from || instant >= downIn2026.until;
  check(
    'the same 12 grants and lapses, with their own dates',
    faultsOf(parisIn2026, down, isUp).length === 0,
  );
  check(
    `the same ${up.account.length} events of the account, byte for byte`,
    JSON.stringify(down.account) === JSON.stringify(up.account),
  );
  check(
    'the same balances as of the middle of each month',
    JSON.stringify(down.midMonths) === JSON.stringify(up.midMonths),
  );
};

const showKills = async (root: string): Promise<void> => {
  console.log(
    '\nKilled with kill -9 at each step of catching up on 5 March with what was due since 15 January',
  );
  const { calm, kills } = await killEverywhere(root, ({ killAt, eventsOnDisk, left }) => {
    const counts = Object.entries(left.counts).filter(([type]) => type in expected);
    console.log(
      `    step ${String(killAt).padStart(2)}: ${eventsOnDisk} events on disk; in the end ${counts.map(([type, count]) => `${count} ${type}`).join(', ')}`,
    );
  });
  const isExpected = Object.entries(expected).every(([type, count]) => calm.counts[type] === count);
  check('undisturbed: each grant, time-out and lapse once', isExpected);
  check(
    `killed at each of ${kills.length} steps: the same streams, byte for byte`,
    kills.length > 0 && kills.every(({ left }) => left.streams === calm.streams),
  );
};

const expected: Readonly<Record<string, number>> = {
  MonthlyCreditsGranted: 3,
  HoldReleased: 1,
  CreditsLapsed: 2,
  ConsentTimedOut: 1,
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { 'no-kills': { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(HELP);
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'daybook-year-'));
  try {
    await showYears(root);
    await showDown(root);
    if (!values['no-kills']) await showKills(root);
  } finally {
    rmSync(root, { recursive: true });
  }
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
