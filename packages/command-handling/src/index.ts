/**
 * Load, decide, append. One mailbox per stream: commands that wait are decided against the fold in
 * memory and written with one expected revision; a conflict reloads and decides again, a bounded
 * number of times. A command id names its answer for ever, refusals included.
 */
export * from './aggregate.js';
export * from './command-handler.js';
export { decodeEvent } from './encode.js';
export { eventIdOf } from './event-id.js';
export type * from './snapshots.js';
