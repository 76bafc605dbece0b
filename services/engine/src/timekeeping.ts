import type { EventStore } from '@daybook/event-store';
import { makeBusyCompanies, type BusyCompanies } from './busy-companies.js';
import type { Checkpoints } from './checkpoints.js';
import type { EngineConfig } from './config.js';
import type { CommandDeps } from './deps.js';
import type { NotesFile } from './notes-file.js';
import { makeProcessRunner, type ProcessRunner } from './process-runner.js';
import { reconsiderProcess } from './reconsider-process.js';
import { makeFactTurns } from './reconsider/fact-turns.js';
import { makeFactsFirst, type FactsFirst } from './reconsider/facts-first.js';
import { openOpenSessions } from './reconsider/open-sessions.js';
import { retryingOf } from './retry.js';
import { openAgenda } from './scheduler/agenda.js';
import { timerClock } from './scheduler/clock.js';
import { expiryAlertDaysOf, makeScheduler, type Scheduler } from './scheduler/scheduler.js';

/** What happens because time passes, and because a fact has changed while sessions run. */
export type Timekeeping = Readonly<{
  scheduler: Scheduler;
  reconsider: ProcessRunner;
  factsFirst: FactsFirst;
  busy: BusyCompanies;
}>;

type Parts = Readonly<{
  deps: CommandDeps;
  store: EventStore;
  checkpoints: Checkpoints;
  notes: NotesFile;
  /** Other processes write to this log, too. Default: false. */
  manyWriters?: boolean;
}>;

export const makeTimekeeping = (
  { deps, store, checkpoints, notes, manyWriters = false }: Parts,
  config: Pick<EngineConfig, 'clock' | 'timer' | 'notice' | 'ruleBook' | 'retryPolicy'>,
): Timekeeping => {
  const { notice, ruleBook, timer = timerClock(config.clock) } = config;
  const retry = retryingOf(config);
  const openSessions = openOpenSessions(notes);
  const reconsider = makeProcessRunner(
    store,
    checkpoints,
    reconsiderProcess({ ...deps, store, openSessions, notice, manyWriters, retry }),
  );
  const turns = makeFactTurns();
  const agenda = openAgenda(notes, { expiryAlertDays: expiryAlertDaysOf(ruleBook) });
  const busy = makeBusyCompanies(() => scheduler.wake());
  const scheduler = makeScheduler({ ...deps, store, agenda, clock: timer, turns, ...busy });
  const factsFirst = makeFactsFirst({ store, turns, reconsider, manyWriters });
  return { scheduler, reconsider, factsFirst, busy };
};
