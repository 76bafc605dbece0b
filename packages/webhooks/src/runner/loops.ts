import type Database from 'better-sqlite3';
import type { ReadError } from '@daybook/event-store';
import { unavailableFrom, type WebhooksUnavailable } from '../file/open.js';
import type { Bell } from './timer.js';
import { rest, step, type Worker, type WorkerDeps } from './worker.js';

export type WebhookProblem = Readonly<{
  /** Null: the whole sender. */
  endpoint: string | null;
  problem: ReadError | WebhooksUnavailable;
}>;

const LOOK_EVERY_MS = 1_000;
const AFTER_PROBLEM_MS = 5_000;
const ATTEMPTS_KEPT_MS = 30 * 24 * 3_600_000;
const DROP_EVERY_MS = 3_600_000;

export type Running = Readonly<{
  deps: WorkerDeps;
  workers: Map<string, Worker>;
  problem: (problem: WebhookProblem) => void;
  workedOn: () => void;
}>;

/** Does a step; what keeps the file or the log from being used is told and waited for. */
const guardedStep = async (running: Running, worker: Worker): Promise<boolean> => {
  const { deps, problem, workedOn } = running;
  const pause = (): Promise<void> => worker.bell.wait(deps.timer.now() + AFTER_PROBLEM_MS);
  try {
    const done = await step(deps, worker);
    if (done._tag === 'LogUnreadable') {
      problem({ endpoint: worker.id, problem: done.problem });
      await pause();
      return true;
    }
    workedOn();
    if (done._tag === 'Idle') await worker.bell.wait();
    if (done._tag === 'WaitUntil') await worker.bell.wait(done.at);
    if (done._tag === 'CaughtUp') await rest(deps, worker);
    return done._tag !== 'Removed';
  } catch (thrown) {
    const unavailable = unavailableFrom(thrown);
    if (unavailable === undefined) throw thrown;
    problem({ endpoint: worker.id, problem: unavailable });
    await pause();
    return true;
  }
};

export const work = async (running: Running, worker: Worker): Promise<void> => {
  const { stopping } = running.deps;
  while (!stopping.aborted && (await guardedStep(running, worker)));
  running.workers.delete(worker.id);
};

export const watchTail = async (running: Running, bell: Bell): Promise<void> => {
  const { deps, problem } = running;
  while (!deps.stopping.aborted) {
    const failure = await deps.tail.watch(deps.stopping);
    if (failure !== undefined) problem({ endpoint: null, problem: failure });
    if (!deps.stopping.aborted) await bell.wait(deps.timer.now() + AFTER_PROBLEM_MS);
  }
};

const ringAll = ({ deps, workers }: Running, hire: (id: string) => void): void => {
  for (const { bell } of workers.values()) bell.ring();
  for (const { id } of deps.table.list(undefined)) if (!workers.has(id)) hire(id);
};

/** Rings every endpoint's bell when another connection wrote to the file, and hires for new ones. */
export const watchFile = async (
  running: Running,
  db: Database.Database,
  given: Readonly<{ bell: Bell; hire: (id: string) => void }>,
): Promise<void> => {
  const { deps, problem } = running;
  let version: unknown;
  let droppedAt = 0;
  while (!deps.stopping.aborted) {
    const now = deps.timer.now();
    try {
      const found: unknown = db.pragma('data_version', { simple: true });
      if (found !== version) ringAll(running, given.hire);
      version = found;
      if (now - droppedAt >= DROP_EVERY_MS) {
        deps.recorder.drop({ attempts: now - ATTEMPTS_KEPT_MS, now });
        droppedAt = now;
      }
    } catch (thrown) {
      const unavailable = unavailableFrom(thrown);
      if (unavailable === undefined) throw thrown;
      problem({ endpoint: null, problem: unavailable });
    }
    await given.bell.wait(now + LOOK_EVERY_MS);
  }
};
