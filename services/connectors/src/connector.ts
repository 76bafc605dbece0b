import type { EventStore, ReadError } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { ConnectorConfig } from './config/connector-config.js';
import type { ReadTable } from './config/mapping.js';
import { sqliteCode, type Deliveries, type DeliveryFile } from './deliveries/deliveries.js';
import type { DeliveryCounts } from './deliveries/reading.js';
import { summaryChanges, takeIn } from './delivery/intake.js';
import {
  makeProgress,
  type ConnectorState,
  type Counters,
  type Progress,
} from './delivery/progress.js';
import {
  defaultPausePolicy,
  defaultRetryPolicy,
  delayAfter,
  makeSleeper,
  type RetryPolicy,
  type Wait,
} from './delivery/retry.js';
import { summaryReader, type ReadSummary } from './delivery/summary-now.js';
import { work } from './delivery/worker.js';
import type { Fetch } from './http/answers.js';
import type { Quiet } from './http/quiet.js';
import { remoteFor } from './remote-for.js';

export type ConnectorDeps = Readonly<{
  config: ConnectorConfig;
  store: Pick<EventStore, 'subscribe' | 'readAll' | 'readStream' | 'head'>;
  file: DeliveryFile;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Uniform in [0, 1). */
  random: () => number;
  wait: Wait;
  fetch: Fetch;
  readTable: ReadTable;
  /** Default: the summary's own stream, as an auditor of the company. */
  readSummary?: ReadSummary;
  retryPolicy?: RetryPolicy;
  pausePolicy?: RetryPolicy;
}>;

export type ConnectorHealth = Readonly<{
  name: string;
  kind: ConnectorConfig['kind'];
  company: string;
  state: ConnectorState;
  /** Everything of the log up to here is in the delivery table; null before the first look. */
  position: number | null;
  /** Nobody needs to look. */
  isHealthy: boolean;
}>;

export type ConnectorMetrics = Counters &
  Readonly<{
    /** Positions of the log that are not looked at yet; null while the log cannot be read. */
    lagEvents: number | null;
    /** Age of the oldest summary event that is neither delivered nor parked; 0 when there is none. */
    lagSeconds: number | null;
    /** Rows of the delivery table by state. */
    rows: DeliveryCounts;
    /** Calls of the day, where the remote system tells them. */
    usage: Readonly<{ used: number; limit: number }> | null;
  }>;

export type Connector = Readonly<{
  health: () => ConnectorHealth;
  metrics: () => Promise<ConnectorMetrics>;
  /** Resolves when what the log holds now is delivered, parked or passed over; also when it is stopped. */
  settled: () => Promise<void>;
  /** Parked deliveries again, now, in a new round: how many there were. */
  retry: (eventIds: readonly string[] | 'all') => number;
  /** Resolves when nothing is delivered any more: it was stopped, or its table cannot be written. */
  ended: Promise<void>;
  /** Ends what is under way; starts nothing new. */
  stop: () => Promise<void>;
}>;

const SETTLED_LOOK_MS = 10;

type Running = ConnectorDeps &
  Readonly<{
    deliveries: Deliveries;
    progress: Progress;
    signal: AbortSignal;
    quiet: Quiet;
    wake: () => void;
  }>;

const keepTaking = async (running: Running): Promise<void> => {
  const { store, deliveries, config, clock, signal, progress, wait, random } = running;
  const { company, startAt } = config;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const taken = (): void => {
      failures = 0;
      if (progress.state()._tag === 'LogUnavailable') progress.answered();
      running.wake();
    };
    const deps = { store, deliveries, company, startAt, clock };
    const failure = await takeIn(deps, { signal, taken });
    if (signal.aborted) return;
    progress.logUnavailable(failure?._tag ?? 'the subscription ended');
    await wait(delayAfter(defaultPausePolicy, failures + 1, random), signal);
  }
};

/** When the first summary event after a position was recorded; undefined when there is none. */
const firstUnread = async (
  { store }: ConnectorDeps,
  after: number,
): Promise<E.Either<ReadError, number | undefined>> => {
  for await (const page of store.readAll({ after, limit: 1, filter: summaryChanges })) {
    if (E.isLeft(page)) return page;
    const [event] = page.right.events;
    if (event !== undefined) return E.right(event.recordedAt);
  }
  return E.right(undefined);
};

const lagOf = async (
  running: Running,
): Promise<Pick<ConnectorMetrics, 'lagEvents' | 'lagSeconds'>> => {
  const position = running.deliveries.position() ?? 0;
  const head = await running.store.head()();
  const unread = await firstUnread(running, position);
  if (E.isLeft(head) || E.isLeft(unread)) return { lagEvents: null, lagSeconds: null };
  const oldest = running.deliveries.oldestUnfinished() ?? unread.right;
  return {
    lagEvents: Math.max(0, head.right - position),
    lagSeconds: oldest === undefined ? 0 : Math.max(0, running.clock() - oldest) / 1_000,
  };
};

const untilSettled = async (running: Running): Promise<void> => {
  const head = await running.store.head()();
  const target = E.isRight(head) ? head.right : 0;
  const isDone = (): boolean =>
    running.signal.aborted ||
    ((running.deliveries.position() ?? -1) >= target &&
      running.deliveries.oldestUnfinished() === null);
  while (!isDone()) await running.wait(SETTLED_LOOK_MS, running.signal);
};

const healthOf = ({ config, progress, deliveries }: Running): ConnectorHealth => {
  const { name, kind, company } = config;
  const state = progress.state();
  return {
    name,
    kind,
    company,
    state,
    position: deliveries.position(),
    isHealthy: state._tag !== 'Blocked' && state._tag !== 'LogUnavailable',
  };
};

const actorOf = (name: string) => ({ kind: 'auditor', id: `connector-${name}` }) as const;

/** A table that cannot be written, as on a full disk, ends the connector and nothing else; health says why. */
const endingWith = async (
  loop: Promise<void>,
  { progress, end }: Readonly<{ progress: Progress; end: () => void }>,
): Promise<void> => {
  try {
    await loop;
  } catch (thrown) {
    const code = sqliteCode(thrown);
    if (code === null) throw thrown;
    progress.logUnavailable(`connectors.db ${code}`);
    end();
  }
};

/** Runs one connector on the log until it is stopped. What the remote system does shows in health and metrics. */
export const startConnector = (deps: ConnectorDeps): Connector => {
  const { config, store, file, clock, random, wait } = deps;
  const stopping = new AbortController();
  const sleeper = makeSleeper(wait);
  const progress = makeProgress(clock);
  const deliveries = file.of(config.name, config.company);
  const { remote, quiet, form } = remoteFor(deps);
  deliveries.recover(clock());
  const { signal } = stopping;
  const running = { ...deps, deliveries, progress, signal, quiet, wake: sleeper.wake };
  const end = (): void => {
    stopping.abort();
    sleeper.wake();
  };
  const taking = endingWith(keepTaking(running), { progress, end });
  const readSummary = deps.readSummary ?? summaryReader(store, actorOf(config.name));
  const retryPolicy = deps.retryPolicy ?? defaultRetryPolicy;
  const pausePolicy = deps.pausePolicy ?? defaultPausePolicy;
  const { recordMissing } = config;
  const parts = { deliveries, remote, readSummary, form, recordMissing, retryPolicy, pausePolicy };
  const delivering = work({ ...parts, clock, random, sleeper, progress }, () => signal.aborted);
  const working = endingWith(delivering, { progress, end });
  const ended = Promise.all([taking, working]).then(() => undefined);
  return {
    ended,
    health: () => healthOf(running),
    metrics: async () => ({
      ...progress.counters(),
      ...(await lagOf(running)),
      rows: file.reader.counts(config.name),
      usage: quiet.usage(),
    }),
    settled: () => untilSettled(running),
    retry: (eventIds) => {
      const retried = deliveries.retry(eventIds, clock());
      sleeper.wake();
      return retried;
    },
    stop: async () => {
      end();
      await ended;
      progress.stopped();
    },
  };
};
