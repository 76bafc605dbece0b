import * as E from 'fp-ts/lib/Either.js';
import type { Checkpoints } from './checkpoints.js';
import type { UnfinishedFilter, UnfinishedWork } from './parked.js';
import type { ProcessFailure, ProcessRunner } from './process-runner.js';

/** How a process stands: what a metric shows. */
export type ProcessCounts = Readonly<{
  process: string;
  /** Everything in the log up to here is done, or on one of the two lists. */
  position: number;
  /** For another attempt by itself. */
  waiting: number;
  /** For a person. */
  parked: number;
  /** Attempts after a first one, since the engine was opened. */
  retries: number;
}>;

/** What processes have passed without having done it: to look at, and to try again. */
export type ProcessWork = Readonly<{
  list: (filter: UnfinishedFilter) => readonly UnfinishedWork[];
  /**
   * Tries parked work again, now, in a new round of attempts, and answers how much that was; of one company
   * where it is named. What is done, or waits by itself, is left alone: asking twice changes nothing.
   */
  retry: (
    eventIds: readonly string[] | 'all',
    company?: string,
  ) => Promise<E.Either<ProcessFailure, number>>;
  counts: () => readonly ProcessCounts[];
}>;

export const processWork = (
  { unfinished }: Checkpoints,
  runners: Readonly<Record<string, ProcessRunner>>,
  clock: () => number,
): ProcessWork => ({
  list: unfinished.list,
  retry: async (eventIds, company) => {
    const retried = unfinished.retry(eventIds, clock(), company);
    if (E.isLeft(retried) || retried.right === 0) return retried;
    for (const runner of Object.values(runners)) {
      const ran = await runner.workOff();
      if (E.isLeft(ran)) return ran;
    }
    return retried;
  },
  counts: () => {
    const found = new Map(unfinished.counts().map((each) => [each.process, each]));
    return Object.entries(runners).map(([process, runner]) => {
      const { waiting = 0, parked = 0 } = found.get(process) ?? {};
      return { process, position: runner.position(), waiting, parked, retries: runner.retries() };
    });
  },
});
