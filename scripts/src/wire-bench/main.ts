/**
 * The log embedded, the same log through the wire, and the wire alone, in one run: the client is this process, the
 * server another, as users run them. Machines differ and are noisy: quote the ratios, not one figure.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EventStore } from '@daybook/event-store';
import { makeEsdbEventStore } from '@daybook/event-store-esdb';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import { startServerProcess } from '../subscriptions/server-process.js';
import { right } from '../synthetic/company.js';
import {
  IN_FLIGHT,
  type Limits,
  measureAppends,
  measureCopy,
  measureLimits,
  measureReads,
  measureSubscription,
} from './measures.js';

const HELP = `Usage: npm run wire-bench -- [--directory DIR] [--rounds N] [--scale X]

  --directory DIR  on the disk to measure (default data/bench; what is made in it is removed)
  --rounds N       rounds whose medians are printed (default 3)
  --scale X        size of the work; 1 is full, 0.1 is a quick look (default 1)
`;

type Options = Readonly<{ directory: string; rounds: number; scale: number }>;

type Round = Readonly<{
  embedded: Limits;
  wire: Limits;
  limit: Limits;
  catchUp: number;
  live: number;
  copiedIn: number;
  copiedOut: number;
}>;

const openSqlite = async (directory: string): Promise<EventStore> => {
  mkdirSync(directory);
  return right(await openSqliteEventStore({ directory, clock: Date.now })());
};

const connect = (port: number): EventStore =>
  right(
    makeEsdbEventStore({
      connectionString: `esdb://127.0.0.1:${String(port)}?tls=false`,
      clock: Date.now,
      random: Math.random,
    }),
  );

/** Appends by one writer and by many, then a read of all of it. */
const measureStore = async (
  store: EventStore,
  run: string,
  counts: Readonly<{ one: number; inFlight: number }>,
): Promise<Limits> => {
  const one = await measureAppends(store, `${run}.one`, { writers: 1, appends: counts.one });
  const load = { writers: IN_FLIGHT, appends: counts.inFlight };
  const inFlight = await measureAppends(store, `${run}.many`, load);
  return { one, inFlight, read: await measureReads(store) };
};

const runRound = async (directory: string, scale: number): Promise<Round> => {
  const counts = { one: Math.round(1_000 * scale), inFlight: Math.round(40_000 * scale) };
  const [home, served] = [await openSqlite(join(directory, 'embedded')), join(directory, 'served')];
  const embedded = await measureStore(home, 'embedded', counts);
  mkdirSync(served);
  const server = await startServerProcess(served, 0);
  const store = connect(server.port);
  const away = await openSqlite(join(directory, 'copy'));
  try {
    const copiedIn = await measureCopy(home, store);
    const wire = await measureStore(store, 'wire', counts);
    const copiedOut = await measureCopy(store, away);
    const { catchUp, live } = await measureSubscription(store, server, counts.inFlight);
    const reads = 2 * counts.inFlight;
    const limit = await measureLimits(server.port, directory, { ...counts, reads });
    return { embedded, wire, limit, catchUp, live, copiedIn, copiedOut };
  } finally {
    await store.close();
    await server.kill();
    await home.close();
    await away.close();
  }
};

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
const number = (value: number): string => value.toLocaleString('en-US').padStart(11);
const percent = (value: number): string => `${(value * 100).toFixed(0)} %`.padStart(11);
const row = (name: string, ...cells: readonly string[]): void => {
  console.log(`  ${name.padEnd(34)}${cells.join('')}`);
};

const NAMES: Readonly<Record<keyof Limits, string>> = {
  read: 'events read',
  one: 'appends, one after another',
  inFlight: `appends, ${String(IN_FLIGHT)} in flight`,
};

/** Ratios are medians of the rounds' own: their parts ran one after the other. */
const print = (rounds: readonly Round[]): void => {
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const heads = ['embedded', 'the wire', 'limit', 'wire/emb.', 'wire/limit'];
  console.log('\nA second: the SQLite store embedded, the same through the wire, the wire alone');
  row('', ...heads.map((head) => head.padStart(11)));
  for (const key of ['read', 'one', 'inFlight'] as const) {
    row(
      NAMES[key],
      number(of(({ embedded }) => embedded[key])),
      number(of(({ wire }) => wire[key])),
      number(of(({ limit }) => limit[key])),
      percent(of(({ wire, embedded }) => wire[key] / embedded[key])),
      percent(of(({ wire, limit }) => wire[key] / limit[key])),
    );
  }
  console.log('\nEvents a second through the wire, and their ratio to events read through it');
  const against = (name: string, pick: (round: Round) => number): void =>
    row(name, number(of(pick)), percent(of((round) => pick(round) / round.wire.read)));
  against('subscription, history', ({ catchUp }) => catchUp);
  against('subscription, live', ({ live }) => live);
  against('copy from SQLite, read back', ({ copiedIn }) => copiedIn);
  against('copy to SQLite, read back', ({ copiedOut }) => copiedOut);
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
  const options: Options = {
    directory,
    rounds: Number(values.rounds),
    scale: Number(values.scale),
  };
  mkdirSync(directory, { recursive: true });
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const own = mkdtempSync(join(directory, 'wire-'));
    try {
      rounds.push(await runRound(own, options.scale));
    } finally {
      rmSync(own, { recursive: true });
    }
  }
  print(rounds);
};

await main();
