/**
 * Session Insights of one session: may it be summarised, on which basis, what was captured, which
 * charge pays. Rulebook §3; the capture gate is proved in test/session-insights.
 */
export * from './commands.js';
export * from './decide.js';
export { withConsent } from './decision.js';
export { decisionTable, type DecisionRule, type DecisionTable } from './decision-table.js';
export * from './eligibility.js';
export * from './events.js';
export * from './session.js';
