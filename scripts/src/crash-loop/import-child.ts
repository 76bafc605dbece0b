/**
 * The program that is killed: imports a synthetic journal and says after each batch up to which
 * position the log is on disk. Arguments: data directory, sessions, seed.
 */
import { ruleBook } from '@daybook/domain/rules';
import { catchUpReadModels, defaultNotice, openEngine, type InputLine } from '@daybook/engine';
import { readJournal } from '@daybook/session-journal';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import * as E from 'fp-ts/lib/Either.js';
import { writeSync } from 'node:fs';
import { right, setUpCompany } from '../synthetic/company.js';
import { syntheticJournal } from '../synthetic/journal.js';

const FROM = Date.UTC(2026, 2, 1);

async function* linesOf(sessions: number, seed: number): AsyncGenerator<InputLine> {
  const journal = readJournal(syntheticJournal({ sessions, seed, from: FROM }));
  for await (const { line, bytes, result } of journal)
    yield { line, bytes, result: E.isLeft(result) ? result : E.right([result.right]) };
}

const say = (message: Readonly<Record<string, unknown>>): void => {
  writeSync(1, `${JSON.stringify(message)}\n`);
};

const [directory = '', sessions = '0', seed = '1'] = process.argv.slice(2);
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
say({ opened: true });
// A third of the sessions cannot be paid: which ones must not depend on where the import was killed.
const purchased = Math.max(1, Math.floor(Number(sessions) / 3));
await setUpCompany(engine, { company: 'crash', at: FROM, purchased });
const counts = right(
  await engine.importEntries({
    company: 'crash',
    source: 'journal',
    lines: linesOf(Number(sessions), Number(seed)),
    onProblem: (problem) => {
      throw new Error(problem.reason);
    },
    onProgress: ({ position }) => say({ onDisk: position }),
  }),
);
say({ imported: counts });
await engine.close();
right(await catchUpReadModels(directory));
say({ done: true });
