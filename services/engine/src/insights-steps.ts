import type { HandlingFailure } from '@daybook/command-handling';
import { invariant, partsOf, streamOf } from '@daybook/domain/kernel';
import { isSummarisable, type KnownSession } from '@daybook/domain/session-insights';
import type { SummaryCommand } from '@daybook/domain/summaries';
import type { SummarizerFailure, Summary, Summarizer } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { stepOf, system, type Call } from './call.js';
import { senders } from './company-commands.js';
import { captureCharge, liveChargeOf, placeHold, releaseCharge } from './credit-flow.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import type { Retrying } from './retry.js';
import type { ContentItem } from './session-content.js';
import { sendToSession } from './session-flow.js';
import { sendToSummary } from './summary-commands.js';
import type { ProcessFailure, Task } from './process-definition.js';

export type InsightsDeps = CommandDeps &
  Readonly<{
    summarizer: Summarizer;
    /** Summaries that are being made at one time. */
    concurrency: number;
    retry: Retrying;
    /** Called with the session when a summary could not be made; never with its text. */
    onFailure?: (company: string, sessionId: string, reason: string) => void;
  }>;

/** The call that an event of a session causes, in one attempt. */
export type Caused = Readonly<{ task: Task; call: Call; sessionId: string }>;

/** What an earlier run of the process came to; `none` when there is still something to do. */
export type Before =
  | Readonly<{ kind: 'none' | 'made' }>
  | Readonly<{ kind: 'failed'; reason: string; attempts: number }>;

/** A session that has ended and may be summarised: everything that the later steps need. */
export type Work = Caused &
  Readonly<{
    session: KnownSession;
    content: readonly ContentItem[];
    before: Before;
    /** Failures that the log has recorded. */
    failures: number;
  }>;
export type Funded = Work & Readonly<{ chargeId: string }>;

/** How one attempt ended. `attempts`: those that the log knows of. */
export type Outcome =
  | Readonly<{ kind: 'made' | 'nothing' }>
  | Readonly<{ kind: 'failed'; reason: string; attempts: number }>
  | Readonly<{ kind: 'wait'; reason: string; retryAfterMs: number | null }>;
export type Ended = Readonly<{ work: Work; outcome: Outcome }>;

export type Step<A> = Promise<E.Either<ProcessFailure, A>>;

type Dated = Readonly<{ endedAt?: number; withdrawnAt?: number }>;

/**
 * The id derives from the event and the attempt, so a second run repeats it. The first attempt is dated
 * by the event, whenever it runs; a later one is AI use of its own time.
 */
export const callFor =
  ({ retry }: Pick<InsightsDeps, 'retry'>) =>
  (task: Task): Caused => {
    const { event, attempt } = task;
    const { company, id: sessionId = '' } = partsOf(event.stream);
    const { endedAt, withdrawnAt } = JSON.parse(event.data) as Dated;
    const happenedAt = endedAt ?? withdrawnAt;
    invariant(happenedAt !== undefined, 'the event says when it happened');
    const isFirst = attempt === 1 || event.type !== 'SessionEnded';
    const call: Call = {
      company,
      actor: system,
      commandId: `insights/${event.id}${isFirst ? '' : `/attempt-${attempt}`}`,
      correlationId: sessionId,
      causationId: event.id,
      at: isFirst ? happenedAt : Math.max(happenedAt, retry.clock()),
    };
    return { task, call, sessionId };
  };

export const refusedOrFailed = (answer: CommandAnswer): E.Either<HandlingFailure, void> =>
  E.isLeft(answer) && answer.left._tag !== 'Refused' ? E.left(answer.left) : E.right(undefined);

/** For want of credits there is no summary. One that had failed before stays on the list of those. */
const refuse = async (deps: InsightsDeps, work: Work, missingCredits: number): Step<Ended> => {
  const { call, sessionId, failures } = work;
  const reason = 'insufficient-credits';
  const command = { type: 'RefuseAiUse', trigger: 'summary', reason, missingCredits } as const;
  const sent = { sessionId, command: { ...command, at: call.at } };
  const done = refusedOrFailed(await sendToSession(deps, stepOf(call, 'refuse'), sent));
  if (E.isLeft(done)) return done;
  const outcome: Outcome =
    failures > 0 ? { kind: 'failed', reason, attempts: work.task.attempt } : { kind: 'nothing' };
  return E.right({ work, outcome });
};

const asOutcome = (before: Before): Outcome =>
  before.kind === 'failed' ? before : { kind: before.kind === 'made' ? 'made' : 'nothing' };

/** A hold that an earlier attempt left open; only settling it may be left. */
export const holdLeftOpen = async (deps: CommandDeps, caused: Caused): Step<string | null> => {
  const live = await liveChargeOf(deps, caused.call.company, caused.sessionId);
  if (E.isLeft(live)) return live;
  const charge = live.right.state;
  return E.right(charge?.status === 'held' ? charge.chargeId : null);
};

/** A hold is released after its 48 h, whoever waits for what: the attempt then needs a new one (rulebook §5). */
const timeOutHolds = async (deps: InsightsDeps, { task, call }: Work): Step<void> => {
  if (task.attempt === 1) return E.right(undefined);
  const send = senders(deps, stepOf(call, 'time-outs'));
  return refusedOrFailed(await send.credits({ type: 'TimeOutHolds', now: call.at }));
};

/** Sets the credit aside before any AI work; without one the session goes without a summary. */
export const fund =
  (deps: InsightsDeps) =>
  async (work: Work): Step<Funded | Ended> => {
    const { before, call, sessionId } = work;
    if (before.kind !== 'none') {
      const left = await holdLeftOpen(deps, work);
      if (E.isLeft(left)) return left;
      const chargeId = left.right;
      return E.right(
        chargeId === null ? { work, outcome: asOutcome(before) } : { ...work, chargeId },
      );
    }
    const timedOut = await timeOutHolds(deps, work);
    if (E.isLeft(timedOut)) return timedOut;
    const hold = await placeHold(deps)(call, sessionId);
    if (E.isLeft(hold)) {
      invariant(hold.left._tag !== 'Refused', 'a hold is refused only for want of credits');
      return E.left(hold.left);
    }
    if (!hold.right.held) return refuse(deps, work, hold.right.refusal.missing);
    return allow(deps, { ...work, chargeId: hold.right.chargeId });
  };

/** The gate may have shut since it was looked at: then nothing is made, and the hold goes back. */
const allow = async (deps: InsightsDeps, work: Funded): Step<Funded | Ended> => {
  const { call, sessionId, chargeId } = work;
  const command = { type: 'AllowAiUse', trigger: 'summary', chargeId, at: call.at } as const;
  const step = stepOf(call, `allow/${chargeId}`);
  const allowed = await sendToSession(deps, step, { sessionId, command });
  if (E.isRight(allowed)) return E.right(work);
  if (allowed.left._tag !== 'Refused') return E.left(allowed.left);
  const settled = await settle(deps)(work, work.session.assistantMessages > 0);
  return E.isLeft(settled) ? settled : E.right({ work, outcome: { kind: 'nothing' } });
};

/** The command that stores a summary, with where it comes from (rulebook §4). */
export const generateCommand = (
  of: Readonly<{ sessionId: string; session: KnownSession; at: number; changedRevision: number }>,
  { model, promptVersion }: Summarizer,
  made: Summary,
): SummaryCommand => {
  const { sessionId, session, at: generatedAt, changedRevision } = of;
  const { supporterId, deviceId } = session.started;
  const { language, body } = made;
  const from = { sessionId, supporterId, deviceId, model, promptVersion, language, generatedAt };
  return { type: 'GenerateSummary', changedRevision, summary: from, body };
};

/**
 * Why nothing may be made of the session now, if so: asked again after everything that took its time.
 * Where a policy keeps the gate open, a withdrawal has destroyed what rested on the permission.
 */
export const shutGate = async (
  deps: CommandDeps,
  { call, sessionId }: Pick<Caused, 'call' | 'sessionId'>,
): Step<Extract<KnownSession['gate'], { open: false }> | null> => {
  const stream = streamOf('session', call.company, sessionId);
  const loaded = await deps.handler.load(aggregates.sessions, stream)();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (state.status === 'not-started' || isSummarisable(state)) return E.right(null);
  const { gate } = state;
  if (!gate.open) return E.right(gate);
  return E.right({ open: false, reason: 'consent-withdrawn', since: gate.since });
};

/** When what was made of the session has to go with what it was made from; null where it stays. */
const destroyedAt = async (
  deps: CommandDeps,
  { call, sessionId }: Pick<Caused, 'call' | 'sessionId'>,
): Step<number | null> => {
  const stream = streamOf('session', call.company, sessionId);
  const loaded = await deps.handler.load(aggregates.sessions, stream)();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (state.status === 'not-started' || state.consent !== 'withdrawn') return E.right(null);
  return E.right(isSummarisable(state) ? null : Math.max(call.at, state.gate.since));
};

/**
 * A summary goes when a withdrawal has destroyed what it was made from; where a policy alone covered
 * that, both stay. `call` is the event's own: a withdrawal may be heard of at any time after the summary
 * was made, also in the instant in which it was written.
 */
export const deleteIfWithdrawn = async (
  deps: CommandDeps,
  caused: Pick<Caused, 'call' | 'sessionId'>,
): Step<void> => {
  const { call, sessionId } = caused;
  const deletedAt = await destroyedAt(deps, caused);
  if (E.isLeft(deletedAt)) return deletedAt;
  if (deletedAt.right === null) return E.right(undefined);
  const command: SummaryCommand = {
    type: 'DeleteSummary',
    actor: system,
    deletedAt: deletedAt.right,
  };
  const step = stepOf(call, 'withdrawn');
  // Without a summary there is nothing to delete, which is no failure.
  return refusedOrFailed(await sendToSummary(deps, step, { sessionId, command }));
};

const store = async (deps: InsightsDeps, work: Funded, made: Summary): Step<Outcome> => {
  const { call, sessionId, session } = work;
  const shut = await shutGate(deps, work);
  if (E.isLeft(shut)) return shut;
  // What it was made from has been destroyed in the meantime.
  if (shut.right !== null) return E.right({ kind: 'nothing' });
  const of = { sessionId, session, at: call.at, changedRevision: 0 };
  const command = generateCommand(of, deps.summarizer, made);
  const stored = await sendToSummary(deps, stepOf(call, 'summary'), { sessionId, command });
  const done = refusedOrFailed(stored);
  if (E.isLeft(done)) return done;
  const deleted = await deleteIfWithdrawn(deps, work);
  return E.isLeft(deleted) ? deleted : E.right({ kind: 'made' });
};

/** Step of an attempt under which its failure is recorded, so that a second run knows it again. */
export const FAILURE_STEP = 'failure';

const recordFailure = async (deps: InsightsDeps, work: Funded, reason: string): Step<Outcome> => {
  const { call, sessionId, task, failures } = work;
  deps.onFailure?.(call.company, sessionId, reason);
  // Where the list of attempts was lost, the log counts on.
  const attempts = Math.max(task.attempt, failures + 1);
  const command: SummaryCommand = {
    type: 'RecordSummaryFailure',
    sessionId,
    reason,
    failedAt: call.at,
    attempt: attempts,
  };
  const recorded = await sendToSummary(deps, stepOf(call, FAILURE_STEP), { sessionId, command });
  const done = refusedOrFailed(recorded);
  return E.isLeft(done) ? done : E.right({ kind: 'failed', reason, attempts });
};

const failed = (deps: InsightsDeps, work: Funded, failure: SummarizerFailure): Step<Outcome> => {
  const { reason } = failure;
  if (failure._tag === 'SummaryNotPossible' || work.task.isLast)
    return recordFailure(deps, work, reason);
  const { retryAfterMs } = failure;
  return Promise.resolve(E.right({ kind: 'wait', reason, retryAfterMs }));
};

/** Makes and stores the summary, once. */
export const summarise =
  (deps: InsightsDeps) =>
  async (work: Funded): Step<Outcome> => {
    if (work.before.kind !== 'none') return E.right(asOutcome(work.before));
    const { sessionId, content } = work;
    const made = await deps.summarizer.summarize({ sessionId, items: content })();
    return E.isLeft(made) ? failed(deps, work, made.left) : store(deps, work, made.right);
  };

/** An assistant message that was answered has earned the credit, whatever became of the summary. */
export const settle =
  (deps: CommandDeps) =>
  async (
    { call, chargeId }: Readonly<{ call: Call; chargeId: string }>,
    isEarned: boolean,
  ): Step<void> => {
    const settled = isEarned
      ? await captureCharge(deps)(call, chargeId)
      : await releaseCharge(deps)(call, chargeId);
    if (E.isRight(settled)) return E.right(undefined);
    // A hold that timed out in between was released: the summary stands, the credit is not taken twice.
    return settled.left._tag === 'Refused' ? E.right(undefined) : E.left(settled.left);
  };
