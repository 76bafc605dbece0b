/**
 * Any decision on the table: what was decided, by which rule and version, from which facts at which
 * revisions, and evaluated again from them. Reads the log and nothing else.
 */
export { explainCompany, type CompanyExplanation } from './company.js';
export type { ExplainedChange } from './changes.js';
export {
  explainCharges,
  type ExplainedCharge,
  type ExplainedCredits,
  type RefusedCharge,
} from './charges.js';
export {
  explainDevice,
  type DeviceExplanation,
  type PendingPolicy,
  type PolicyVersion,
} from './device.js';
export { isWithin, type Moment } from './moment.js';
export { explainSession, type ExplainedDecision, type SessionExplanation } from './session.js';
export { explainSummary, type ExplainedSummary, type SummaryProvenance } from './summary.js';
export { explainUser, type UserExplanation } from './user.js';
export {
  beforeSession,
  replaySession,
  type ReplayedStep,
  type ReplayStep,
  type SessionMoment,
} from './replay.js';
export { momentInWords, viewsOf, type SessionViews } from './views.js';
