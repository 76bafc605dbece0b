/**
 * Companies and users: plan, AI activation, the two summaries options, session logging (rulebook
 * §2.1–2.3). Pure deciders; the laws are proved in `test/organization`.
 */
export * from './authority.js';
export * from './company.js';
export * from './company-commands.js';
export * from './company-state.js';
export * from './events.js';
export * from './select-users.js';
export * from './user.js';
