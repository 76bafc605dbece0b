import { type Running, type WebhookProblem, work } from './loops.js';
import { makeBell } from './timer.js';
import type { Worker, WorkerDeps } from './worker.js';

/** The work under way: one job for each endpoint, and those that watch. */
export type Crew = Readonly<{
  running: Running;
  hire: (id: string) => void;
  keep: (job: Promise<void>) => void;
  /** The last problem, until work goes on. */
  problem: () => WebhookProblem['problem'] | null;
  allDone: () => Promise<void>;
  /** Resolves after `allDone`; rejects with a bug, so that the process ends and is started again. */
  ended: Promise<void>;
}>;

export const makeCrew = (deps: WorkerDeps, onProblem: (problem: WebhookProblem) => void): Crew => {
  let last: WebhookProblem['problem'] | null = null;
  const jobs = new Set<Promise<void>>();
  let settle: Readonly<{ end: () => void; fail: (bug: unknown) => void }> | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = { end: resolve, fail: reject };
  });
  const running: Running = {
    deps,
    workers: new Map<string, Worker>(),
    problem: (problem) => {
      last = problem.problem;
      onProblem(problem);
    },
    workedOn: () => {
      last = null;
    },
  };
  const keep = (job: Promise<void>): void => {
    const kept = job.catch((bug: unknown) => settle?.fail(bug)).finally(() => jobs.delete(kept));
    jobs.add(kept);
  };
  return {
    running,
    keep,
    hire: (id) => {
      const bell = makeBell(deps.timer);
      const worker: Worker = { id, bell, epoch: -1, reached: 0, resting: undefined };
      running.workers.set(id, worker);
      keep(work(running, worker));
    },
    problem: () => last,
    allDone: async () => {
      await Promise.all(jobs);
      settle?.end();
    },
    ended,
  };
};
