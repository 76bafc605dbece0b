/**
 * The event store embedded in a directory: SQLite, write-ahead log, synced before every acknowledgement. One
 * writer, any number of readers beside it in other processes and threads. It keeps the contract of
 * `@daybook/event-store` (proved in `test/`); its README says what is on disk and what limits it.
 */
export type * from './open-error.js';
export {
  openSqliteEventReader,
  type SqliteEventReader,
  type SqliteEventReaderOptions,
} from './open-reader.js';
export {
  openSqliteEventStore,
  type SqliteEventStore,
  type SqliteEventStoreOptions,
} from './open-store.js';
export { type LogProblem, type LogVerification, verifySqliteLog } from './verify.js';
