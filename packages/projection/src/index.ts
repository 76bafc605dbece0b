/**
 * Read models in SQLite, filled from the log and from nothing else. One file per projection and version; rows and
 * checkpoint move in one transaction; the result does not depend on where pages begin, on redelivery
 * or on gaps, so a rebuild gives the same rows byte for byte. `./contract` holds the laws that every projection proves.
 */
export { catchUp, follow, PAGE_SIZE } from './catch-up.js';
export type * from './definition.js';
export { digest, dump } from './dump.js';
export type {
  CorruptEvent,
  ProjectionFailure,
  ReadModelMissing,
  ReadModelUnavailable,
} from './failure.js';
export { livePath } from './files.js';
export { lagOf, type Lag } from './lag.js';
export { pageRows, type PageRows, type RowKey } from './page-rows.js';
export {
  openProjection,
  type LogReader,
  type Projection,
  type ProjectionOptions,
} from './projection.js';
export { openReadModel, type ReadAt, type ReadModel } from './read-model.js';
export { rebuild, type Rebuilt, type RebuildOptions, type RebuildProgress } from './rebuild.js';
