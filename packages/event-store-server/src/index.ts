/**
 * Any event store served over the EventStoreDB gRPC protocol, so that the official clients of any language read,
 * append and subscribe. What is served, how it maps and what limits it is in the README; `test/` proves it with the
 * clients themselves over sockets.
 */
export type { Credentials } from './authentication.js';
export type { MayWrite } from './write-guard.js';
export {
  type EventStoreServer,
  type EventStoreServerOptions,
  type ListenProblem,
  startEventStoreServer,
} from './server.js';
