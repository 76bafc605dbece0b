/**
 * The program that is killed: imports a synthetic journal and says after each batch up to which
 * position the log is on disk. Arguments: data directory, sessions, seed, and the connection string of an
 * event store where the log is not in the directory.
 */
import { ruleBook } from '@daybook/domain/rules';
import {
  catchUpReadModels,
  defaultNotice,
  embedded,
  openEngine,
  type Place,
} from '@daybook/engine';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import { printLine } from '../print-line.js';
import { right, setUpCompany } from '../synthetic/company.js';
import { inputLines } from '../synthetic/input-lines.js';
import { syntheticJournal } from '../synthetic/journal.js';

const FROM = Date.UTC(2026, 2, 1);

const say = (message: Readonly<Record<string, unknown>>): void => {
  printLine(JSON.stringify(message));
};

const [directory = '', sessions = '0', seed = '1', store = ''] = process.argv.slice(2);
const place: Place = {
  directory,
  source: store === '' ? embedded : { kind: 'esdb', connectionString: store },
};
const engine = right(
  await openEngine({
    ...place,
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
    lines: inputLines(
      syntheticJournal({ sessions: Number(sessions), seed: Number(seed), from: FROM }),
    ),
    onProblem: (problem) => {
      throw new Error(problem.reason);
    },
    onProgress: ({ position }) => say({ onDisk: position }),
  }),
);
say({ imported: counts });
await engine.close();
right(await catchUpReadModels(place));
say({ done: true });
