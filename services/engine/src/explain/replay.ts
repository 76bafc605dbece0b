import { decodeEvent, type HandlingFailure } from '@daybook/command-handling';
import { commandEvents, isCommandEvent } from '@daybook/domain/all-events';
import { creditEvents, type CreditEvent } from '@daybook/domain/credits';
import { partsOf } from '@daybook/domain/kernel';
import {
  evolveSession,
  notStarted,
  sessionEvents,
  type KnownSession,
  type SessionEvent,
  type SessionState,
} from '@daybook/domain/session-insights';
import { summaryEvents, type SummaryEvent } from '@daybook/domain/summaries';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { StreamReader } from '../fold-stream.js';

type DataOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>['data'];

/** The keys of a session’s texts say nothing to anybody, and the fold goes on adding to them. */
export type SeenSession =
  Extract<SessionState, { status: 'not-started' }> | Omit<KnownSession, 'textKeys'>;

/** A session as it stood: everything that somebody could see of it, and no text. */
export type SessionMoment = Readonly<{
  session: SeenSession;
  decision: DataOf<'EligibilityDecided'> | null;
  /** The question that stands on the remote side's screen; null where none does. */
  prompt: DataOf<'ConsentRequested'> | null;
  charge: Readonly<{
    chargeId: string;
    amount: number;
    status: 'held' | 'captured' | 'released' | 'reversed';
  }> | null;
  summary: Readonly<{
    status: 'none' | 'failed' | 'there' | 'deleted';
    revision: number;
    origin: 'ai' | 'human' | 'mixed' | null;
  }>;
}>;

/** Where an event of the session's history stands. */
export type ReplayStep = Readonly<{ stream: string; revision: number }>;
export type ReplayedStep<Step extends ReplayStep> = Readonly<{ step: Step; after: SessionMoment }>;

/** The same with the state that the fold owns. */
type Held = Omit<SessionMoment, 'session'> & Readonly<{ session: SessionState }>;

const seen = ({ session, ...rest }: Held): SessionMoment => {
  if (session.status === 'not-started') return { session, ...rest };
  const { textKeys, ...known } = session;
  void textKeys;
  return { session: known, ...rest };
};

const beforeStart = (): Held => ({
  session: notStarted(),
  decision: null,
  prompt: null,
  charge: null,
  summary: { status: 'none', revision: 0, origin: null },
});

export const beforeSession = (): SessionMoment => seen(beforeStart());

const promptAfter = (
  event: SessionEvent,
  before: SessionMoment['prompt'],
): SessionMoment['prompt'] => {
  switch (event.type) {
    case 'ConsentRequested':
      return event.data;
    case 'ConsentGranted':
    case 'ConsentRefused':
    case 'ConsentTimedOut':
    case 'ConsentWithdrawn':
    case 'SessionEnded':
      return null;
    default:
      return before;
  }
};

/** On the axis of what was true the start may not have happened yet: nothing of the session is there then. */
const afterSession = (before: Held, event: SessionEvent): Held => {
  if (before.session.status === 'not-started' && event.type !== 'SessionStarted') return before;
  return {
    ...before,
    session: evolveSession(before.session, event),
    decision: event.type === 'EligibilityDecided' ? event.data : before.decision,
    prompt: promptAfter(event, before.prompt),
  };
};

const afterSummary = (before: Held, event: SummaryEvent): Held => {
  switch (event.type) {
    case 'SummaryGenerated':
    case 'SummaryEdited': {
      const { revision, origin } = event.data;
      return { ...before, summary: { status: 'there', revision, origin } };
    }
    case 'SummaryFailed':
      return before.summary.status === 'none'
        ? { ...before, summary: { ...before.summary, status: 'failed' } }
        : before;
    case 'SummaryDeleted':
      return { ...before, summary: { ...before.summary, status: 'deleted' } };
  }
};

const settled = {
  HoldCaptured: 'captured',
  HoldReleased: 'released',
  ChargeReversed: 'reversed',
} as const;

const afterCredits = (before: Held, event: CreditEvent): Held => {
  if (event.type === 'CreditsHeld') {
    const { chargeId, amount } = event.data;
    return { ...before, charge: { chargeId, amount, status: 'held' } };
  }
  if (
    event.type !== 'HoldCaptured' &&
    event.type !== 'HoldReleased' &&
    event.type !== 'ChargeReversed'
  )
    return before;
  const { charge } = before;
  return charge?.chargeId === event.data.chargeId
    ? { ...before, charge: { ...charge, status: settled[event.type] } }
    : before;
};

const tables = {
  session: { ...sessionEvents, ...commandEvents },
  summary: { ...summaryEvents, ...commandEvents },
  credits: { ...creditEvents, ...commandEvents },
} as const;

const heldAfter = (before: Held, stored: StoredEvent): E.Either<HandlingFailure, Held> => {
  const { category } = partsOf(stored.stream);
  if (category !== 'session' && category !== 'summary' && category !== 'credits')
    return E.right(before);
  const decoded = decodeEvent(tables[category], stored);
  if (E.isLeft(decoded)) return decoded;
  if (isCommandEvent(stored.type)) return E.right(before);
  const event: unknown = decoded.right;
  if (category === 'session') return E.right(afterSession(before, event as SessionEvent));
  return E.right(
    category === 'summary'
      ? afterSummary(before, event as SummaryEvent)
      : afterCredits(before, event as CreditEvent),
  );
};

const readOne = async (
  reader: StreamReader,
  { stream, revision }: ReplayStep,
): Promise<E.Either<HandlingFailure, StoredEvent | null>> => {
  for await (const page of reader.readStream(stream, { from: revision, limit: 1 })) {
    if (E.isLeft(page)) return page;
    return E.right(page.right.events[0] ?? null);
  }
  return E.right(null);
};

/**
 * Steps through a session: the steps of its timeline in the order of the log, each with how the session
 * stood after it. Steps that are left out have not happened, as at an earlier moment.
 */
export async function* replaySession<Step extends ReplayStep>(
  reader: StreamReader,
  steps: Iterable<Step>,
): AsyncGenerator<E.Either<HandlingFailure, ReplayedStep<Step>>> {
  let after = beforeStart();
  for (const step of steps) {
    const stored = await readOne(reader, step);
    if (E.isLeft(stored)) return void (yield stored);
    const next = stored.right === null ? E.right(after) : heldAfter(after, stored.right);
    if (E.isLeft(next)) return void (yield next);
    after = next.right;
    yield E.right({ step, after: seen(after) });
  }
}
