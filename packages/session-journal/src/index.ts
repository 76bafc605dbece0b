/**
 * How sessions come in from files: the session journal (JSON Lines) and TeamViewer's own logs of
 * connections, read as streams with every line's own outcome.
 *
 * Guarantees: a bad line never stops the rest; a problem names line, field and reason and never
 * repeats what the line says; memory does not grow with the file; the same file gives the same
 * entries and ids. What a log does not tell leads to refusal, never to capture (rulebook §3).
 * The format is described in README.md and schema/session-journal.schema.json; `test/` proves both.
 */
export {
  accessControlOf,
  decodeEntry,
  entryTypes,
  writeEntry,
  type AccessControlWord,
  type Action,
  type AssistantMessage,
  type Chat,
  type ConsentWithdrawn,
  type JournalEntry,
  type PromptAnswered,
  type PromptTimedOut,
  type SessionEnded,
  type SessionStarted,
  type WrittenEntry,
} from './journal/entry.js';
export { makeItemNaming, type ItemNaming } from './journal/item-naming.js';
export { InstantText } from './journal/values.js';
export {
  parseJournalLine,
  readJournal,
  type JournalLine,
  type JournalOptions,
} from './journal/read-journal.js';
export type { Fault, LineProblem } from './line-problem.js';
export type { ReadLine, TextSource } from './lines/text-lines.js';
export { sniffFormat, type FileFormat } from './sniff-format.js';
export {
  connectionModes,
  parseConnection,
  type ConnectionMode,
  type ConnectionRecord,
  type LogKind,
} from './teamviewer/connection-record.js';
export { entriesOf, type KnownEnd, type LogMapping } from './teamviewer/entries-of.js';
export { readTeamViewerLog, type LogLine } from './teamviewer/read-log.js';
export {
  reportOf,
  sessionTypes,
  type ConnectionReport,
  type ReportKind,
  type SessionType,
} from './teamviewer/connection-report.js';
export { entriesOfReport, type ReportMapping } from './teamviewer/report-entries.js';
export {
  isReportHeader,
  makeReportRowReader,
  readReportHeader,
  reportColumnNames,
  type GivenColumns,
  type ReportHeader,
  type ReportRowReader,
} from './teamviewer/report-columns.js';
export { readReports, type ReportLine } from './teamviewer/read-reports.js';
export {
  reportPages,
  reportsAddress,
  type ReportsApi,
  type ReportsAsked,
  type ReportsPage,
} from './teamviewer/reports-client.js';
export type { ReportsFailure } from './teamviewer/reports-failure.js';
