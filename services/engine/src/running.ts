import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from './engine.js';
import type { ProcessFailure } from './process-runner.js';

/** The processes of an engine at work: they follow the log until they are stopped. */
export type Running = Readonly<{
  /** Resolves with the first failure, or null after `stop`. */
  ended: Promise<ProcessFailure | null>;
  stop: () => Promise<void>;
}>;

/** How often month grants, hold time-outs and lapses are looked after, milliseconds. */
const HOUSEKEEPING_MS = 60_000;

/** Starts the insights and grants processes, and what has to happen only because time passes. */
export const startProcesses = (
  engine: Engine,
  options: Readonly<{ clock: () => number; companies: () => readonly string[] }>,
): Running => {
  const stop = new AbortController();
  const { insights, grants } = engine.processes;
  const follow = [insights, grants].map(async (process) => {
    const followed = await process.follow(stop.signal);
    if (E.isLeft(followed)) stop.abort();
    return followed;
  });
  const keepHouse = async (): Promise<void> => {
    for (const company of options.companies()) await engine.keepHouse(company, options.clock());
  };
  let housekeeping = keepHouse();
  const timer = setInterval(() => {
    housekeeping = housekeeping.then(keepHouse);
  }, HOUSEKEEPING_MS);
  const ended = Promise.all(follow).then(async (results) => {
    clearInterval(timer);
    await housekeeping;
    return results.find(E.isLeft)?.left ?? null;
  });
  return {
    ended,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};
