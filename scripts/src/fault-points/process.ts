/** The insights process over a data directory, composed of the same parts as in the engine. */
import { makeCommandHandler } from '@daybook/command-handling';
import { ruleBook } from '@daybook/domain/rules';
import {
  insightsProcess,
  logDirectory,
  makeProcessRunner,
  openCheckpoints,
  type ProcessRunner,
  type Summarizer,
} from '@daybook/engine';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { right } from '../synthetic/company.js';
import type { Ports } from './kill-at.js';
import { ENDED_BY } from './scenarios.js';

const body = {
  title: 'The printer answers again',
  problem: 'The printer did not answer.',
  steps: ['The spooler was restarted.'],
  result: 'The printer answers again.',
  followUps: [],
  tags: ['printer'],
};

/**
 * Stands in for a service whose first calls fail, because that has to be arranged. It is another program:
 * it remembers its calls, whoever of its callers dies.
 */
const serviceIn = (directory: string, failures: number): Summarizer => {
  const calls = join(directory, 'failed-calls');
  return {
    model: 'stand-in',
    promptVersion: '1',
    summarize: () => {
      const failed = existsSync(calls) ? statSync(calls).size : 0;
      if (failed >= failures) return TE.right({ language: 'en', body });
      appendFileSync(calls, '.');
      return TE.left({ _tag: 'SummarizerUnavailable', reason: 'timed-out', retryAfterMs: null });
    },
  };
};

const began = Date.now();

/** The sessions have just ended when the process looks at them: a hold of theirs lives for 48 h from then. */
export const clock = (): number => ENDED_BY + (Date.now() - began);

export const openPorts = async (directory: string, failures: number): Promise<Ports> => ({
  store: right(await openSqliteEventStore({ directory: logDirectory(directory), clock })()),
  checkpoints: right(openCheckpoints(directory)),
  summarizer: serviceIn(directory, failures),
});

/** Milliseconds where a data centre would wait for minutes. */
const policy = { attemptsMax: 5, firstDelayMs: 2, factor: 2, delayMsMax: 50 };

const runnerOver = ({ store, checkpoints, summarizer }: Ports): ProcessRunner => {
  const handler = makeCommandHandler({ store, ruleBook, soleWriter: true });
  const retry = {
    policy,
    clock,
    random: () => 0.5,
    wait: (milliseconds: number) => delay(milliseconds),
  };
  const deps = { handler, ruleBook, store, summarizer, concurrency: 4, retry };
  return makeProcessRunner(store, checkpoints, insightsProcess(deps));
};

/** Runs until everything in the log is done and nothing waits for another attempt. */
export const runThrough = async (ports: Ports): Promise<void> => {
  const { store, checkpoints } = ports;
  const runner = runnerOver(ports);
  right(await runner.runUntil(right(await store.head()())));
  for (;;) {
    const dueAt = checkpoints.unfinished.nextDueAt('insights');
    if (dueAt === null) return;
    await delay(Math.max(0, dueAt - clock()));
    right(await runner.workOff());
  }
};

export const closePorts = async ({ store, checkpoints }: Ports): Promise<void> => {
  checkpoints.close();
  await store.close();
};
