/**
 * The event store port, what its adapters share, and the store in memory. The guarantees are written in
 * `event-store.ts`; `@daybook/event-store/contract` proves them, one suite without options for every adapter.
 */
export * from './event-store.js';
export { firstRevisionAfter, isRepeat, rejectionOf } from './append-rules.js';
export { type CommitSignal, makeCommitSignal } from './commit-signal.js';
export * from './copy-log/index.js';
export { type InMemoryEventStoreOptions, makeInMemoryEventStore } from './in-memory-event-store.js';
export {
  type AllPageRequest,
  DEFAULT_PAGE_EVENTS,
  type LogPages,
  makeReadSide,
  type ReadSide,
  type StreamPageRequest,
} from './read-side.js';
