import type { CommandHandler, HandlingFailure, Loaded } from '@daybook/command-handling';
import {
  incomingDeviceFacts,
  moreRestrictive,
  type DeviceState,
} from '@daybook/domain/device-policy';
import { companyStream, streamOf, type Instant } from '@daybook/domain/kernel';
import type { CompanyState, UserState } from '@daybook/domain/organization';
import { rulesAt, type RuleBook, type RuleSet } from '@daybook/domain/rules';
import type { EligibilityFacts, FactsRead, StartSession } from '@daybook/domain/session-insights';
import * as TE from 'fp-ts/lib/TaskEither.js';
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

/** Reads the facts from their streams, each with the revision that it was read at. */
export const readFacts =
  (deps: Readonly<{ handler: CommandHandler; ruleBook: RuleBook }>) =>
  (
    company: string,
    session: StartedSession,
    at: Instant,
  ): TE.TaskEither<HandlingFailure, FactsRead> =>
  async () => {
    const { handler, ruleBook } = deps;
    const streams = {
      company: companyStream(company),
      user: session.supporterId === null ? null : streamOf('user', company, session.supporterId),
      device: session.deviceId === null ? null : streamOf('device', company, session.deviceId),
    };
    const [ofCompany, ofUser, ofDevice] = await Promise.all([
      handler.load(companies, streams.company)(),
      streams.user === null ? null : handler.load(users, streams.user)(),
      streams.device === null ? null : handler.load(devices, streams.device)(),
    ]);
    if (ofCompany._tag === 'Left') return ofCompany;
    if (ofUser?._tag === 'Left') return ofUser;
    if (ofDevice?._tag === 'Left') return ofDevice;
    const states = {
      company: ofCompany.right.state,
      user: ofUser?.right.state ?? null,
      device: ofDevice?.right.state ?? null,
    };
    const inputs = known([
      { stream: streams.company, loaded: ofCompany.right },
      streams.user === null || ofUser === null
        ? null
        : { stream: streams.user, loaded: ofUser.right },
      streams.device === null || ofDevice === null
        ? null
        : { stream: streams.device, loaded: ofDevice.right },
    ]);
    const facts = eligibilityFacts(session, states, rulesAt(ruleBook, at));
    return { _tag: 'Right', right: { facts, inputs } };
  };
