import { decodeEvent, type HandlingFailure, type Loaded } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import { isSummarisable, type KnownSession } from '@daybook/domain/session-insights';
import { summaryEvents, type SummaryEvent, type SummaryState } from '@daybook/domain/summaries';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { stepOf } from './call.js';
import {
  deleteIfWithdrawn,
  FAILURE_STEP,
  holdLeftOpen,
  settle,
  type Before,
  type Caused,
  type InsightsDeps,
  type Step,
  type Work,
} from './insights-steps.js';
import { readSessionContent } from './session-content.js';

/** The last failure that the log has of a summary. */
const lastFailure = async (
  deps: InsightsDeps,
  stream: string,
): Promise<E.Either<HandlingFailure, Before>> => {
  for await (const page of deps.store.readStream(stream, { direction: 'backwards' })) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) {
      if (stored.type !== 'SummaryFailed') continue;
      const decoded = decodeEvent(summaryEvents, stored);
      if (E.isLeft(decoded)) return decoded;
      const { data } = decoded.right as Extract<SummaryEvent, { type: 'SummaryFailed' }>;
      return E.right({ kind: 'failed', reason: data.reason, attempts: data.attempt });
    }
  }
  return E.right({ kind: 'none' });
};

/**
 * A first attempt that finds a failure comes from a list that was lost: it is found again, and parked as
 * it was. A later attempt has failed only if it recorded so itself.
 */
const beforeOf = async (
  deps: InsightsDeps,
  { task, call }: Caused,
  { loaded, stream }: Readonly<{ loaded: Loaded<SummaryState>; stream: string }>,
): Promise<E.Either<HandlingFailure, Before>> => {
  const { state, isAnswered } = loaded;
  if (state.status !== 'none') return E.right({ kind: 'made' });
  const isRecorded =
    task.attempt === 1 ? state.failures > 0 : isAnswered(stepOf(call, FAILURE_STEP).commandId);
  return isRecorded ? lastFailure(deps, stream) : E.right({ kind: 'none' });
};

/** What was withdrawn is not summarised: a hold that an earlier attempt left open goes back. */
const giveUp = async (deps: InsightsDeps, caused: Caused, session: KnownSession): Step<null> => {
  if (session.textKeys.size === 0) return E.right(null);
  const deleted = await deleteIfWithdrawn(deps, caused);
  if (E.isLeft(deleted)) return deleted;
  const left = await holdLeftOpen(deps, caused);
  if (E.isLeft(left)) return left;
  if (left.right === null) return E.right(null);
  const open = { call: caused.call, chargeId: left.right };
  const settled = await settle(deps)(open, session.assistantMessages > 0);
  return E.isLeft(settled) ? settled : E.right(null);
};

/** Sessions without a basis, or without anything captured, have nothing to summarise and cost nothing. */
export const examine =
  (deps: InsightsDeps) =>
  async (caused: Caused): Step<Work | null> => {
    const { call, sessionId } = caused;
    const stream = streamOf('session', call.company, sessionId);
    const summaryStream = streamOf('summary', call.company, sessionId);
    const [session, existing] = await Promise.all([
      deps.handler.load(aggregates.sessions, stream)(),
      deps.handler.load(aggregates.sessionSummaries, summaryStream)(),
    ]);
    if (E.isLeft(session)) return session;
    if (E.isLeft(existing)) return existing;
    const { state } = session.right;
    if (state.status === 'not-started') return E.right(null);
    if (!isSummarisable(state)) return giveUp(deps, caused, state);
    const of = { loaded: existing.right, stream: summaryStream };
    const before = await beforeOf(deps, caused, of);
    if (E.isLeft(before)) return before;
    const content = await readSessionContent(deps.store, stream);
    if (E.isLeft(content)) return content;
    const summaryState = existing.right.state;
    const failures = summaryState.status === 'deleted' ? 0 : summaryState.failures;
    return E.right({
      ...caused,
      session: state,
      content: content.right,
      before: before.right,
      failures,
    });
  };
