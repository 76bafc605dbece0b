/** Summaries: generated, edited, deleted; provenance of every revision (rulebook §4). */
export * from './ai-mark.js';
export * from './authority.js';
export * from './commands.js';
export * from './events.js';
export * from './summary.js';
