import { makeCommandHandler } from '@daybook/command-handling';
import type { EventStore } from '@daybook/event-store';
import { openSqliteEventStore, type OpenError } from '@daybook/event-store-sqlite';
import type { JournalEntry } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import { runBulk } from './bulk.js';
import type { Call } from './call.js';
import { checkedRules, type RuleBookInvalid } from './checked-rules.js';
import { openCheckpoints, type CheckpointsUnavailable } from './checkpoints.js';
import { runCompanyCommand } from './company-commands.js';
import type { CompanyCommand } from './company-command.js';
import { logDirectory, type EngineConfig } from './config.js';
import type { CommandAnswer } from './deps.js';
import { grantsProcess } from './grants-process.js';
import { keepHouse } from './housekeeping.js';
import { importEntries, type ImportCounts, type ImportRequest } from './import-journal.js';
import { insightsProcess } from './insights-process.js';
import { makeProcessRunner, type ProcessFailure, type ProcessRunner } from './process-runner.js';
import { makeRedactionMemory } from './redaction-memory.js';
import { recordEntry, type EntryAnswer, type EntrySource } from './session-flow.js';
import { openSnapshots } from './snapshots.js';
import { issueStatement } from './statement.js';
import { deleteSummary, editSummary, type SummaryEdit } from './summary-commands.js';

/** The writing side of Daybook on one data directory: every command goes through here. */
export type Engine = Readonly<{
  store: EventStore;
  company: (call: Call, command: CompanyCommand) => Promise<CommandAnswer>;
  /** One setting for many users or devices; tells what became of each while the rest is under way. */
  bulk: ReturnType<typeof runBulk>;
  entry: (call: Call, entry: JournalEntry, source: EntrySource) => Promise<EntryAnswer>;
  importEntries: (request: ImportRequest) => Promise<E.Either<ProcessFailure, ImportCounts>>;
  editSummary: (call: Call, edit: SummaryEdit) => Promise<CommandAnswer>;
  deleteSummary: (call: Call, sessionId: string) => Promise<CommandAnswer>;
  /** Closes a month of the company's account; `call.at` is when. */
  issueStatement: ReturnType<typeof issueStatement>;
  /** What is due for a company by `now` because time has passed. */
  keepHouse: ReturnType<typeof keepHouse>;
  processes: Readonly<{ insights: ProcessRunner; grants: ProcessRunner }>;
  close: () => Promise<void>;
}>;

/** Months are granted in the same breath as the command that earns them; the process makes up for a crash. */
const withGrants =
  (
    run: (call: Call, command: CompanyCommand) => Promise<CommandAnswer>,
    grants: ProcessRunner,
  ): Engine['company'] =>
  async (call, command) => {
    const answer = await run(call, command);
    const earnsCredits = command.command === 'ActivateAi' || command.command === 'ChangePlan';
    if (E.isLeft(answer) || !earnsCredits) return answer;
    const granted = await grants.runUntil(answer.right.position);
    return E.isLeft(granted) ? granted : answer;
  };

/** Opens the log of a data directory as its one writer. */
export const openEngine = async (
  config: EngineConfig,
): Promise<E.Either<OpenError | CheckpointsUnavailable | RuleBookInvalid, Engine>> => {
  const rules = checkedRules(config.ruleBook);
  if (E.isLeft(rules)) return rules;
  const opened = await openSqliteEventStore({
    directory: logDirectory(config.directory),
    clock: config.clock,
  })();
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const noted = openCheckpoints(config.directory);
  if (E.isLeft(noted)) {
    await store.close();
    return noted;
  }
  const checkpoints = noted.right;
  const kept = openSnapshots(config);
  const { ruleBook, summarizer, notice } = config;
  const deps = {
    handler: makeCommandHandler({ store, ruleBook, soleWriter: true, ...kept.options }),
    ruleBook,
    store,
  };
  const grants = makeProcessRunner(store, checkpoints, grantsProcess(deps));
  const insights = makeProcessRunner(
    store,
    checkpoints,
    insightsProcess({
      ...deps,
      summarizer,
      concurrency: config.summariesAtOnce,
      ...(config.onSummaryFailure === undefined ? {} : { onFailure: config.onSummaryFailure }),
    }),
  );
  const sessionDeps = { ...deps, notice, redaction: makeRedactionMemory(store) };
  return E.right({
    store,
    company: withGrants(runCompanyCommand(deps), grants),
    bulk: runBulk(deps),
    entry: recordEntry(sessionDeps),
    importEntries: importEntries(sessionDeps, insights),
    editSummary: editSummary(deps),
    deleteSummary: deleteSummary(deps),
    issueStatement: issueStatement(deps),
    keepHouse: keepHouse(deps),
    processes: { insights, grants },
    close: async () => {
      checkpoints.close();
      kept.close();
      await store.close();
    },
  });
};
