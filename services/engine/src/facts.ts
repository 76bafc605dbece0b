import {
  decodeEvent,
  type Aggregate,
  type CommandHandler,
  type HandlingFailure,
  type Loaded,
} from '@daybook/command-handling';
import {
  incomingDeviceFacts,
  moreRestrictive,
  type DeviceState,
} from '@daybook/domain/device-policy';
import { isCommandEvent } from '@daybook/domain/all-events';
import { companyStream, streamOf, type DomainEvent, type Instant } from '@daybook/domain/kernel';
import type { CompanyState, UserState } from '@daybook/domain/organization';
import { rulesAt, type RuleBook, type RuleSet } from '@daybook/domain/rules';
import type { EligibilityFacts, FactsRead, StartSession } from '@daybook/domain/session-insights';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { companies, devices, users } from './aggregates.js';

type StartedSession = StartSession['session'];

/** The states that rulebook §3 looks at. A user or device that the company does not know is null. */
export type EligibilityStates = Readonly<{
  company: CompanyState;
  user: UserState | null;
  device: DeviceState | null;
}>;

const outgoingFacts = (
  session: StartedSession,
  states: EligibilityStates,
  rules: RuleSet,
): EligibilityFacts['outgoing'] => {
  if (!session.paths.includes('outgoing')) return null;
  const { company, user, device } = states;
  const remote =
    device?.status === 'enrolled'
      ? moreRestrictive(device.insightsLogging, session.remoteAccessControl)
      : session.remoteAccessControl;
  return {
    optionOn: company.status === 'registered' && company.outgoing,
    // Somebody whom the company does not know is not signed in to the company's account.
    signedIn: session.signedIn && user?.status === 'registered',
    logsSessions: user?.status === 'registered' && user.sessionLogging,
    quickSupportExcluded: session.module === 'quicksupport' && !rules.quickSupportCovered,
    accessControl: moreRestrictive(session.supporterAccessControl, remote),
    attended: session.attended,
    consent: 'not-asked',
  };
};

/** The facts of rulebook §3, from the states of the streams and the rules in force. Pure. */
export const eligibilityFacts = (
  session: StartedSession,
  states: EligibilityStates,
  rules: RuleSet,
): EligibilityFacts => {
  const { company, device } = states;
  const registered = company.status === 'registered' ? company : null;
  return {
    aiActivated: registered?.aiActivated ?? false,
    planCovered: registered !== null && rules.plansCovered.includes(registered.plan),
    platformSupported: rules.platforms.includes(session.platform),
    outgoing: outgoingFacts(session, states, rules),
    incoming: session.paths.includes('incoming')
      ? {
          optionOn: registered?.incoming ?? false,
          ...incomingDeviceFacts(device ?? { status: 'not-enrolled' }),
        }
      : null,
  };
};

type Read<State> = Pick<Loaded<State>, 'state' | 'revision'>;
type Sourced<State> = Readonly<{ stream: string; loaded: Read<State> }>;

const known = (sources: readonly (Sourced<unknown> | null)[]): FactsRead['inputs'] =>
  sources
    .filter((source) => source !== null)
    .filter((source) => source.loaded.revision >= 0)
    .map(({ stream, loaded }) => ({ stream, revision: loaded.revision }));

type Source<State, Event extends DomainEvent> = Readonly<{
  aggregate: Aggregate<State, Event>;
  stream: string | null;
}>;

type FactDeps = Readonly<{
  handler: CommandHandler;
  store: Pick<EventStore, 'readStream'>;
  ruleBook: RuleBook;
}>;

/** The fold of a stream's events that stand in the log up to a position. */
const foldUpTo = async <State, Event extends DomainEvent>(
  store: FactDeps['store'],
  source: Readonly<{ aggregate: Aggregate<State, Event>; stream: string }>,
  upTo: number,
): Promise<E.Either<HandlingFailure, Read<State>>> => {
  const { aggregate, stream } = source;
  let state = aggregate.initialState();
  let revision = -1;
  for await (const page of store.readStream(stream)) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) {
      if (stored.position > upTo) return E.right({ state, revision });
      const decoded = decodeEvent(aggregate.events, stored);
      if (E.isLeft(decoded)) return decoded;
      if (!isCommandEvent(stored.type)) state = aggregate.evolve(state, decoded.right as Event);
      ({ revision } = stored);
    }
  }
  return E.right({ state, revision });
};

const loadFact = async <State, Event extends DomainEvent>(
  deps: FactDeps,
  { aggregate, stream }: Source<State, Event>,
  upTo: number,
): Promise<E.Either<HandlingFailure, Sourced<State> | null>> => {
  if (stream === null) return E.right(null);
  const now = await deps.handler.load(aggregate, stream)();
  if (E.isLeft(now)) return now;
  if (now.right.position <= upTo) return E.right({ stream, loaded: now.right });
  const then = await foldUpTo(deps.store, { aggregate, stream }, upTo);
  return E.isLeft(then) ? then : E.right({ stream, loaded: then.right });
};

/** When facts are looked at: `at` decides the rules; of the log, everything or what stands up to a position. */
export type FactsAt = Readonly<{ at: Instant; upTo: number }>;

/** Reads the facts as they stood at a position of the log, each with the revision that it was read at. */
export const readFactsAt =
  (deps: FactDeps) =>
  (
    company: string,
    session: StartedSession,
    { at, upTo }: FactsAt,
  ): TE.TaskEither<HandlingFailure, FactsRead> =>
  async () => {
    const { supporterId, deviceId } = session;
    const idStream = (category: 'user' | 'device', id: string | null): string | null =>
      id === null ? null : streamOf(category, company, id);
    const [ofCompany, ofUser, ofDevice] = await Promise.all([
      loadFact(deps, { aggregate: companies, stream: companyStream(company) }, upTo),
      loadFact(deps, { aggregate: users, stream: idStream('user', supporterId) }, upTo),
      loadFact(deps, { aggregate: devices, stream: idStream('device', deviceId) }, upTo),
    ]);
    if (E.isLeft(ofCompany)) return ofCompany;
    if (E.isLeft(ofUser)) return ofUser;
    if (E.isLeft(ofDevice)) return ofDevice;
    const states = {
      company: ofCompany.right?.loaded.state ?? companies.initialState(),
      user: ofUser.right?.loaded.state ?? null,
      device: ofDevice.right?.loaded.state ?? null,
    };
    const inputs = known([ofCompany.right, ofUser.right, ofDevice.right]);
    const facts = eligibilityFacts(session, states, rulesAt(deps.ruleBook, at));
    return E.right({ facts, inputs });
  };

/** Reads the facts from their streams as they are now. */
export const readFacts =
  (deps: FactDeps) =>
  (
    company: string,
    session: StartedSession,
    at: Instant,
  ): TE.TaskEither<HandlingFailure, FactsRead> =>
    readFactsAt(deps)(company, session, { at, upTo: Infinity });
