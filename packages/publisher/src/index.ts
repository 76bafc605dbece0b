/**
 * The way out for other services: contracts of what is published (CloudEvents, JSON Schemas, AsyncAPI) and
 * the relay that brings the log to NATS JetStream, in order, each event exactly once in its stream. The
 * README says what it rests on.
 */
export * from './config/index.js';
export * from './contracts/index.js';
export * from './nats/index.js';
export * from './relay/index.js';
