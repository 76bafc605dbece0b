import { invariant } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import { ensureMonthlyGrants } from './credit-flow.js';
import { examine } from './insights-examine.js';
import {
  callFor,
  deleteIfWithdrawn,
  fund,
  settle,
  summarise,
  type Ended,
  type Funded,
  type InsightsDeps,
  type Outcome,
  type Step,
  type Work,
} from './insights-steps.js';
import { mapBounded } from './map-bounded.js';
import type { Task, Undone, WorkDefinition } from './process-definition.js';

/** Months are issued one company after another, before any hold of the batch is placed. */
const issueGrants = async (deps: InsightsDeps, works: readonly Work[]): Step<void> => {
  for (const { call } of works) {
    const granted = await ensureMonthlyGrants(deps)(call.company, call.at);
    if (E.isLeft(granted)) {
      invariant(granted.left._tag !== 'Refused', 'a monthly grant is never refused');
      return E.left(granted.left);
    }
  }
  return E.right(undefined);
};

const present = <A>(values: readonly (A | null)[]): readonly A[] =>
  values.filter((value) => value !== null);

const byEnd = (left: Work['call'], right: Work['call']): number =>
  left.at - right.at || (left.correlationId < right.correlationId ? -1 : 1);

/** The charge is settled as soon as nothing is to come, or what came before has earned it. */
const finish =
  (deps: InsightsDeps) =>
  async ({ work, outcome }: Readonly<{ work: Funded; outcome: Outcome }>): Step<Ended> => {
    const isEarned = outcome.kind === 'made' || work.session.assistantMessages > 0;
    if (outcome.kind === 'wait' && !isEarned) return E.right({ work, outcome });
    const settled = await settle(deps)(work, isEarned);
    return E.isLeft(settled) ? settled : E.right({ work, outcome });
  };

const undoneOf = ({ work, outcome }: Ended): Undone | null => {
  const { event } = work.task;
  switch (outcome.kind) {
    case 'made':
    case 'nothing':
      return null;
    case 'wait': {
      const { reason, retryAfterMs } = outcome;
      return { event, outcome: 'wait', reason, retryAfterMs };
    }
    case 'failed': {
      const { reason, attempts } = outcome;
      return { event, outcome: 'park', reason, retryAfterMs: null, attempts };
    }
  }
};

const isEnded = (one: Funded | Ended): one is Ended => 'outcome' in one;
const isFunded = (one: Funded | Ended): one is Funded => !isEnded(one);

const endSessions =
  (deps: InsightsDeps) =>
  async (tasks: readonly Task[]): Step<readonly Undone[]> => {
    const ended = tasks.map(callFor(deps)).sort((left, right) => byEnd(left.call, right.call));
    const examined = await mapBounded(ended, deps.concurrency, examine(deps));
    if (E.isLeft(examined)) return examined;
    const works = present(examined.right);
    const granted = await issueGrants(deps, works);
    if (E.isLeft(granted)) return granted;
    // All holds are queued at once, in the order in which the sessions ended: that order decides who pays.
    const funded = await mapBounded(works, works.length, fund(deps));
    if (E.isLeft(funded)) return funded;
    const paid = funded.right.filter(isFunded);
    const summarised = await mapBounded(paid, deps.concurrency, async (work) => {
      const outcome = await summarise(deps)(work);
      return E.isLeft(outcome) ? outcome : E.right({ work, outcome: outcome.right });
    });
    if (E.isLeft(summarised)) return summarised;
    const settled = await mapBounded(summarised.right, paid.length, finish(deps));
    if (E.isLeft(settled)) return settled;
    return E.right(present([...funded.right.filter(isEnded), ...settled.right].map(undoneOf)));
  };

const work =
  (deps: InsightsDeps) =>
  async (tasks: readonly Task[]): Step<readonly Undone[]> => {
    const ended = await endSessions(deps)(
      tasks.filter(({ event }) => event.type === 'SessionEnded'),
    );
    if (E.isLeft(ended)) return ended;
    const withdrawn = tasks.filter(({ event }) => event.type === 'ConsentWithdrawn');
    const deleted = await mapBounded(withdrawn, deps.concurrency, (task) =>
      deleteIfWithdrawn(deps, callFor(deps)(task)),
    );
    return E.isLeft(deleted) ? deleted : ended;
  };

/**
 * At the end of a session: hold the credit, make the summary, settle the hold. Every command's id
 * derives from the `SessionEnded` event, so running twice, on two nodes or after a crash at any step
 * gives one summary and one charge. A summarizer that is not there now is asked again later, while the
 * hold stays open and other sessions go on; what cannot be made is recorded, released and parked.
 */
export const insightsProcess = (deps: InsightsDeps): WorkDefinition => ({
  name: 'insights',
  types: ['SessionEnded', 'ConsentWithdrawn'],
  work: work(deps),
  // A withdrawal finds the summary, or comes before it: either order ends the same.
  order: 'none',
  retry: deps.retry,
});
