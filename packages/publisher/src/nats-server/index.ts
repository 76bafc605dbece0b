/**
 * A real nats-server for tests, trials and crash loops: found on this machine, or unpacked from the
 * distribution's package without root. When there is none it says what to do; nothing is skipped.
 */
export { findNatsServer, type NatsServerNotFound } from './find.js';
export {
  startNatsServer,
  type NatsServer,
  type NatsServerOptions,
  requireNatsServer,
} from './start.js';
