/**
 * Daybook over HTTP: the commands and queries of the command line as JSON, an OpenAPI 3.1 document of
 * what it takes and gives, problems as RFC 9457. It decides nothing: the engine does, and read models
 * answer. On loopback unless told otherwise, because callers are taken at their word (README).
 */
export { defaultLimits, type ApiOptions, type Limits } from './deps.js';
export { makeApi } from './make-api.js';
export {
  startApi,
  stopApi,
  type Listening,
  type ListenAt,
  type ListenProblem,
} from './start-api.js';
export type { LogReader } from './log-reader.js';
