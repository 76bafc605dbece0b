import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from './engine.js';
import type { ProcessFailure } from './process-runner.js';

/** The processes of an engine at work: they follow the log and the clock until they are stopped. */
export type Running = Readonly<{
  /** Resolves with the first failure, or null after `stop`. */
  ended: Promise<ProcessFailure | null>;
  stop: () => Promise<void>;
}>;

/** Starts everything that happens by itself: summaries, grants, decisions on new facts, and what time makes due. */
export const startProcesses = (engine: Pick<Engine, 'processes' | 'scheduler'>): Running => {
  const stop = new AbortController();
  const { insights, grants, reconsider } = engine.processes;
  const follow = [insights, grants, reconsider, engine.scheduler].map(async (process) => {
    const followed = await process.follow(stop.signal);
    if (E.isLeft(followed)) stop.abort();
    return followed;
  });
  const ended = Promise.all(follow).then((results) => results.find(E.isLeft)?.left ?? null);
  return {
    ended,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};
