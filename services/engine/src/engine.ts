import { makeCommandHandler } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import type { EventStore } from '@daybook/event-store';
import type { JournalEntry } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import { runBulk } from './bulk.js';
import type { Call } from './call.js';
import { checkedRules, type RuleBookInvalid } from './checked-rules.js';
import { openCheckpoints, type Checkpoints, type CheckpointsUnavailable } from './checkpoints.js';
import { runCompanyCommand } from './company-commands.js';
import type { CompanyCommand } from './company-command.js';
import type { EngineConfig, PositionUnit } from './config.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import { grantsProcess } from './grants-process.js';
import { keepHouse } from './housekeeping.js';
import { importEntries, type ImportCounts, type ImportRequest } from './import-journal.js';
import { insightsProcess } from './insights-process.js';
import { openNotes, type NotesFile } from './notes-file.js';
import { openLog, type SourceProblem } from './log-source.js';
import { ownStreams } from './own-streams.js';
import { makeProcessRunner, type ProcessFailure, type ProcessRunner } from './process-runner.js';
import { regenerateSummary } from './regenerate-summary.js';
import { retryingOf } from './retry.js';
import { makeRedactionMemory } from './redaction-memory.js';
import { recordEntry, type EntryAnswer, type EntrySource } from './session-flow.js';
import type { Scheduler } from './scheduler/scheduler.js';
import { openSnapshots } from './snapshots.js';
import { issueStatement } from './statement.js';
import { deleteSummary, editSummary, type SummaryEdit } from './summary-commands.js';
import { makeTimekeeping } from './timekeeping.js';
import { processWork, type ProcessWork } from './unfinished-work.js';

/** The writing side of Daybook on one node: every command goes through here. */
export type Engine = Readonly<{
  /** What is Daybook's of the log. */
  store: EventStore;
  /** All that the log holds, also of whoever else writes to it: for who serves it. */
  wholeLog: EventStore;
  /** What a difference of two positions counts; an event store numbers bytes. */
  positionsAre: PositionUnit;
  company: (call: Call, command: CompanyCommand) => Promise<CommandAnswer>;
  /** One setting for many users or devices; tells what became of each while the rest is under way. */
  bulk: ReturnType<typeof runBulk>;
  entry: (call: Call, entry: JournalEntry, source: EntrySource) => Promise<EntryAnswer>;
  importEntries: (request: ImportRequest) => Promise<E.Either<ProcessFailure, ImportCounts>>;
  editSummary: (call: Call, edit: SummaryEdit) => Promise<CommandAnswer>;
  deleteSummary: (call: Call, sessionId: string) => Promise<CommandAnswer>;
  /** The summary of an ended session again, from what was captured: a new revision by the summarizer. */
  regenerateSummary: ReturnType<typeof regenerateSummary>;
  /** What the processes have passed without having done it. */
  work: ProcessWork;
  /** Closes a month of the company's account; `call.at` is when. */
  issueStatement: ReturnType<typeof issueStatement>;
  /** What is due for a company by `now` because time has passed. */
  keepHouse: ReturnType<typeof keepHouse>;
  /** Does what is due because time passes, when it is due. */
  scheduler: Scheduler;
  processes: Readonly<{
    insights: ProcessRunner;
    grants: ProcessRunner;
    /** Decides running sessions again when a fact changes; commands and entries wait for it themselves. */
    reconsider: ProcessRunner;
  }>;
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

/** A summary that a person has asked for need not be asked for again: its parked work finds it made. */
const closingParked =
  (run: Engine['regenerateSummary'], work: ProcessWork): Engine['regenerateSummary'] =>
  async (call, wanted) => {
    const answer = await run(call, wanted);
    if (E.isLeft(answer)) return answer;
    const stream = streamOf('session', call.company, wanted.sessionId);
    const parked = work.list({ state: 'parked', process: 'insights', stream, limit: 1 });
    const closed = await work.retry(parked.map(({ eventId }) => eventId));
    return E.isLeft(closed) ? closed : answer;
  };

/** An embedded log has one writer, unless it is served to others that may write. */
const isShared = ({ source, isLogShared }: EngineConfig): boolean =>
  isLogShared ?? source?.kind === 'esdb';

const handlerOf = (
  { observer }: EngineConfig,
  options: Parameters<typeof makeCommandHandler>[0],
): CommandDeps['handler'] => {
  const handler = makeCommandHandler(options);
  return observer?.handler(handler) ?? handler;
};

type Files = Readonly<{
  wholeLog: EventStore;
  store: EventStore;
  positionsAre: PositionUnit;
  checkpoints: Checkpoints;
  notes: NotesFile;
}>;

const openFiles = async (
  config: EngineConfig,
): Promise<E.Either<SourceProblem | CheckpointsUnavailable, Files>> => {
  const opened = await openLog(config, config.clock);
  if (E.isLeft(opened)) return opened;
  const wholeLog = config.observer?.store(opened.right) ?? opened.right;
  const checkpoints = openCheckpoints(config.directory);
  if (E.isLeft(checkpoints)) {
    await wholeLog.close();
    return checkpoints;
  }
  const notes = openNotes(config.directory);
  if (E.isLeft(notes)) {
    checkpoints.right.close();
    await wholeLog.close();
    return notes;
  }
  const store = ownStreams(wholeLog);
  const positionsAre = config.source?.kind === 'esdb' ? 'bytes' : 'events';
  return E.right({
    wholeLog,
    store,
    positionsAre,
    checkpoints: checkpoints.right,
    notes: notes.right,
  });
};

/** Opens the log, and what the node keeps beside it: an embedded log as its one writer. */
export const openEngine = async (
  config: EngineConfig,
): Promise<E.Either<SourceProblem | CheckpointsUnavailable | RuleBookInvalid, Engine>> => {
  const rules = checkedRules(config.ruleBook);
  if (E.isLeft(rules)) return rules;
  const files = await openFiles(config);
  if (E.isLeft(files)) return files;
  const { wholeLog, store, positionsAre, checkpoints, notes } = files.right;
  const kept = openSnapshots(config);
  const { ruleBook, summarizer, notice } = config;
  const manyWriters = isShared(config);
  const options = { store, ruleBook, soleWriter: !manyWriters, ...kept.options };
  const deps = { handler: handlerOf(config, options), ruleBook, store };
  const retry = retryingOf(config);
  const insightsDeps = {
    ...deps,
    summarizer,
    retry,
    concurrency: config.summariesAtOnce,
    ...(config.onSummaryFailure === undefined ? {} : { onFailure: config.onSummaryFailure }),
  };
  const grants = makeProcessRunner(store, checkpoints, { ...grantsProcess(deps), retry });
  const insights = makeProcessRunner(store, checkpoints, insightsProcess(insightsDeps));
  const { scheduler, reconsider, factsFirst, busy } = makeTimekeeping(
    { deps, ...files.right, manyWriters },
    config,
  );
  const work = processWork(checkpoints, { insights, grants, reconsider }, config.clock);
  const company = factsFirst.company(withGrants(runCompanyCommand(deps), grants));
  const redaction = makeRedactionMemory(store, { manyWriters });
  const sessionDeps = { ...deps, notice, redaction, factsFirst };
  const record = recordEntry(sessionDeps);
  const importAll = importEntries({ ...sessionDeps, manyWriters }, insights);
  return E.right({
    store,
    wholeLog,
    positionsAre,
    company,
    bulk: runBulk({ ...deps, run: company }),
    entry: (call, entry, source) =>
      factsFirst.entry(call.company, () => record(call, entry, source)),
    importEntries: (request) => busy.during(request.company, () => importAll(request)),
    editSummary: editSummary(deps),
    deleteSummary: deleteSummary(deps),
    regenerateSummary: closingParked(regenerateSummary(insightsDeps), work),
    work,
    issueStatement: issueStatement(deps),
    keepHouse: keepHouse(deps),
    scheduler,
    processes: { insights, grants, reconsider },
    close: async () => {
      notes.close();
      checkpoints.close();
      kept.close();
      await store.close();
    },
  });
};
