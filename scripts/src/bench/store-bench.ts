/** The SQLite store beside the raw limit, in one run on one disk: medians of interleaved rounds, and ratios. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openSqliteEventStore, type SqliteEventStore } from '@daybook/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { openRawLog, type RawLog } from './raw-log.js';
import {
  appendByWriters,
  type AppendEvents,
  appendInBulk,
  type Layout,
  type Throughput,
  toBody,
} from './store-workload.js';

export type StoreBenchOptions = Readonly<{
  /** On the disk to measure. A directory is made in it and removed. */
  directory: string;
  rounds: number;
  /** 1 is the full size: 3,000 / 30,000 / 80,000 appends and 200,000 events in bulk per round. */
  scale: number;
}>;

/** `ratio` is the median of the rounds' own ratios: the two sides of a round run one after the other. */
export type Measured = Readonly<{
  name: string;
  store: Throughput;
  limit: Throughput;
  ratio: number;
}>;
export type ReadsMeasured = Readonly<{
  name: string;
  storePerSecond: number;
  limitPerSecond: number;
  ratio: number;
}>;
export type StoreBench = Readonly<{
  appends: readonly Measured[];
  reads: readonly ReadsMeasured[];
}>;

type Case = Readonly<{
  name: string;
  run: (append: AppendEvents, round: string) => Promise<Throughput>;
}>;

const byWriters = (layout: Layout, writers: number, appends: number): Case => ({
  name: `${String(writers)} ${writers === 1 ? 'writer' : 'writers'}, ${layout}`,
  run: (append, round) => {
    const run = `${layout}.${round}.${String(writers)}`;
    return appendByWriters(append, { layout, run, writers, appends });
  },
});

const casesOf = (scale: number): readonly Case[] => [
  byWriters('sessions', 1, 3_000 * scale),
  byWriters('sessions', 64, 30_000 * scale),
  byWriters('sessions', 256, 80_000 * scale),
  byWriters('scattered', 64, 30_000 * scale),
  byWriters('scattered', 256, 80_000 * scale),
  { name: 'bulk of 1,000', run: (append, round) => appendInBulk(append, round, 200_000 * scale) },
];

const RAW_BYTES_PER_EVENT = 640;
const EVENTS_PER_ROUND = 425_000;

export const openStore = async (directory: string): Promise<SqliteEventStore> => {
  const opened = await openSqliteEventStore({ directory, clock: Date.now })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

export const appendTo =
  (store: SqliteEventStore): AppendEvents =>
  async (stream, first, events) => {
    const expected = first === 0 ? 'no-stream' : first - 1;
    const answer = await store.append(stream, expected, events)();
    if (E.isLeft(answer)) throw new Error(answer.left._tag);
  };

const appendToRaw =
  (log: RawLog): AppendEvents =>
  (_stream, _first, events) =>
    log.append(events.map(toBody));

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

const medianThroughput = (found: readonly Throughput[]): Throughput => ({
  perSecond: median(found.map(({ perSecond }) => perSecond)),
  p50Ms: rounded(median(found.map(({ p50Ms }) => p50Ms))),
  p99Ms: rounded(median(found.map(({ p99Ms }) => p99Ms))),
});

const readStore = async (store: SqliteEventStore, isParsed: boolean): Promise<number> => {
  let events = 0;
  const started = performance.now();
  for await (const page of store.readAll({ pageSize: 1_000 })) {
    if (E.isLeft(page)) throw new Error(page.left._tag);
    for (const { data, metadata } of page.right.events) {
      events += 1;
      if (isParsed) {
        JSON.parse(data);
        JSON.parse(metadata);
      }
    }
  }
  return Math.round((events * 1_000) / (performance.now() - started));
};

const readRaw = (log: RawLog, isParsed: boolean): number => {
  let events = 0;
  const started = performance.now();
  log.scan((body) => {
    events += 1;
    if (isParsed) JSON.parse(body.toString());
  });
  return Math.round((events * 1_000) / (performance.now() - started));
};

type Pair<A> = Readonly<{ name: string; store: A; limit: A }>;
type Sides = Readonly<{ store: SqliteEventStore; log: RawLog; round: number }>;

/** The side that goes first changes from round to round. */
const measureCase = async (sides: Sides, { name, run }: Case): Promise<Pair<Throughput>> => {
  const label = String(sides.round);
  const runStore = (): Promise<Throughput> => run(appendTo(sides.store), label);
  const runLimit = (): Promise<Throughput> => run(appendToRaw(sides.log), label);
  if (sides.round % 2 === 0) {
    const limit = await runLimit();
    return { name, limit, store: await runStore() };
  }
  const store = await runStore();
  return { name, store, limit: await runLimit() };
};

const measureReads = async ({ store, log }: Sides): Promise<readonly Pair<number>[]> => {
  const pairs: Pair<number>[] = [];
  for (const name of ['raw', 'parsed']) {
    const isParsed = name === 'parsed';
    const limit = readRaw(log, isParsed);
    pairs.push({ name, limit, store: await readStore(store, isParsed) });
  }
  return pairs;
};

type Round = Readonly<{ appends: readonly Pair<Throughput>[]; reads: readonly Pair<number>[] }>;

const measureRound = async (options: StoreBenchOptions, round: number): Promise<Round> => {
  const directory = mkdtempSync(join(options.directory, 'store-bench-'));
  const bytes = Math.ceil(RAW_BYTES_PER_EVENT * EVENTS_PER_ROUND * options.scale);
  const log = openRawLog(join(directory, 'raw.log'), bytes);
  const store = await openStore(join(directory, 'store'));
  const sides = { store, log, round };
  try {
    const appends: Pair<Throughput>[] = [];
    for (const found of casesOf(options.scale)) appends.push(await measureCase(sides, found));
    return { appends, reads: await measureReads(sides) };
  } finally {
    await store.close();
    log.close();
    rmSync(directory, { recursive: true });
  }
};

const ofName = <A>(pairs: readonly Pair<A>[], name: string): readonly Pair<A>[] =>
  pairs.filter((pair) => pair.name === name);

const compareAppends = (rounds: readonly Round[], name: string): Measured => {
  const pairs = ofName(
    rounds.flatMap(({ appends }) => appends),
    name,
  );
  return {
    name,
    store: medianThroughput(pairs.map(({ store }) => store)),
    limit: medianThroughput(pairs.map(({ limit }) => limit)),
    ratio: rounded(median(pairs.map(({ store, limit }) => store.perSecond / limit.perSecond))),
  };
};

const compareReads = (rounds: readonly Round[], name: string): ReadsMeasured => {
  const pairs = ofName(
    rounds.flatMap(({ reads }) => reads),
    name,
  );
  return {
    name,
    storePerSecond: median(pairs.map(({ store }) => store)),
    limitPerSecond: median(pairs.map(({ limit }) => limit)),
    ratio: rounded(median(pairs.map(({ store, limit }) => store / limit))),
  };
};

/** Durable appends and whole-log reads of the store and of the limit. */
export const measureStore = async (options: StoreBenchOptions): Promise<StoreBench> => {
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    rounds.push(await measureRound(options, round));
  }
  return {
    appends: casesOf(options.scale).map(({ name }) => compareAppends(rounds, name)),
    reads: ['raw', 'parsed'].map((name) => compareReads(rounds, name)),
  };
};

export type MemoryMeasured = Readonly<{ events: number; rssMiB: number; heapMiB: number }>;

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

/** Memory of this process with the store open, after writing and reading that many events. */
export const measureMemory = async (
  parent: string,
  sizes: readonly number[],
): Promise<readonly MemoryMeasured[]> => {
  const directory = mkdtempSync(join(parent, 'store-memory-'));
  const store = await openStore(directory);
  const found: MemoryMeasured[] = [];
  let written = 0;
  try {
    for (const events of sizes) {
      await appendInBulk(appendTo(store), String(events), events - written);
      written = events;
      await readStore(store, false);
      collectGarbage();
      const { rss, heapUsed } = process.memoryUsage();
      const toMiB = (bytes: number): number => Math.round(bytes / 1_048_576);
      found.push({ events, rssMiB: toMiB(rss), heapMiB: toMiB(heapUsed) });
    }
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return found;
};
