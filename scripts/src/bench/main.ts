/**
 * Measures Daybook beside its limits, in one run on one machine: durable appends and reads against a
 * bare log file, commands on many streams against one, charges on one account, imports, rebuilds,
 * memory. Machines differ and are noisy: quote the ratios and the medians, not one figure.
 */
import { mkdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAudit } from './audit-bench.js';
import { measureCommands, type CommandRate } from './command-bench.js';
import { creditsPart } from './credits-part.js';
import { measureImport } from './import-bench.js';
import { measureRebuild } from './rebuild-bench.js';
import { measureMemory, measureStore } from './store-bench.js';

const HELP = `Usage: npm run bench -- [--directory DIR] [--rounds N] [--scale X]

  --directory DIR  on the disk to measure (default data/bench; what is made in it is removed)
  --rounds N       rounds whose medians are printed (default 3)
  --scale X        size of the work; 1 is full, 0.1 is a quick look (default 1)
`;

const number = (value: number): string => value.toLocaleString('en-US').padStart(11);
const row = (name: string, ...cells: readonly string[]): void => {
  console.log(`  ${name.padEnd(30)}${cells.join('')}`);
};
const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

type Options = Readonly<{ directory: string; rounds: number; scale: number }>;

const storePart = async (options: Options): Promise<void> => {
  const { appends, reads } = await measureStore(options);
  console.log('\nDurable appends a second: SQLite store, bare log file with group commit, ratio');
  for (const { name, store, limit, ratio } of appends)
    row(
      name,
      number(store.perSecond),
      number(limit.perSecond),
      `${(ratio * 100).toFixed(0)} %`.padStart(8),
      `   p50 ${store.p50Ms} ms, p99 ${store.p99Ms} ms (limit ${limit.p99Ms} ms)`,
    );
  console.log('\nWhole-log reads, events a second: SQLite store, bare log file, ratio');
  for (const { name, storePerSecond, limitPerSecond, ratio } of reads)
    row(
      name,
      number(storePerSecond),
      number(limitPerSecond),
      `${(ratio * 100).toFixed(0)} %`.padStart(8),
    );
};

const commandPart = async (options: Options): Promise<void> => {
  const rounds: (readonly CommandRate[])[] = [];
  for (let round = 0; round < options.rounds; round += 1)
    rounds.push(await measureCommands({ ...options, round }));
  console.log(
    '\nCommands a second through the whole path, 256 in flight, and ratio to many streams',
  );
  const medians = (rounds[0] ?? []).map(({ name }, at) => ({
    name,
    perSecond: median(rounds.map((rates) => rates[at]?.perSecond ?? NaN)),
  }));
  const many = medians[0]?.perSecond ?? NaN;
  for (const { name, perSecond } of medians)
    row(name, number(perSecond), `${((perSecond / many) * 100).toFixed(0)} %`.padStart(8));
};

const importPart = async (options: Options): Promise<void> => {
  const rates = [];
  for (let round = 0; round < options.rounds; round += 1)
    rates.push(
      await measureImport({ ...options, round, sessions: Math.round(2000 * options.scale) }),
    );
  console.log('\nImport of a journal, with summaries and charges');
  row('sessions a second', number(median(rates.map((rate) => rate.sessionsPerSecond))));
  row('events a second', number(median(rates.map((rate) => rate.eventsPerSecond))));
};

const rebuildPart = async (options: Options): Promise<void> => {
  const events = Math.round(1_000_000 * options.scale);
  const { rates, events: written, rssMiB } = await measureRebuild({ ...options, events });
  console.log(
    `\nRebuild from a log of ${written.toLocaleString('en-US')} events, log events a second`,
  );
  const names = [...new Set(rates.map(({ name }) => name))];
  for (const name of names) {
    const of = rates.filter((rate) => rate.name === name);
    const handled = of[0]?.handled ?? 0;
    const share = `${((handled / written) * 100).toFixed(0)} % handled`;
    row(name, number(median(of.map((rate) => rate.logEventsPerSecond))), `   ${share}`);
  }
  row('resident, whole run so far', `${rssMiB} MiB`.padStart(11));
};

const auditPart = async (options: Options): Promise<void> => {
  const events = Math.round(300_000 * options.scale);
  const { rates, events: written, rssMiB } = await measureAudit({ ...options, events });
  console.log(`\nAudit of credits over a log of ${written.toLocaleString('en-US')} events`);
  row('log events a second', number(median(rates)));
  row('resident, whole run so far', `${rssMiB} MiB`.padStart(11));
};

const memoryPart = async (options: Options): Promise<void> => {
  const sizes = [100_000, 1_000_000].map((size) => Math.round(size * options.scale));
  console.log('\nMemory with the store open, after writing and reading that many events');
  for (const { events, rssMiB, heapMiB } of await measureMemory(options.directory, sizes))
    row(
      `${events.toLocaleString('en-US')} events`,
      `${rssMiB} MiB, heap ${heapMiB} MiB`.padStart(22),
    );
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string', default: 'data/bench' },
      rounds: { type: 'string', default: '3' },
      scale: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const directory = resolve(values.directory);
  mkdirSync(directory, { recursive: true });
  const options = { directory, rounds: Number(values.rounds), scale: Number(values.scale) };
  const [cpu] = cpus();
  console.log(
    `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  await memoryPart(options);
  await storePart(options);
  await commandPart(options);
  await creditsPart(options, row);
  await importPart(options);
  await rebuildPart(options);
  await auditPart(options);
};

await main();
