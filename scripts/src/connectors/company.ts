/** The sample company in a data directory of its own, and what its people do with their summaries. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ruleBook } from '@daybook/domain/rules';
import { defaultNotice, type Engine, makeExtractiveSummarizer, openEngine } from '@daybook/engine';
import { right } from '../synthetic/company.js';

export const COMPANY = 'fernwacht';
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Runs the samples through the built program, as a user would. */
export const importSamples = (directory: string): void => {
  const demo = spawnSync(
    process.execPath,
    [join(root, 'services/cli/bin/daybook.mjs'), 'demo', '--no-serve', '--data', directory],
    { encoding: 'utf8' },
  );
  if (demo.status !== 0) throw new Error(`daybook demo ended with ${demo.status}: ${demo.stderr}`);
};

type Expected = Readonly<Record<string, Readonly<{ summarised: boolean }>>>;

export const summarisedSessions = (): readonly string[] => {
  const text = readFileSync(join(root, 'samples/expected-outcomes.json'), 'utf8');
  return Object.entries(JSON.parse(text) as Expected)
    .filter(([, { summarised }]) => summarised)
    .map(([session]) => session)
    .sort();
};

export const openSampleEngine = async (directory: string): Promise<Engine> =>
  right(
    await openEngine({
      directory,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock: Date.now,
      notice: defaultNotice,
      summariesAtOnce: 4,
    }),
  );

const callOf = (commandId: string) => ({
  company: COMPANY,
  actor: { kind: 'administrator', id: 'rehearsal-admin' } as const,
  commandId,
  correlationId: commandId,
  at: Date.now(),
});

export const editSummary = async (
  engine: Engine,
  sessionId: string,
  title: string,
): Promise<void> => {
  const edit = { sessionId, changedRevision: 1, changes: { title } };
  right(await engine.editSummary(callOf(`edit-${sessionId}`), edit));
};

export const deleteSummary = async (engine: Engine, sessionId: string): Promise<void> => {
  right(await engine.deleteSummary(callOf(`delete-${sessionId}`), sessionId));
};
