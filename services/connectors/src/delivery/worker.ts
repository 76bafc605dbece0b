import * as E from 'fp-ts/lib/Either.js';
import type { Delivery } from '../deliveries/rows.js';
import { reachOf, reasonOf, type DeliveryFailure } from '../failure.js';
import { deliver, type DeliverDeps, type LogFailure } from './deliver.js';
import type { Progress } from './progress.js';
import type { Unrecalled } from '../remote.js';
import { delayAfter, type RetryPolicy, type Sleeper } from './retry.js';

export type WorkerDeps = DeliverDeps &
  Readonly<{
    recordMissing: 'park' | 'skip';
    retryPolicy: RetryPolicy;
    pausePolicy: RetryPolicy;
    clock: () => number;
    random: () => number;
    sleeper: Sleeper;
    progress: Progress;
  }>;

/** How long a worker with nothing to do sleeps at most: another program may have asked for a retry. */
const LOOK_AGAIN_MS = 5_000;

const QUIET_MS_MAX = 25 * 3_600_000;

const isLogFailure = (failure: DeliveryFailure | LogFailure): failure is LogFailure =>
  failure._tag === 'StoreUnavailable' || failure._tag === 'CorruptStore';

/** Nothing gets through: the connector waits as a whole, and no attempt is counted. */
const pause = (
  deps: WorkerDeps,
  delivery: Delivery,
  failure: DeliveryFailure | LogFailure,
): void => {
  const { deliveries, progress, clock, random, pausePolicy } = deps;
  const at = clock();
  const backoff = delayAfter(pausePolicy, progress.pausesInARow() + 1, random);
  const asked = failure._tag === 'RateLimited' ? failure.waitMs : 0;
  const until = at + Math.max(backoff, asked);
  const reason = isLogFailure(failure) ? failure._tag : reasonOf(failure);
  deliveries.putBack(delivery.eventId, { reason, dueAt: until, at });
  progress.paused({ until, reason, isBlocked: failure._tag === 'AuthRejected' });
};

/** Notes that stand, or may stand, somewhere when the retraction of their session has failed. */
const leftBy = (
  { deliveries }: WorkerDeps,
  { kind, company, session }: Delivery,
  why: string,
): readonly Unrecalled[] => {
  if (kind === 'note') return [];
  const left = new Map<string, Unrecalled>();
  for (const { kind: of, state, noteId, recordId } of deliveries.ofSession(company, session)) {
    const id = noteId ?? recordId;
    if (of !== 'note' || state === 'retracted' || id === null) continue;
    const what = noteId === null ? 'note that may have been written' : 'note';
    left.set(id, { what, id, why: `its retraction failed: ${why}` });
  }
  return [...left.values()];
};

const park = (deps: WorkerDeps, delivery: Delivery, failure: DeliveryFailure): void => {
  const isUnmapped = failure._tag === 'NotMapped';
  const isMissing = failure._tag === 'RecordNotFound' && deps.recordMissing === 'skip';
  const state = isUnmapped || isMissing ? 'skipped' : 'parked';
  const reason = reasonOf(failure);
  const unrecalled = leftBy(deps, delivery, reason);
  deps.deliveries.settle(delivery.eventId, { state, reason, at: deps.clock(), unrecalled });
  deps.progress.settled(state);
};

const failed = (
  deps: WorkerDeps,
  delivery: Delivery,
  failure: DeliveryFailure | LogFailure,
): void => {
  if (isLogFailure(failure) || reachOf(failure) === 'connector')
    return pause(deps, delivery, failure);
  deps.progress.answered();
  const attempt = delivery.attemptsInRound + 1;
  const { retryPolicy, random, clock, deliveries } = deps;
  if (reachOf(failure) === 'final' || attempt >= retryPolicy.attemptsMax)
    return park(deps, delivery, failure);
  const at = clock();
  const dueAt = at + delayAfter(retryPolicy, attempt, random);
  deliveries.wait(delivery.eventId, { reason: reasonOf(failure), dueAt, at });
  return deps.progress.retried();
};

const attempt = async (deps: WorkerDeps, delivery: Delivery): Promise<void> => {
  const { deliveries, clock, progress } = deps;
  deliveries.sending(delivery.eventId, clock());
  const outcome = await deliver(deps, delivery);
  if (E.isLeft(outcome)) return failed(deps, delivery, outcome.left);
  deliveries.settle(delivery.eventId, { ...outcome.right, at: clock() });
  progress.answered();
  progress.settled(outcome.right.state);
};

/** Delivers one after the other what is due, until it is told to stop; ends what is under way first. */
export const work = async (deps: WorkerDeps, isStopping: () => boolean): Promise<void> => {
  const { deliveries, clock, sleeper, progress, remote } = deps;
  while (!isStopping()) {
    const now = clock();
    const quiet = Math.max(progress.pausedUntil(), remote.quietUntil() ?? 0) - now;
    // Longer than anybody asks for: the clock was put back since.
    if (quiet > 0 && quiet <= QUIET_MS_MAX) {
      await sleeper.sleep(quiet);
      continue;
    }
    const delivery = deliveries.next(now);
    if (delivery !== null) {
      progress.delivering();
      await attempt(deps, delivery);
      continue;
    }
    progress.idle();
    const dueAt = deliveries.nextDueAt() ?? Infinity;
    await sleeper.sleep(Math.min(LOOK_AGAIN_MS, Math.max(1, dueAt - now)));
  }
};
