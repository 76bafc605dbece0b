/**
 * The relay: the log to a broker's stream, in order, each published event once. The stream's own tail is the
 * checkpoint and every write is fenced by the sequence that it follows, so crashes of either side leave no gap,
 * no repeat and no disorder (`test/relay-crash.test.ts`, `npm run relay-loop`).
 */
export * from './broker.js';
export * from './health.js';
export * from './operations.js';
export { startRelay, type Relay, type RelayDeps } from './relay.js';
export type { CannotResume } from './resume.js';
export { defaultRelaySettings, type RelaySettings } from './settings.js';
export { companyToken, subjectOf } from './subject.js';
export { type Difference, type Verification, type VerifyOptions, verifyStream } from './verify.js';
