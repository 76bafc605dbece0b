/** Sessions a second from a journal to summaries and a settled ledger, on the embedded store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ruleBook } from '@daybook/domain/rules';
import { defaultNotice, openEngine } from '@daybook/engine';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import { right, setUpCompany } from '../synthetic/company.js';
import { inputLines } from '../synthetic/input-lines.js';
import { syntheticJournal } from '../synthetic/journal.js';

const FROM = Date.UTC(2026, 2, 1);

export type ImportRate = Readonly<{
  sessions: number;
  sessionsPerSecond: number;
  eventsPerSecond: number;
}>;

export const measureImport = async (
  options: Readonly<{ directory: string; round: number; sessions: number }>,
): Promise<ImportRate> => {
  const directory = mkdtempSync(join(options.directory, 'import-'));
  const { sessions } = options;
  const engine = right(
    await openEngine({
      directory,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock: () => Date.now(),
      notice: defaultNotice,
      summariesAtOnce: 64,
    }),
  );
  try {
    await setUpCompany(engine, { company: 'bench', at: FROM, purchased: sessions });
    const started = performance.now();
    right(
      await engine.importEntries({
        company: 'bench',
        source: 'journal',
        lines: inputLines(syntheticJournal({ sessions, seed: options.round + 1, from: FROM })),
        onProblem: ({ reason }) => {
          throw new Error(reason);
        },
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    const head = right(await engine.store.head()());
    return {
      sessions,
      sessionsPerSecond: Math.round(sessions / seconds),
      eventsPerSecond: Math.round(head / seconds),
    };
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
};
