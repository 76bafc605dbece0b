import { invariant } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { ensureMonthlyGrants } from './credit-flow.js';
import {
  callFor,
  deleteWithdrawn,
  examine,
  fund,
  settle,
  summarise,
  type InsightsDeps,
  type Step,
  type Work,
} from './insights-steps.js';
import { mapBounded } from './map-bounded.js';
import type { ProcessDefinition } from './process-runner.js';

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

const endSessions =
  (deps: InsightsDeps) =>
  async (events: readonly StoredEvent[]): Step<void> => {
    const ended = events.map(callFor).sort((left, right) => byEnd(left.call, right.call));
    const examined = await mapBounded(ended, deps.concurrency, ({ call, sessionId }) =>
      examine(deps)(call, sessionId),
    );
    if (E.isLeft(examined)) return examined;
    const works = present(examined.right);
    const granted = await issueGrants(deps, works);
    if (E.isLeft(granted)) return granted;
    // All holds are queued at once, in the order in which the sessions ended: that order decides who pays.
    const funded = await mapBounded(works, works.length, fund(deps));
    if (E.isLeft(funded)) return funded;
    const paid = present(funded.right);
    const summarised = await mapBounded(paid, deps.concurrency, async (work) => {
      const succeeded = await summarise(deps)(work);
      return E.isLeft(succeeded) ? succeeded : E.right({ work, succeeded: succeeded.right });
    });
    if (E.isLeft(summarised)) return summarised;
    const settled = await mapBounded(summarised.right, paid.length, ({ work, succeeded }) =>
      settle(deps)(work, succeeded),
    );
    return E.isLeft(settled) ? settled : E.right(undefined);
  };

const handle =
  (deps: InsightsDeps) =>
  async (events: readonly StoredEvent[]): Step<void> => {
    const ended = await endSessions(deps)(events.filter(({ type }) => type === 'SessionEnded'));
    if (E.isLeft(ended)) return ended;
    const withdrawn = events.filter(({ type }) => type === 'ConsentWithdrawn');
    const deleted = await mapBounded(withdrawn, deps.concurrency, deleteWithdrawn(deps));
    return E.isLeft(deleted) ? deleted : E.right(undefined);
  };

/**
 * At the end of a session: hold the credit, make the summary, settle the hold. Every command's id
 * derives from the `SessionEnded` event, so running twice, on two nodes or after a crash at any step
 * gives one summary and one charge.
 */
export const insightsProcess = (deps: InsightsDeps): ProcessDefinition => ({
  name: 'insights',
  types: ['SessionEnded', 'ConsentWithdrawn'],
  handle: handle(deps),
});
