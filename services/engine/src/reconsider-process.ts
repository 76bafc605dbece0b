import type { HandlingFailure } from '@daybook/command-handling';
import { decodeWith, EventMetadata, invariant, partsOf, streamOf } from '@daybook/domain/kernel';
import { rulesAt } from '@daybook/domain/rules';
import { session as decider } from '@daybook/domain/session-insights';
import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { contextOf, system, type Call } from './call.js';
import type { CommandDeps } from './deps.js';
import { readFactsAt } from './facts.js';
import { keepUp } from './keep-up.js';
import { mapBounded } from './map-bounded.js';
import type { ProcessFailure, Task, Undone, WorkDefinition } from './process-definition.js';
import type { OpenSession, OpenSessions, Whose } from './reconsider/open-sessions.js';
import type { Retrying } from './retry.js';
import { unreadable } from './work-off.js';

export type ReconsiderDeps = CommandDeps &
  Readonly<{
    store: Pick<EventStore, 'readStream' | 'readAll' | 'head'>;
    openSessions: OpenSessions;
    /** What the remote side is shown where a change makes it necessary to ask. */
    notice: Readonly<{ version: string; language: string }>;
    /**
     * Other processes write to this log, too: a decision may have been made there before a fact was
     * heard of that stands before it, so that every decision is looked at again. Default: false.
     */
    manyWriters?: boolean;
    retry: Retrying;
  }>;

/**
 * What rulebook §3 looks at. A policy's source, its revisions and its groups are no facts until a policy
 * has been applied on the device; a registration makes a supporter somebody who is signed in.
 */
const factTypes = [
  'CompanyRegistered',
  'PlanChanged',
  'PlanChangedV2',
  'AiActivated',
  'AiDeactivated',
  'SummariesOptionSet',
  'UserRegistered',
  'SessionLoggingSet',
  'DeviceEnrolled',
  'DeviceReleased',
  'PolicyApplied',
  'PolicyWithdrawn',
  'LocalSwitchSet',
  'AccessControlSet',
] as const;

/** Sessions that are read together, and decided at one time: memory does not grow with what is open. */
const SESSIONS_AT_ONCE = 64;

type Unreadable = Extract<ProcessFailure, { _tag: 'CorruptEvent' }>;
/** What could be done is done; a session that cannot be read is told, the first of several. */
type Step = Promise<E.Either<ProcessFailure, Unreadable | null>>;

const whoseOf = (event: StoredEvent): Whose => {
  const { category, company, id } = partsOf(event.stream);
  if (id === undefined) return { of: 'company', company };
  invariant(category === 'user' || category === 'device', 'a fact is of a company, user or device');
  return { of: category, company, id };
};

const callFor = (event: StoredEvent, session: string): Call => {
  const metadata = decodeWith(EventMetadata, JSON.parse(event.metadata) as unknown);
  invariant(E.isRight(metadata), `${event.type} in the log has readable metadata`);
  const { company } = partsOf(event.stream);
  return {
    company,
    actor: system,
    commandId: `reconsider/${event.id}`,
    correlationId: session,
    causationId: event.id,
    at: metadata.right.occurredAt,
  };
};

/** No fact that cannot be read is passed by: text would be gathered on those of before. */
const stopping = (failure: HandlingFailure): E.Either<ProcessFailure, never> =>
  failure._tag === 'CorruptEvent'
    ? E.left({ _tag: 'CorruptStore', message: `A fact cannot be read: ${unreadable(failure)}.` })
    : E.left(failure);

/** Decides a session again on the facts as they stood when the event had just been written. */
const reconsider =
  (deps: ReconsiderDeps, event: StoredEvent) =>
  async ({ session: sessionId }: OpenSession): Step => {
    const call = callFor(event, sessionId);
    const { company, at } = call;
    const stream = streamOf('session', company, sessionId);
    const loaded = await deps.handler.load(aggregates.sessions, stream)();
    // It takes nothing in either: other sessions need not wait for it.
    if (E.isLeft(loaded))
      return loaded.left._tag === 'CorruptEvent' ? E.right(loaded.left) : loaded;
    const { state } = loaded.right;
    if (state.status !== 'running') return E.right(null);
    const facts = { at, upTo: event.position };
    const read = await readFactsAt(deps)(company, state.started, facts)();
    if (E.isLeft(read)) return stopping(read.left);
    const { notice } = deps;
    const { promptTimeoutMs } = rulesAt(deps.ruleBook, at);
    const terms = { notice, promptTimeoutMs };
    const command = { type: 'ReconsiderEligibility', at, read: read.right, ...terms } as const;
    const answer = await deps.handler.handle({
      aggregate: aggregates.sessions,
      stream,
      context: contextOf(call),
      command: command.type,
      decide: (now) => decider.decide(command, now),
    })();
    if (E.isRight(answer)) return E.right(null);
    invariant(answer.left._tag !== 'Refused', 'a running session can be decided again');
    return E.left(answer.left);
  };

/** Every session that was open then, in the order in which they started. */
const reconsiderAll = async (deps: ReconsiderDeps, event: StoredEvent): Step => {
  const whose = whoseOf(event);
  const before = event.position;
  let closed: Unreadable | null = null;
  for (let after = 0; ;) {
    const place = { after, before, limit: SESSIONS_AT_ONCE };
    const sessions = deps.openSessions.list(whose, place);
    const last = sessions.at(-1);
    if (last === undefined) return E.right(closed);
    const done = await mapBounded(sessions, SESSIONS_AT_ONCE, reconsider(deps, event));
    if (E.isLeft(done)) return done;
    closed ??= done.right.find((each) => each !== null) ?? null;
    after = last.position;
  }
};

const commandIdOf = (event: StoredEvent): string =>
  (JSON.parse(event.metadata) as Readonly<{ commandId: string }>).commandId;

/** Of what one command wrote, the last: a company that is switched off is decided once, on all of it. */
const isLastOfCommand = async (
  deps: ReconsiderDeps,
  event: StoredEvent,
): Promise<E.Either<ProcessFailure, boolean>> => {
  const from = event.revision + 1;
  for await (const page of deps.store.readStream(event.stream, { from, limit: 1 })) {
    if (E.isLeft(page)) return page;
    const [next] = page.right.events;
    if (next === undefined || commandIdOf(next) !== commandIdOf(event)) break;
    return E.right(!factTypes.some((type) => type === next.type));
  }
  return E.right(true);
};

const react = async (deps: ReconsiderDeps, event: StoredEvent): Step => {
  if (event.type === 'EligibilityDecided') {
    const { id: session = '' } = partsOf(event.stream);
    return reconsider(deps, event)({ session, position: event.position });
  }
  const isLast = await isLastOfCommand(deps, event);
  if (E.isLeft(isLast)) return isLast;
  return isLast.right ? reconsiderAll(deps, event) : E.right(null);
};

/** One change after the other; with a session that cannot be read, a change is for the list. */
const work =
  (deps: ReconsiderDeps): WorkDefinition['work'] =>
  async (tasks: readonly Task[]) => {
    const read = await keepUp(deps.store, deps.openSessions);
    if (E.isLeft(read)) return read;
    const undone: Undone[] = [];
    for (const { event } of tasks) {
      const done = await react(deps, event);
      if (E.isLeft(done)) return done;
      if (done.right === null) continue;
      const reason = unreadable(done.right);
      undone.push({ event, outcome: 'park', reason, retryAfterMs: null });
    }
    return E.right(undone);
  };

/**
 * When a fact changes, every running session that rests on it is decided again (rulebook §3), one
 * change after the other and as of the place that each has in the log: the same log gives the same
 * decisions, whoever makes them and however late.
 */
export const reconsiderProcess = (deps: ReconsiderDeps): WorkDefinition => ({
  name: 'reconsider',
  types: deps.manyWriters === true ? [...factTypes, 'EligibilityDecided'] : factTypes,
  work: work(deps),
  // A later change decides on everything before it, also where an earlier one is still on the list.
  order: 'none',
  retry: deps.retry,
});
