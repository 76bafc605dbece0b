/**
 * What tests of projections share: logs of encoded domain events, a filled read model, and the laws that every
 * projection proves. Only tests import it.
 */
export * from './log.js';
export * from './laws.js';
