/**
 * Daybook's events in a Node service: in order per company, each effect once, through crashes of either
 * side. Needs nothing of Daybook but its published contracts, and a nats-server 2.9.4 or newer. The README
 * says what it rests on; `test/` proves it on a real server, with processes that are killed.
 */
export { byType, type HandlersByType } from './by-type.js';
export * from './checkpoint.js';
export { publishedData } from './contracts/index.js';
export {
  type DataOf,
  type EventOf,
  type NotRead,
  type PublishedEvent,
  type PublishedTypeName,
  readEvent,
} from './event.js';
export type * from './options.js';
export { listParked, type ParkedLetter, type Retried, retryParked } from './parked.js';
export { type Permissions, permissionsOf, userEntryOf } from './permissions.js';
export {
  DurableDiffers,
  type PrepareOptions,
  prepareSubscriber,
  type StartFrom,
} from './prepare.js';
export type { Counters, State } from './progress.js';
export type { Credentials, Place } from './settings.js';
export { makeSqliteCheckpoint, type SqliteDatabase } from './sqlite-checkpoint.js';
export { subjectFilter } from './subject-filter.js';
export {
  defaultRetry,
  startSubscriber,
  type Subscriber,
  type SubscriberMetrics,
} from './subscriber.js';
