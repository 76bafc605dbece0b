import * as E from 'fp-ts/lib/Either.js';
import {
  type AllPage,
  DEFAULT_PAGE_EVENTS,
  type Position,
  type ReadError,
  type SubscribeOptions,
} from '@daybook/event-store';
import { type Closing, closingWith } from './closing.js';
import { makeLivePages } from './live-pages.js';
import type { ReadingParts } from './log-pages.js';
import { makeMessageSource } from './message-source.js';
import {
  type CheckpointEvery,
  type FilterPlan,
  planFilter,
  STRIDES,
  subscribeRequest,
} from './read-request.js';
import { pause, retryDelayMs } from './retry.js';
import { CLOSED, toReadError, toStoreFailure } from './store-error.js';

export type SubscriptionParts = ReadingParts &
  Readonly<{
    /** Longest time without any message, milliseconds; then the call is opened again. */
    silenceMsMax: number;
  }>;

const PAGE_EVENTS_MAX = 10_000;

/**
 * How often the server says how far it has looked for events that match. While there is history it looks in long
 * strides. Live, each event that is passed over moves the checkpoint by itself, so that who waits for a position
 * does not wait for the next event that matches.
 */
const STEPS: CheckpointEvery = { window: 1, multiplier: 1 };

/** So much at once, and steps have become too short: a slow reader catches up in strides. */
const BEHIND = 2_000;

type Progress = { after: Position; isCaughtUp: boolean; failures: number };

type Following = Readonly<{
  parts: SubscriptionParts;
  closing: Closing;
  plan: FilterPlan;
  count: number;
  progress: Progress;
}>;

/** Whether a page tells the reader something: the signal of the server may be repeated, the reader's is not. */
const isNews = (page: AllPage, progress: Progress): boolean =>
  page.checkpoint > progress.after || (page.caughtUp && !progress.isCaughtUp);

type CallEnd = 'fell-behind' | 'caught-up' | 'closed';

/**
 * One subscription call after the last handled position, until there is a reason for another. Whatever happens
 * to the reader or the call, the call is cancelled in the end: one that is left open is kept by the server.
 */
async function* oneCall(
  following: Following,
  every: CheckpointEvery,
): AsyncGenerator<E.Right<AllPage>, CallEnd, void> {
  const { parts, closing, plan, count, progress } = following;
  const request = subscribeRequest(progress.after, plan, every);
  const source = makeMessageSource(await parts.connection.read(request, { requiresLeader: false }));
  try {
    const { silenceMsMax } = parts;
    const pages = makeLivePages({
      source,
      plan,
      after: progress.after,
      count,
      closing,
      silenceMsMax,
    });
    for (;;) {
      const page = await pages.next();
      if (page === undefined) return 'closed';
      progress.failures = 0;
      const inStrides = plan.server !== undefined && every === STRIDES;
      // Strides tell too little of where they ended: the few events since are looked at again in steps.
      const shown = inStrides ? { ...page, caughtUp: false } : page;
      if (isNews(shown, progress)) {
        yield E.right(shown) as E.Right<AllPage>;
        progress.after = shown.checkpoint;
        progress.isCaughtUp = shown.caughtUp;
      }
      if (inStrides && page.caughtUp) return 'caught-up';
      if (!inStrides && plan.server !== undefined && pages.takenWithoutPause() > BEHIND) {
        return 'fell-behind';
      }
    }
  } finally {
    source.cancel();
  }
}

/** Calls one after another; only what can never succeed ends them, besides the reader and the store. */
async function* follow(
  following: Following,
): AsyncGenerator<E.Either<ReadError, AllPage>, void, void> {
  const { parts, closing, progress } = following;
  let every = STRIDES;
  while (!closing.isClosed()) {
    try {
      const end = yield* oneCall(following, every);
      every = end === 'caught-up' ? STEPS : STRIDES;
    } catch (error) {
      const failure = toStoreFailure(error);
      if (closing.isClosed()) return;
      if (failure.kind !== 'unavailable' || !failure.again) {
        yield E.left(toReadError(failure));
        return;
      }
      progress.failures += 1;
      every = STRIDES;
      await pause(retryDelayMs(parts.retry, progress.failures), closing);
    }
  }
}

/**
 * Catch-up and live from one ordered feed of the server, with a loop of its own around it, which the client has
 * not: a lost server, a dropped or silent subscription and a slow reader end in a new call after the last
 * position that the reader has handled. A page counts as handled when the next one is asked for, so within one
 * subscription nothing comes twice and nothing is missed.
 */
export async function* subscription(
  parts: SubscriptionParts,
  options: SubscribeOptions,
): AsyncGenerator<E.Either<ReadError, AllPage>, void, void> {
  const { closing, release } = closingWith(parts.closing, options.signal);
  const count = Math.max(1, Math.min(options.pageSize ?? DEFAULT_PAGE_EVENTS, PAGE_EVENTS_MAX));
  const plan = planFilter(options.filter ?? {});
  const progress: Progress = { after: options.after, isCaughtUp: false, failures: 0 };
  let failed = false;
  try {
    for await (const page of follow({ parts, closing, plan, count, progress })) {
      failed ||= E.isLeft(page);
      yield page;
    }
    if (!failed && parts.closing.isClosed() && !options.signal.aborted) yield E.left(CLOSED);
  } finally {
    release();
  }
}
