import type { Aggregate, CommandHandler, HandlingFailure, Loaded } from '@daybook/command-handling';
import {
  incomingDeviceFacts,
  moreRestrictive,
  type DeviceState,
} from '@daybook/domain/device-policy';
import { companyStream, streamOf, type Instant } from '@daybook/domain/kernel';
import type { CompanyState, UserState } from '@daybook/domain/organization';
import { rulesAt, type RuleBook, type RuleSet } from '@daybook/domain/rules';
import type { EligibilityFacts, FactsRead, StartSession } from '@daybook/domain/session-insights';
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

type Sourced<State> = Readonly<{ stream: string; loaded: Loaded<State> }>;

const known = (sources: readonly (Sourced<unknown> | null)[]): FactsRead['inputs'] =>
  sources
    .filter((source) => source !== null)
    .filter((source) => source.loaded.revision >= 0)
    .map(({ stream, loaded }) => ({ stream, revision: loaded.revision }));

type Source<State> = Readonly<{ aggregate: Aggregate<State, never>; stream: string | null }>;

const loadFact = async <State>(
  handler: CommandHandler,
  { aggregate, stream }: Source<State>,
): Promise<E.Either<HandlingFailure, Sourced<State> | null>> => {
  if (stream === null) return E.right(null);
  const loaded = await handler.load(aggregate, stream)();
  return E.isLeft(loaded) ? loaded : E.right({ stream, loaded: loaded.right });
};

/** Reads the facts from their streams, each with the revision that it was read at. */
export const readFacts =
  (deps: Readonly<{ handler: CommandHandler; ruleBook: RuleBook }>) =>
  (
    company: string,
    session: StartedSession,
    at: Instant,
  ): TE.TaskEither<HandlingFailure, FactsRead> =>
  async () => {
    const { supporterId, deviceId } = session;
    const idStream = (category: 'user' | 'device', id: string | null): string | null =>
      id === null ? null : streamOf(category, company, id);
    const [ofCompany, ofUser, ofDevice] = await Promise.all([
      loadFact(deps.handler, { aggregate: companies, stream: companyStream(company) }),
      loadFact(deps.handler, { aggregate: users, stream: idStream('user', supporterId) }),
      loadFact(deps.handler, { aggregate: devices, stream: idStream('device', deviceId) }),
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
