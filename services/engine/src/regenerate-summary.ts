import type {
  Accepted,
  HandlingFailure,
  Loaded,
  Refusal,
  Refused,
} from '@daybook/command-handling';
import { streamOf, type DomainEvent } from '@daybook/domain/kernel';
import {
  isSummarisable,
  type KnownSession,
  type SessionState,
} from '@daybook/domain/session-insights';
import { mayChangeSummary, type SummaryState } from '@daybook/domain/summaries';
import type { SummarizerFailure } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { contextOf, stepOf, type Call } from './call.js';
import { holdForSession, liveChargeOf } from './credit-flow.js';
import type { CommandAnswer } from './deps.js';
import {
  deleteIfWithdrawn,
  generateCommand,
  settle,
  shutGate,
  type InsightsDeps,
} from './insights-steps.js';
import { readSessionContent, type ContentItem } from './session-content.js';
import { sendToSession } from './session-flow.js';
import { asInLog, sendToSummary } from './summary-commands.js';

type Failed = HandlingFailure | Refused<Refusal>;

export type RegenerateSummary = Readonly<{
  sessionId: string;
  /**
   * The revision that the person read, which the new one replaces; 0 where there is no summary yet.
   * `latest`: whichever there is when the request comes.
   */
  changedRevision: number | 'latest';
}>;

/** The summarizer's own failures are the person's to know: whether to ask again later, or not at all. */
export type RegenerateAnswer = E.Either<Failed | SummarizerFailure, Accepted<DomainEvent>>;

type Asked = Readonly<{ call: Call; wanted: RegenerateSummary }>;
type Resolved = Readonly<{ sessionId: string; changedRevision: number }>;
type Facts = Readonly<{ session: Loaded<SessionState>; summary: Loaded<SummaryState> }>;

const refused = (refusal: Refusal & Readonly<Record<string, unknown>>): E.Either<Failed, never> =>
  E.left({ _tag: 'Refused', refusal });

const readFacts = async (
  deps: InsightsDeps,
  { call, wanted }: Asked,
): Promise<E.Either<Failed, Facts>> => {
  const streams = (category: 'session' | 'summary'): string =>
    streamOf(category, call.company, wanted.sessionId);
  const [session, summary] = await Promise.all([
    deps.handler.load(aggregates.sessions, streams('session'))(),
    deps.handler.load(aggregates.sessionSummaries, streams('summary'))(),
  ]);
  if (E.isLeft(session)) return session;
  if (E.isLeft(summary)) return summary;
  return E.right({ session: session.right, summary: summary.right });
};

/** Is there something to summarise, and may this person ask for it? */
const checkSession = (state: SessionState, call: Call): E.Either<Failed, KnownSession> => {
  if (state.status === 'not-started') return refused({ _tag: 'SessionNotStarted' });
  const { actor } = call;
  if (!mayChangeSummary(actor, state.started.supporterId))
    return refused({ _tag: 'SummaryNotTheirs', actorKind: actor.kind });
  if (!state.gate.open) return refused({ _tag: 'NoBasis', reason: state.gate.reason });
  // The process makes the first summary at the end: one made now would lack what is still to come.
  if (state.status === 'running') return refused({ _tag: 'SessionNotEnded' });
  return !isSummarisable(state) ? refused({ _tag: 'NothingToSummarise' }) : E.right(state);
};

/** The revision that is to be replaced. */
const checkRevision = (
  state: SummaryState,
  { changedRevision }: RegenerateSummary,
): E.Either<Failed, number> => {
  if (state.status === 'deleted') return refused({ _tag: 'SummaryIsDeleted' });
  const currentRevision = state.status === 'none' ? 0 : state.revision;
  return changedRevision === 'latest' || changedRevision === currentRevision
    ? E.right(currentRevision)
    : refused({ _tag: 'StaleRevision', changedRevision, currentRevision });
};

/** The charge that pays: the session's own, or a new hold where it has none that lives (rulebook §5). */
type Paid = Readonly<{ chargeId: string; isNew: boolean }>;

const pay = async (
  deps: InsightsDeps,
  { call, wanted }: Asked,
): Promise<E.Either<Failed, Paid>> => {
  const { sessionId } = wanted;
  const live = await liveChargeOf(deps, call.company, sessionId);
  if (E.isLeft(live)) return live;
  const before = live.right.state;
  if (before !== undefined) return E.right({ chargeId: before.chargeId, isNew: false });
  const hold = await holdForSession(deps)(call, sessionId);
  if (E.isLeft(hold)) return hold;
  if (!hold.right.held) return refused(hold.right.refusal);
  const { chargeId } = hold.right;
  const command = { type: 'AllowAiUse', trigger: 'summary', chargeId, at: call.at } as const;
  const step = stepOf(call, `allow/${chargeId}`);
  const allowed = await sendToSession(deps, step, { sessionId, command });
  if (E.isRight(allowed)) return E.right({ chargeId, isNew: true });
  const settled = await settle(deps)({ call, chargeId }, false);
  return E.isLeft(settled) ? settled : allowed;
};

type Ready = Readonly<{
  call: Call;
  wanted: Resolved;
  session: KnownSession;
  content: readonly ContentItem[];
}>;

const summariseAndStore = async (
  deps: InsightsDeps,
  { call, wanted, session, content }: Ready,
): Promise<RegenerateAnswer> => {
  const { sessionId, changedRevision } = wanted;
  const made = await deps.summarizer.summarize({ sessionId, items: content })();
  if (E.isLeft(made)) return made;
  const shut = await shutGate(deps, { call, sessionId });
  if (E.isLeft(shut)) return shut;
  if (shut.right !== null) return refused({ _tag: 'NoBasis', reason: shut.right.reason });
  const of = { sessionId, session, at: call.at, changedRevision };
  const command = generateCommand(of, deps.summarizer, made.right);
  return sendToSummary(deps, call, { sessionId, command });
};

const make = async (deps: InsightsDeps, ready: Ready): Promise<RegenerateAnswer> => {
  const { call, wanted } = ready;
  const paid = await pay(deps, ready);
  if (E.isLeft(paid)) return paid;
  const { chargeId, isNew } = paid.right;
  const stored = await summariseAndStore(deps, ready);
  const isStored = E.isRight(stored);
  // A hold that waits for another attempt of the process is the process's to settle.
  if (isStored || isNew) {
    const settled = await settle(deps)({ call, chargeId }, isStored);
    if (E.isLeft(settled)) return settled;
  }
  const deleted = await deleteIfWithdrawn(deps, { call, sessionId: wanted.sessionId });
  return E.isLeft(deleted) ? deleted : stored;
};

/** A repeated command was answered, whatever has become of the session since. */
const answerAgain = (deps: InsightsDeps, { call, wanted }: Asked): Promise<CommandAnswer> =>
  deps.handler.handle({
    aggregate: aggregates.sessionSummaries,
    stream: streamOf('summary', call.company, wanted.sessionId),
    context: contextOf(call),
    command: 'GenerateSummary',
    decide: () => E.right([]),
  })();

/**
 * The summary of an ended session made again from what was captured: a new revision of origin `ai`. It
 * costs nothing where the session is charged for AI; without a living charge it is a new AI use, and
 * charges (rulebook §4, §5). Nothing is asked of a summarizer before every rule allows it.
 */
export const regenerateSummary =
  (deps: InsightsDeps) =>
  async (given: Call, wanted: RegenerateSummary): Promise<RegenerateAnswer> => {
    const roled = await asInLog(deps, given);
    if (E.isLeft(roled)) return roled;
    const asked: Asked = { call: roled.right, wanted };
    const facts = await readFacts(deps, asked);
    if (E.isLeft(facts)) return facts;
    const { session, summary } = facts.right;
    if (summary.isAnswered(given.commandId)) return answerAgain(deps, asked);
    const known = checkSession(session.state, asked.call);
    if (E.isLeft(known)) return known;
    const current = checkRevision(summary.state, wanted);
    if (E.isLeft(current)) return current;
    const stream = streamOf('session', given.company, wanted.sessionId);
    const content = await readSessionContent(deps.store, stream);
    if (E.isLeft(content)) return content;
    const resolved = { sessionId: wanted.sessionId, changedRevision: current.right };
    const ready = { session: known.right, content: content.right };
    return make(deps, { call: asked.call, wanted: resolved, ...ready });
  };
