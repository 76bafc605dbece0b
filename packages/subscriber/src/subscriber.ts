import { setTimeout as delay } from 'node:timers/promises';
import { kindOf, messageOf } from './message-of.js';
import type { RetrySettings, SubscriberOptions } from './options.js';
import { prepareSubscriber } from './prepare.js';
import { type Counters, makeProgress, type Progress, type State } from './progress.js';
import { type AskInfo, runSession, Unsuited } from './session.js';
import { inFull } from './settings.js';

export type SubscriberMetrics = Counters &
  Readonly<{
    /** Events that wait, in the stream and in hand; undefined while the broker does not answer. */
    lagEvents: number | undefined;
    /** Age of the oldest event in hand, 0 when there is none; undefined as above. */
    lagSeconds: number | undefined;
  }>;

export type Subscriber = Readonly<{
  state: () => State;
  counters: () => Counters;
  /** Asks the broker how many events wait. */
  metrics: () => Promise<SubscriberMetrics>;
  /** Takes no more, lets handlers finish, gives back what they have not begun, and closes. */
  stop: () => Promise<void>;
}>;

export const defaultRetry: RetrySettings = { attemptsMax: 5, firstMs: 200, longestMs: 30_000 };

const RECONNECT = { firstMs: 100, longestMs: 10_000 } as const;

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // Stopping ends the wait.
  }
};

type Running<Tx, Done> = Readonly<{
  options: SubscriberOptions<Tx, Done>;
  progress: Progress;
  stopping: AbortSignal;
  onInfo: (ask: AskInfo) => void;
}>;

const attempt = async <Tx, Done>(running: Running<Tx, Done>): Promise<string> => {
  const { options, progress, stopping, onInfo } = running;
  const { handle, checkpoint, prepare } = options;
  if (prepare !== undefined) await prepareSubscriber(options, prepare);
  return runSession({
    place: inFull(options),
    handle,
    checkpoint,
    retry: { ...defaultRetry, ...options.retry },
    progress,
    notice: options.notice ?? (() => undefined),
    clock: options.clock ?? (() => Date.now()),
    order: options.order ?? 'company',
    stopping,
    onInfo,
  });
};

const run = async <Tx, Done>(running: Running<Tx, Done>): Promise<void> => {
  const { options, progress, stopping } = running;
  let waitMs: number = RECONNECT.firstMs;
  while (!stopping.aborted) {
    const before = progress.counters().sessions;
    try {
      const reason = await attempt(running);
      progress.enter({ _tag: 'Waiting', reason });
      if (!stopping.aborted) options.notice?.({ _tag: 'SessionEnded', reason });
    } catch (error) {
      const reason = messageOf(error);
      progress.enter({ _tag: error instanceof Unsuited ? 'Blocked' : 'Waiting', reason });
      options.notice?.({ _tag: 'SessionEnded', reason: kindOf(error) });
    }
    const hasRead = progress.counters().sessions > before;
    waitMs = hasRead ? RECONNECT.firstMs : Math.min(RECONNECT.longestMs, waitMs * 2);
    await pause(waitMs, stopping);
  }
  progress.enter({ _tag: 'Stopped' });
};

/**
 * Reads a durable consumer in order until it is stopped, through every loss of the broker. Run one for each
 * durable: two would share its messages, each effect still once, but in no order.
 */
export const startSubscriber = <Tx, Done>(options: SubscriberOptions<Tx, Done>): Subscriber => {
  inFull(options);
  const stopping = new AbortController();
  const progress = makeProgress();
  const clock = options.clock ?? (() => Date.now());
  let ask: AskInfo | undefined;
  const done = run({
    options,
    progress,
    stopping: stopping.signal,
    onInfo: (asking) => {
      ask = asking;
    },
  });
  return {
    state: progress.state,
    counters: progress.counters,
    metrics: async () => {
      const counters = progress.counters();
      const none = { ...counters, lagEvents: undefined, lagSeconds: undefined };
      if (ask === undefined || progress.state()._tag !== 'Reading') return none;
      try {
        const { pending, oldestHeldMs } = await ask();
        const ageMs = oldestHeldMs === undefined ? 0 : clock() - oldestHeldMs;
        return { ...counters, lagEvents: pending, lagSeconds: Math.max(0, ageMs) / 1_000 };
      } catch {
        return none;
      }
    },
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
};
