/**
 * The engine on one node: commands in, events written, processes run, read models filled.
 * `openEngine` is the one writer; `openQueries` reads beside it, from any process.
 */
export * from './audit/index.js';
export type { BulkCommand, BulkOutcome, BulkStopped, DeviceSelection } from './bulk.js';
export { system, type Call } from './call.js';
export {
  companyCommandNames,
  decodeActor,
  decodeCompanyCommand,
  type CommandProblem,
  type CompanyCommand,
} from './company-command.js';
export {
  defaultNotice,
  logDirectory,
  readModelDirectory,
  type EngineConfig,
  type LogSource,
  type Place,
} from './config.js';
export { consentReceipt, type ConsentReceipt } from './consent-receipt/index.js';
export type { CommandAnswer } from './deps.js';
export { readDeviceTimeline, type TimelineEntry } from './device-timeline.js';
export { openEngine, type Engine } from './engine.js';
export {
  connectToLog,
  embedded,
  openLog,
  openLogReader,
  openWholeLogReader,
  withLogReader,
  type LogReader,
  type SourceProblem,
} from './log-source.js';
export { ownLogIn } from './log-identity.js';
export type { RuleBookInvalid } from './checked-rules.js';
export { isOfTheStore, logContentDigest } from './content-digest.js';
export * from './explain/index.js';
export { consentStates } from '@daybook/consent-register';
export { readHistoricBalance, type HistoricBalanceAnswer } from './historic-balance.js';
export {
  callForEntry,
  type ImportCounts,
  type ImportProgress,
  type ImportRequest,
  type InputLine,
} from './import-journal.js';
export { importSetup, parseSetupLine, type SetupLine, type SetupOutcome } from './import-setup.js';
export * from './metrics/index.js';
export {
  inspectReadModels,
  readCheckpoints,
  readModelNames,
  rebuildReadModel,
  type ReadModelCondition,
  type RebuiltReadModel,
} from './maintenance.js';
export { makeProcessRunner, type ProcessFailure, type ProcessRunner } from './process-runner.js';
export {
  catchUpReadModels,
  startProjectionThread,
  type ProjectionThread,
  type ReadModelFailure,
} from './projections.js';
export {
  closeReadModels,
  definitions,
  openReadModels,
  type ReadModelProblem,
  type ReadModels,
} from './read-models.js';
export { openQueries, type Queries, type QueriesProblem } from './queries.js';
export { startProcesses, type Running } from './running.js';
export { timerClock, type Clock } from './scheduler/clock.js';
export type { Scheduler, SchedulerFailure } from './scheduler/scheduler.js';
export type { EntryAnswer, EntryOutcome } from './session-flow.js';
export { accounts } from './aggregates.js';
export { openSnapshots, type KeptSnapshots } from './snapshots.js';
export { readStatement, type StatementAnswer } from './statement.js';
export { reconcileCompany, type PortalLine, type Reconciliation } from './reconcile.js';
export type { SummaryEdit } from './summary-commands.js';
export {
  openCheckpoints,
  readUnfinished,
  readUnfinishedList,
  type Checkpoints,
  type UnfinishedReport,
} from './checkpoints.js';
export { insightsProcess } from './insights-process.js';
export type { UnfinishedCounts, UnfinishedFilter, UnfinishedWork } from './parked.js';
export type { RegenerateAnswer, RegenerateSummary } from './regenerate-summary.js';
export { defaultRetryPolicy, type RetryPolicy } from './retry.js';
export type { ProcessCounts, ProcessWork } from './unfinished-work.js';
export { visibleSummaries, type VisibleSummaries } from './summary-queries.js';
export { operator, viewerFor, type Viewer, type ViewerUnknown } from './viewer.js';
export * from './what-if/index.js';
export { verifyLog } from './verify-log.js';
export { reasonInWords, refusalInWords } from './words.js';
// What a program needs to compose and to look after an engine, so that it depends on the engine alone.
export type { HandlingFailure } from '@daybook/command-handling';
export type { StoredEvent } from '@daybook/event-store';
export {
  openSqliteEventReader,
  type LogProblem,
  type LogVerification,
  type OpenError,
  type SqliteEventReader,
} from '@daybook/event-store-sqlite';
export {
  networkOf,
  openWebhooks,
  startWebhooks,
  type AddRefused,
  type DestinationRules,
  type Endpoint,
  type EndpointNotFound,
  type WebhookRegistry,
  type WebhooksUnavailable,
  type WithSecret,
} from '@daybook/webhooks';
export {
  makeExtractiveSummarizer,
  makeOpenAiSummarizer,
  type OpenAiSummarizerConfig,
  type Summarizer,
} from '@daybook/summarizer';
