import { allEvents, type StoredEventType } from '@daybook/domain/all-events';
import type { Contract } from './contract.js';
import { creditContracts } from './credits.js';
import { devicePolicyContracts } from './device-policy.js';
import { organizationContracts } from './organization.js';
import { sessionInsightsContracts } from './session-insights.js';
import { summaryContracts } from './summaries.js';

/** Every published event, the one table of contracts. */
export const contracts: readonly Contract[] = [
  ...organizationContracts,
  ...devicePolicyContracts,
  ...sessionInsightsContracts,
  ...summaryContracts,
  ...creditContracts,
];

/** Stored events that stay inside, and why. Every stored type is either here or has a contract. */
export const notPublished: Readonly<Partial<Record<StoredEventType, string>>> = {
  ContentCaptured: 'It is session text, item by item; a summary is what leaves.',
  CommandRefused: 'It is what was tried and did not happen; auditors read it in the log.',
  CommandChangedNothing: 'It is what was asked and already so; nothing has happened.',
};

const byStoredType: ReadonlyMap<string, Contract> = new Map(
  contracts.map((contract) => [contract.storedType, contract]),
);

/** The contract that a stored type is published under, or undefined when it stays inside. */
export const contractOf = (storedType: string): Contract | undefined =>
  byStoredType.get(storedType);

/** Stored types that reach subscribers: the filter of the relay and of every other way out. */
export const publishedStoredTypes: readonly StoredEventType[] = contracts.map(
  ({ storedType }) => storedType,
);

/** Stored types for which nobody has decided yet whether they leave. They stay inside until then. */
export const undecidedStoredTypes = (): readonly string[] =>
  Object.keys(allEvents).filter(
    (type) => !byStoredType.has(type) && !Object.hasOwn(notPublished, type),
  );
