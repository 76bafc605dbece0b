import type { HandlingFailure } from '@daybook/command-handling';
import { invariant, partsOf, streamOf } from '@daybook/domain/kernel';
import type { KnownSession } from '@daybook/domain/session-insights';
import type { SummaryCommand, SummaryState } from '@daybook/domain/summaries';
import type { StoredEvent } from '@daybook/event-store';
import type { Summary, Summarizer } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { stepOf, system, type Call } from './call.js';
import { captureCharge, liveChargeOf, placeHold, releaseCharge } from './credit-flow.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import type { ProcessFailure } from './process-runner.js';
import { readSessionContent, type ContentItem } from './session-content.js';
import { sendToSession } from './session-flow.js';
import { sendToSummary } from './summary-commands.js';

export type InsightsDeps = CommandDeps &
  Readonly<{
    summarizer: Summarizer;
    /** Summaries that are being made at one time. */
    concurrency: number;
    /** Called with the session when a summary could not be made; never with its text. */
    onFailure?: (company: string, sessionId: string, reason: string) => void;
  }>;

/** A session that has ended and may be summarised: everything that the later steps need. */
export type Work = Readonly<{
  call: Call;
  sessionId: string;
  session: KnownSession;
  content: readonly ContentItem[];
  /** What an earlier run of the process came to; `none` when this is the first. */
  before: 'none' | 'made' | 'failed';
}>;
export type Funded = Work & Readonly<{ chargeId: string }>;

export type Step<A> = Promise<E.Either<ProcessFailure, A>>;

type Caused = Readonly<{ call: Call; sessionId: string }>;

/** The call that an event of a session causes: its id derives from the event, so a second run repeats it. */
const causedBy = (event: StoredEvent, at: number): Caused => {
  const { company, id: sessionId = '' } = partsOf(event.stream);
  const commandId = `insights/${event.id}`;
  const cause = { correlationId: sessionId, causationId: event.id };
  return { call: { company, actor: system, commandId, ...cause, at }, sessionId };
};

export const callFor = (event: StoredEvent): Caused =>
  causedBy(event, (JSON.parse(event.data) as Readonly<{ endedAt: number }>).endedAt);

const beforeOf = (state: SummaryState): Work['before'] => {
  if (state.status !== 'none') return 'made';
  return state.failures > 0 ? 'failed' : 'none';
};

const refusedOrFailed = (answer: CommandAnswer): E.Either<HandlingFailure, void> =>
  E.isLeft(answer) && answer.left._tag !== 'Refused' ? E.left(answer.left) : E.right(undefined);

/** A withdrawal that the log hears of after the summary was made: it is destroyed like what it was made of. */
export const deleteWithdrawn =
  (deps: InsightsDeps) =>
  async (event: StoredEvent): Step<void> => {
    const { withdrawnAt: at } = JSON.parse(event.data) as Readonly<{ withdrawnAt: number }>;
    const { call, sessionId } = causedBy(event, at);
    const command: SummaryCommand = { type: 'DeleteSummary', actor: system, deletedAt: at };
    // Without a summary there is nothing to delete, which is no failure.
    return refusedOrFailed(await sendToSummary(deps, call, { sessionId, command }));
  };

/** Sessions without a basis, or without anything captured, have nothing to summarise and cost nothing. */
export const examine =
  (deps: InsightsDeps) =>
  async (call: Call, sessionId: string): Step<Work | null> => {
    const stream = streamOf('session', call.company, sessionId);
    const summaryStream = streamOf('summary', call.company, sessionId);
    const [session, existing] = await Promise.all([
      deps.handler.load(aggregates.sessions, stream)(),
      deps.handler.load(aggregates.sessionSummaries, summaryStream)(),
    ]);
    if (E.isLeft(session)) return session;
    if (E.isLeft(existing)) return existing;
    const state = session.right.state;
    if (state.status === 'not-started' || !state.gate.open) return E.right(null);
    if (state.capturedItems + state.assistantMessages === 0) return E.right(null);
    const content = await readSessionContent(deps.store, stream);
    if (E.isLeft(content)) return content;
    const before = beforeOf(existing.right.state);
    return E.right({ call, sessionId, session: state, content: content.right, before });
  };

const refuse = async (deps: InsightsDeps, work: Work, missingCredits: number): Step<null> => {
  const { call, sessionId } = work;
  const command = {
    type: 'RefuseAiUse',
    trigger: 'summary',
    reason: 'insufficient-credits',
    missingCredits,
    at: call.at,
  } as const;
  const answer = await sendToSession(deps, stepOf(call, 'refuse'), { sessionId, command });
  const done = refusedOrFailed(answer);
  return E.isLeft(done) ? done : E.right(null);
};

/** The charge of a session whose summary was made or had failed before: only its hold may be left to settle. */
const chargeLeftOpen = async (deps: InsightsDeps, work: Work): Step<Funded | null> => {
  const { call, sessionId } = work;
  const live = await liveChargeOf(deps, call.company, sessionId);
  if (E.isLeft(live)) return live;
  const charge = live.right.state;
  return E.right(charge?.status === 'held' ? { ...work, chargeId: charge.chargeId } : null);
};

/** Sets the credit aside before any AI work; without one the session goes without a summary. */
export const fund =
  (deps: InsightsDeps) =>
  async (work: Work): Step<Funded | null> => {
    if (work.before !== 'none') return chargeLeftOpen(deps, work);
    const hold = await placeHold(deps)(work.call, work.sessionId);
    if (E.isLeft(hold)) {
      invariant(hold.left._tag !== 'Refused', 'a hold is refused only for want of credits');
      return E.left(hold.left);
    }
    if (!hold.right.held) return refuse(deps, work, hold.right.refusal.missing);
    const { chargeId } = hold.right;
    const { call, sessionId } = work;
    const command = { type: 'AllowAiUse', trigger: 'summary', chargeId, at: call.at } as const;
    const allowed = await sendToSession(deps, stepOf(call, `allow/${chargeId}`), {
      sessionId,
      command,
    });
    const failed = refusedOrFailed(allowed);
    return E.isLeft(failed) ? failed : E.right({ ...work, chargeId });
  };

const store = async (deps: InsightsDeps, work: Funded, made: Summary): Step<boolean> => {
  const { call, sessionId, session } = work;
  const { model, promptVersion } = deps.summarizer;
  const command: SummaryCommand = {
    type: 'GenerateSummary',
    changedRevision: 0,
    summary: {
      sessionId,
      supporterId: session.started.supporterId,
      deviceId: session.started.deviceId,
      model,
      promptVersion,
      language: made.language,
      generatedAt: call.at,
    },
    body: made.body,
  };
  const stored = await sendToSummary(deps, stepOf(call, 'summary'), { sessionId, command });
  const done = refusedOrFailed(stored);
  return E.isLeft(done) ? done : E.right(true);
};

const recordFailure = async (deps: InsightsDeps, work: Funded, reason: string): Step<boolean> => {
  const { call, sessionId } = work;
  deps.onFailure?.(call.company, sessionId, reason);
  const command: SummaryCommand = {
    type: 'RecordSummaryFailure',
    sessionId,
    reason,
    failedAt: call.at,
    attempt: 1,
  };
  const recorded = await sendToSummary(deps, stepOf(call, 'failure'), { sessionId, command });
  const done = refusedOrFailed(recorded);
  return E.isLeft(done) ? done : E.right(false);
};

/** Makes and stores the summary, once: true when there is one, false when it could not be made. */
export const summarise =
  (deps: InsightsDeps) =>
  async (work: Funded): Step<boolean> => {
    if (work.before !== 'none') return E.right(work.before === 'made');
    const { sessionId, content } = work;
    const made = await deps.summarizer.summarize({ sessionId, items: content })();
    return E.isLeft(made)
      ? recordFailure(deps, work, made.left.reason)
      : store(deps, work, made.right);
  };

export const settle =
  (deps: InsightsDeps) =>
  async (work: Funded, succeeded: boolean): Step<void> => {
    // An assistant message that was answered has earned the credit, whatever became of the summary.
    const earned = succeeded || work.session.assistantMessages > 0;
    const settled = earned
      ? await captureCharge(deps)(work.call, work.chargeId)
      : await releaseCharge(deps)(work.call, work.chargeId);
    if (E.isRight(settled)) return E.right(undefined);
    // A hold that timed out in between was released: the summary stands, the credit is not taken twice.
    return settled.left._tag === 'Refused' ? E.right(undefined) : E.left(settled.left);
  };
