import type { Aggregate } from '@daybook/command-handling';
import * as credits from '@daybook/domain/credits';
import * as devicePolicy from '@daybook/domain/device-policy';
import type { DomainEvent, EventTable } from '@daybook/domain/kernel';
import * as organization from '@daybook/domain/organization';
import * as sessionInsights from '@daybook/domain/session-insights';
import * as summaries from '@daybook/domain/summaries';
import { accountSnapshots } from './account-snapshots.js';

type Folded<State, Event extends DomainEvent> = Readonly<{
  initialState: () => State;
  evolve: (state: State, event: Event) => State;
}>;

const aggregate = <State, Event extends DomainEvent>(
  decider: Folded<State, Event>,
  events: EventTable,
): Aggregate<State, Event> => ({
  events,
  initialState: decider.initialState,
  evolve: decider.evolve,
});

/** Each stream category's fold and codecs, in the shape that the command handler takes. */
export const companies = aggregate(organization.company, organization.companyEvents);
export const users = aggregate(organization.user, organization.userEvents);
export const policies = aggregate(devicePolicy.policy, devicePolicy.policyEvents);
export const groups = aggregate(devicePolicy.group, devicePolicy.groupEvents);
export const devices = aggregate(devicePolicy.device, devicePolicy.deviceEvents);
export const sessions = aggregate(sessionInsights.session, sessionInsights.sessionEvents);
export const sessionSummaries = aggregate(summaries.summary, summaries.summaryEvents);
export const accounts: Aggregate<credits.CreditAccount, credits.CreditEvent> = {
  ...aggregate(credits.creditAccount, credits.creditEvents),
  snapshots: accountSnapshots,
};
