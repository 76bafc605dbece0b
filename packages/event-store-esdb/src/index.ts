/**
 * The event store port on EventStoreDB and KurrentDB, through `@eventstore/db-client` 6.2.1. It gives the
 * promises of `@daybook/event-store`, proved by the same contract suite over a real socket; which defects of the client
 * it is built around stands where each would strike. The README says what differs from the embedded store.
 */
export type { InvalidConnection } from './connection-settings.js';
export { type EsdbEventStoreOptions, makeEsdbEventStore } from './esdb-event-store.js';
