import type { HandlingFailure } from '@daybook/command-handling';
import { invariant, partsOf, streamOf } from '@daybook/domain/kernel';
import type { KnownSession } from '@daybook/domain/session-insights';
import type { SummaryCommand } from '@daybook/domain/summaries';
import type { StoredEvent } from '@daybook/event-store';
import type { Summary, Summarizer } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { stepOf, system, type Call } from './call.js';
import { captureCharge, ensureMonthlyGrants, placeHold, releaseCharge } from './credit-flow.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import { mapBounded } from './map-bounded.js';
import type { ProcessDefinition, ProcessFailure } from './process-runner.js';
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
type Work = Readonly<{
  call: Call;
  sessionId: string;
  session: KnownSession;
  content: readonly ContentItem[];
  summaryStatus: 'none' | 'visible' | 'deleted';
}>;
type Funded = Work & Readonly<{ chargeId: string }>;

type Step<A> = Promise<E.Either<ProcessFailure, A>>;

const callFor = (event: StoredEvent): Readonly<{ call: Call; sessionId: string; at: number }> => {
  const { company, id } = partsOf(event.stream);
  const at = (JSON.parse(event.data) as Readonly<{ endedAt: number }>).endedAt;
  const sessionId = id ?? '';
  const commandId = `insights/${event.id}`;
  const cause = { correlationId: sessionId, causationId: event.id };
  return { call: { company, actor: system, commandId, ...cause, at }, sessionId, at };
};

/** Sessions without a basis, or without anything captured, have nothing to summarise and cost nothing. */
const examine =
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
    const summaryStatus = existing.right.state.status;
    return E.right({ call, sessionId, session: state, content: content.right, summaryStatus });
  };

const refusedOrFailed = (answer: CommandAnswer): E.Either<HandlingFailure, void> =>
  E.isLeft(answer) && answer.left._tag !== 'Refused' ? E.left(answer.left) : E.right(undefined);

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

/** Sets the credit aside before any AI work; without one the session goes without a summary. */
const fund =
  (deps: InsightsDeps) =>
  async (work: Work): Step<Funded | null> => {
    const hold = await placeHold(deps)(work.call, work.sessionId);
    if (E.isLeft(hold)) {
      if (hold.left._tag === 'Refused')
        throw new Error(`A hold was refused: ${hold.left.refusal._tag}`);
      return E.left(hold.left);
    }
    return hold.right.held
      ? E.right({ ...work, chargeId: hold.right.chargeId })
      : refuse(deps, work, hold.right.refusal.missing);
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
const summarise =
  (deps: InsightsDeps) =>
  async (work: Funded): Step<boolean> => {
    if (work.summaryStatus !== 'none') return E.right(true);
    const { call, sessionId, chargeId, content } = work;
    const command = { type: 'AllowAiUse', trigger: 'summary', chargeId, at: call.at } as const;
    const allowed = await sendToSession(deps, stepOf(call, 'allow'), { sessionId, command });
    if (E.isLeft(allowed)) {
      const failed = refusedOrFailed(allowed);
      return E.isLeft(failed) ? failed : E.right(false);
    }
    const made = await deps.summarizer.summarize({ sessionId, items: content })();
    return E.isLeft(made)
      ? recordFailure(deps, work, made.left.reason)
      : store(deps, work, made.right);
  };

const settle =
  (deps: InsightsDeps) =>
  async (work: Funded, succeeded: boolean): Step<void> => {
    const settled = succeeded
      ? await captureCharge(deps)(work.call, work.chargeId)
      : await releaseCharge(deps)(work.call, work.chargeId);
    if (E.isRight(settled)) return E.right(undefined);
    // A hold that timed out in between was released: the summary stands, the credit is not taken twice.
    return settled.left._tag === 'Refused' ? E.right(undefined) : E.left(settled.left);
  };

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

const handleEnded =
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

/**
 * At the end of a session: hold the credit, make the summary, settle the hold. Every command's id
 * derives from the `SessionEnded` event, so running twice, on two nodes or after a crash at any step
 * gives one summary and one charge.
 */
export const insightsProcess = (deps: InsightsDeps): ProcessDefinition => ({
  name: 'insights',
  types: ['SessionEnded'],
  handle: handleEnded(deps),
});
