import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, Position } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { type Broker, type BrokerFailure, type BrokerSession, failureInWords } from './broker.js';
import type { Blocked, RelayHealth, RelayMetrics } from './health.js';
import { firstEventAfter, publishedOnly } from './log-reading.js';
import { makeMarker } from './marker.js';
import { publishPages } from './publish-pages.js';
import type { RelaySettings } from './settings.js';
import { type CannotResume, resume, type Resumed } from './resume.js';
import { makeProgress, type Progress } from './progress.js';
import { standBack } from './stand-back.js';

export type RelayDeps = Readonly<{
  store: Pick<EventStore, 'subscribe' | 'readAll' | 'head'>;
  broker: Broker;
  /** The writer's name that the broker puts into its messages. */
  writer: string;
  settings: RelaySettings;
  /** Epoch milliseconds. */
  clock: () => number;
  /** From 0 to below 1; spreads the waits of relays that start together. */
  random: () => number;
}>;

export type Relay = Readonly<{
  health: () => RelayHealth;
  /** Reads the log's head, and its next event when there is one, to say how far behind the relay is. */
  metrics: () => Promise<RelayMetrics>;
  /** Sends nothing new, waits for what is under way, closes the session. */
  stop: () => Promise<void>;
}>;

type Running = RelayDeps & Readonly<{ signal: AbortSignal; progress: Progress }>;

const BLOCKED: ReadonlySet<string> = new Set<Blocked['_tag']>([
  'StreamMismatch',
  'ServerTooOld',
  'TailUnknown',
  'ForeignTail',
  'AheadOfLog',
  'OtherLog',
  'CorruptLog',
]);

/** What keeps the relay from going on: somebody must look, or waiting may help. */
const blockedBy = (failure: CannotResume): Blocked | string => {
  if (failure._tag === 'CorruptStore') return { _tag: 'CorruptLog', message: failure.message };
  if (BLOCKED.has(failure._tag)) return failure as Blocked;
  if (failure._tag === 'StoreUnavailable') return `The log cannot be read: ${failure.message}`;
  return failureInWords(failure as Extract<CannotResume, { _tag: 'BrokerUnavailable' }>);
};

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // Stopping ends the wait.
  }
};

const connectionLost: BrokerFailure = {
  _tag: 'BrokerUnavailable',
  message: 'the connection was lost',
};

const publishFrom = async (
  running: Running,
  session: BrokerSession,
  from: Resumed,
): Promise<CannotResume | undefined> => {
  const { store, settings, progress } = running;
  const failed = new AbortController();
  const signal = AbortSignal.any([running.signal, session.closed, failed.signal]);
  const marker = makeMarker(session);
  progress.enter({ _tag: 'Publishing' });
  progress.passed(from.position);
  const failure = await publishPages({
    session,
    pages: store.subscribe({ after: from.position, filter: publishedOnly, signal }),
    from,
    window: settings.window,
    on: {
      stored: (mark) => {
        progress.stored();
        marker.note(mark);
      },
      unpublishable: progress.unpublishable,
      inFlight: progress.watchInFlight,
      failed: () => failed.abort(),
      passed: (position, isAll) => {
        progress.passed(position);
        if (isAll) marker.save();
      },
    },
  });
  if (failure === undefined && !session.closed.aborted) await marker.flush();
  else marker.drop();
  return failure ?? (session.closed.aborted ? connectionLost : undefined);
};

/**
 * How long another relay must be silent before this one takes its place; undefined when it need not stand back.
 * A newer version publishes types that this one passes over: what it does not know would be missing from the
 * stream for good if both took turns, so it stands back longer, and without a contest.
 */
const standBackMsOf = (
  { settings, progress, writer }: Running,
  { vocabulary }: BrokerSession,
  from: Resumed,
): number | undefined => {
  const hasLost = progress.fenceBroke() && !['', writer].includes(from.writer);
  if (from.vocabulary > vocabulary) return settings.standBackFromNewerMs;
  return hasLost ? settings.standBackMs : undefined;
};

/** One session, through as many broken fences as there are; ends with what waiting or a person must mend. */
const useSession = async (
  running: Running,
  session: BrokerSession,
): Promise<CannotResume | undefined> => {
  const { settings, progress, signal, store } = running;
  let silentAt: number | undefined;
  const ready = await session.ensureStream();
  if (E.isLeft(ready)) return ready.left;
  while (!signal.aborted) {
    const from = await resume({ session, store, assumed: settings.assumedPosition });
    if (E.isLeft(from)) return from.left;
    const waitMs = standBackMsOf(running, session, from.right);
    if (waitMs !== undefined && from.right.sequence !== silentAt) {
      const ended = await standBack({ ...running, session, from: from.right, waitMs, pause });
      if (E.isLeft(ended)) return ended.left;
      silentAt = ended.right?.sequence;
      continue;
    }
    const failure = await publishFrom(running, session, from.right);
    if (failure?._tag !== 'FenceBroken') return failure;
    progress.resync(true);
    await pause(progress.waitMs() - settings.backoffMs.first, signal);
  }
  return undefined;
};

const attempt = async (running: Running): Promise<CannotResume | undefined> => {
  const session = await running.broker.connect();
  if (E.isLeft(session)) return session.left;
  running.progress.connected(session.right.serverVersion);
  try {
    return await useSession(running, session.right);
  } finally {
    await session.right.close();
  }
};

const run = async (running: Running): Promise<void> => {
  const { progress, signal } = running;
  while (!signal.aborted) {
    const failure = await attempt(running);
    if (signal.aborted) break;
    const why = failure === undefined ? 'The log ended its subscription.' : blockedBy(failure);
    progress.resync(false);
    if (typeof why === 'string') progress.enter({ _tag: 'Waiting', reason: why });
    else progress.enter({ _tag: 'Blocked', blocked: why });
    await pause(progress.waitMs(), signal);
  }
  progress.enter({ _tag: 'Stopped' });
};

const lagOf = async (
  { store, clock }: RelayDeps,
  position: Position | undefined,
): Promise<Pick<RelayMetrics, 'lagEvents' | 'lagSeconds'>> => {
  if (position === undefined) return { lagEvents: undefined, lagSeconds: undefined };
  const head = await store.head()();
  const next = await firstEventAfter(store, position, publishedOnly);
  return {
    lagEvents: E.isRight(head) ? Math.max(0, head.right - position) : undefined,
    lagSeconds: E.isLeft(next)
      ? undefined
      : next.right === undefined
        ? 0
        : Math.max(0, clock() - next.right.recordedAt) / 1_000,
  };
};

/**
 * Starts the relay: the log to the broker, in order, each event once. It works until it is stopped; whatever
 * the broker does shows in `health` and nowhere else.
 */
export const startRelay = (deps: RelayDeps): Relay => {
  const stopping = new AbortController();
  const progress = makeProgress(deps);
  const done = run({ ...deps, signal: stopping.signal, progress });
  return {
    health: progress.health,
    metrics: async () => ({
      ...progress.counters(),
      ...(await lagOf(deps, progress.health().position)),
    }),
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
};
