/**
 * Where the relay publishes and as whom: decoded from an environment, or a JSON file that it names, once. Every
 * problem is told at once, by variable, expected form and example, and never by what was written: it may be a secret.
 */
export { relayConfigFrom, type RelayConfig } from './relay-config.js';
export { type ConfigProblem, configProblemsInWords, type Environment } from './problems.js';
