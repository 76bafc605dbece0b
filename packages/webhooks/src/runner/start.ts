import type Database from 'better-sqlite3';
import type { EventStore, ReadError } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { type RetryPolicy, standardRetryPolicy } from '../delivery/retry-policy.js';
import { makeSender } from '../delivery/sender.js';
import { type Resolve, systemResolve } from '../destination/guarded-lookup.js';
import type { DestinationRules } from '../destination/rules.js';
import { endpointTable } from '../file/endpoints.js';
import { historyTables } from '../file/history.js';
import { openFile, usingFile, type WebhooksUnavailable } from '../file/open.js';
import { makeRecorder } from '../file/recorder.js';
import type { Endpoint } from '../file/rows.js';
import { type SenderRunning, takeSenderLock } from '../file/sender-lock.js';
import { makeCrew } from './crew.js';
import { watchFile, watchTail, type WebhookProblem } from './loops.js';
import { metricsOf, type WebhookMetrics } from './metrics.js';
import { makeSlots } from './slots.js';
import { makeTail, type Tail } from './tail.js';
import { makeBell, systemTimer, type Timer } from './timer.js';
import type { Worker, WorkerDeps } from './worker.js';

export type WebhooksOptions = Readonly<{
  /** Data directory: the endpoints are in its `webhooks.db`. */
  directory: string;
  store: Pick<EventStore, 'readAll' | 'subscribe' | 'head'>;
  rules: DestinationRules;
  /** Epoch milliseconds. */
  clock: () => number;
  /** From 0 to below 1; spreads attempts. */
  random: () => number;
  /** What keeps the sender, or one endpoint of it, from going on for now. Fit for a log line. */
  onProblem: (problem: WebhookProblem) => void;
  policy?: RetryPolicy;
  /** For one attempt. Default 20 s. */
  timeoutMs?: number;
  /** Requests under way at once, over all endpoints. Default 64. */
  requestsAtOnce?: number;
  /** Certificates to trust beside those that come with Node, PEM. */
  ca?: readonly string[];
  resolve?: Resolve;
  timer?: Timer;
}>;

export type WebhookHealth = Readonly<{
  state: 'sending' | 'stopped';
  endpoints: number;
  /** The last problem, until work goes on. */
  problem: WebhookProblem['problem'] | null;
}>;

export type WebhookSender = Readonly<{
  health: () => WebhookHealth;
  metrics: () => Promise<E.Either<ReadError, WebhookMetrics>>;
  /** Looks at once for what was changed in the file; otherwise it looks every second. */
  look: () => void;
  /** Never resolves while it sends; resolves when it has stopped, rejects with a bug. */
  ended: Promise<void>;
  /** Begins nothing new, gives what is under way a moment, then cuts it; it is sent again later. */
  stop: () => Promise<void>;
}>;

const TIMEOUT_MS = 20_000;
const REQUESTS_AT_ONCE = 64;
const STOP_GRACE_MS = 2_000;
const ATTEMPTS_KEPT = 1_000;

type Opened = Readonly<{ db: Database.Database; release: () => void; head: number }>;

const open = async (
  options: WebhooksOptions,
): Promise<E.Either<SenderRunning | WebhooksUnavailable | ReadError, Opened>> => {
  const head = await options.store.head()();
  if (E.isLeft(head)) return head;
  const lock = takeSenderLock(options.directory);
  if (E.isLeft(lock)) return lock;
  const db = openFile(options.directory);
  if (E.isRight(db))
    return E.right({ db: db.right, release: lock.right.release, head: head.right });
  lock.right.release();
  return db;
};

type Stopping = Readonly<{ stopping: AbortController; abandon: AbortController }>;

const depsFor = (options: WebhooksOptions, opened: Opened, ends: Stopping) => {
  const { store, rules, random, policy = standardRetryPolicy } = options;
  const { timeoutMs = TIMEOUT_MS, resolve = systemResolve, ca = [] } = options;
  const limits = { attemptsKept: ATTEMPTS_KEPT, disableAfterParked: policy.disableAfterParked };
  return {
    store,
    random,
    policy,
    table: endpointTable(opened.db),
    history: historyTables(opened.db),
    recorder: makeRecorder(opened.db, limits),
    sender: makeSender({ rules, resolve, timeoutMs, ca }),
    timer: options.timer ?? systemTimer(options.clock),
    slots: makeSlots(options.requestsAtOnce ?? REQUESTS_AT_ONCE),
    tail: makeTail(store, opened.head),
    stopping: ends.stopping.signal,
    abandon: ends.abandon.signal,
  };
};

/** What is known beyond the file is written into it, so that the next start reads less. */
const leave = (deps: WorkerDeps, workers: readonly Worker[]): void => {
  for (const { id, epoch, reached } of workers)
    usingFile(() => deps.recorder.passed({ id, epoch }, reached));
};

const reachedBy =
  (workers: ReadonlyMap<string, Worker>, tail: Tail) =>
  ({ id, position, epoch }: Endpoint): number => {
    const worker = workers.get(id);
    if (worker?.epoch !== epoch) return position;
    const rested = worker.resting === undefined ? 0 : tail.position();
    return Math.max(position, worker.reached, rested);
  };

const allMetrics = (
  deps: ReturnType<typeof depsFor>,
  workers: ReadonlyMap<string, Worker>,
): Promise<E.Either<ReadError, WebhookMetrics>> =>
  metricsOf(deps.table.list(undefined), {
    store: deps.store,
    now: deps.timer.now(),
    parked: deps.table.parkedCounts(),
    reached: reachedBy(workers, deps.tail),
    isResting: ({ id }) => workers.get(id)?.resting !== undefined,
  });

/**
 * Starts sending: each endpoint its company's events, in their order, one at a time, at least once. It works
 * until it is stopped. One program at a time can do this for a data directory.
 */
export const startWebhooks = async (
  options: WebhooksOptions,
): Promise<E.Either<SenderRunning | WebhooksUnavailable | ReadError, WebhookSender>> => {
  const opened = await open(options);
  if (E.isLeft(opened)) return opened;
  const { db, release } = opened.right;
  const ends = { stopping: new AbortController(), abandon: new AbortController() };
  const deps = depsFor(options, opened.right, ends);
  const bell = makeBell(deps.timer);
  const crew = makeCrew(deps, options.onProblem);
  crew.keep(watchTail(crew.running, bell));
  const fileBell = makeBell(deps.timer);
  crew.keep(watchFile(crew.running, db, { bell: fileBell, hire: crew.hire }));
  let state: WebhookHealth['state'] = 'sending';
  const stop = async (): Promise<void> => {
    const workers = [...crew.running.workers.values()];
    ends.stopping.abort();
    for (const each of [bell, fileBell, ...workers.map((worker) => worker.bell)]) each.ring();
    const grace = setTimeout(() => ends.abandon.abort(), STOP_GRACE_MS);
    await crew.allDone();
    clearTimeout(grace);
    leave(deps, workers);
    deps.sender.close();
    db.close();
    release();
    state = 'stopped';
  };
  let stopped: Promise<void> | undefined;
  return E.right({
    health: () => ({ state, endpoints: crew.running.workers.size, problem: crew.problem() }),
    metrics: () => allMetrics(deps, crew.running.workers),
    look: fileBell.ring,
    ended: crew.ended,
    stop: () => (stopped ??= stop()),
  });
};
