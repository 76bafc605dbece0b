/**
 * What every context is built from: envelopes, codecs, stream names, calendar arithmetic, invariants.
 * Pure: no clock, no randomness, no input or output.
 */
export * from './calendar.js';
export * from './codec.js';
export * from './decider.js';
export * from './event.js';
export * from './invariant.js';
export * from './metadata.js';
export * from './protected.js';
export * from './stream-name.js';
