import { decodeEvent, type Aggregate } from '@daybook/command-handling';
import { isCommandEvent } from '@daybook/domain/all-events';
import { partsOf, type DomainEvent } from '@daybook/domain/kernel';
import {
  decideEligibility,
  withConsent,
  type SessionEvent,
  type SessionState,
} from '@daybook/domain/session-insights';
import type { RuleBook } from '@daybook/domain/rules';
import type { StoredEvent } from '@daybook/event-store';
import * as aggregates from '../../src/aggregates.js';
import { eligibilityFacts } from '../../src/facts.js';
import { COMPANY, right } from '../in-memory-engine.js';
import type { Logged } from './log-walk.js';

/** The states of one category's streams as the log goes on. */
const following = <State, Event extends DomainEvent>(aggregate: Aggregate<State, Event>) => {
  const states = new Map<string, State>();
  return {
    at: (stream: string): State => states.get(stream) ?? aggregate.initialState(),
    hear: (stored: StoredEvent): void => {
      if (isCommandEvent(stored.type)) return;
      const before = states.get(stored.stream) ?? aggregate.initialState();
      const event = right(decodeEvent(aggregate.events, stored)) as Event;
      states.set(stored.stream, aggregate.evolve(before, event));
    },
  };
};

const isText = ({ type }: StoredEvent): boolean =>
  type === 'ContentCaptured' || type === 'AssistantMessageAnswered';

/**
 * Texts that were taken in although the facts that stood before them in the log gave no basis: a
 * decision was still in force that should have been replaced (rulebook §3).
 */
export const replacedFacts = (
  events: readonly StoredEvent[],
  log: readonly Logged[],
  ruleBook: RuleBook,
): readonly string[] => {
  const companies = following(aggregates.companies);
  const users = following(aggregates.users);
  const devices = following(aggregates.devices);
  const sessions = following(aggregates.sessions);
  const known = { company: companies, user: users, device: devices, session: sessions } as const;
  const rules = new Map<string, string>();
  const faults: string[] = [];
  const basisNow = (stream: string, state: SessionState): string | null => {
    const used = ruleBook.find(({ version }) => version === rules.get(stream));
    if (state.status === 'not-started' || used === undefined) return null;
    const { supporterId, deviceId } = state.started;
    const states = {
      company: companies.at(`company-${COMPANY}`),
      user: supporterId === null ? null : users.at(`user-${COMPANY}_${supporterId}`),
      device: deviceId === null ? null : devices.at(`device-${COMPANY}_${deviceId}`),
    };
    const facts = eligibilityFacts(state.started, states, used);
    return decideEligibility(withConsent(facts, state.consent)).basis;
  };
  for (const [index, stored] of events.entries()) {
    const { stream, type, position } = stored;
    if (isText(stored) && basisNow(stream, sessions.at(stream)) === null)
      faults.push(`#${position} ${type} of ${stream}: the facts gave no basis any more`);
    const { category } = partsOf(stream);
    if (category in known) known[category as keyof typeof known].hear(stored);
    const version = log[index]?.metadata.ruleVersion;
    const decided: SessionEvent['type'] = 'EligibilityDecided';
    if (type === decided && version !== undefined) rules.set(stream, version);
  }
  return faults;
};
