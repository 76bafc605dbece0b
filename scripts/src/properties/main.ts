/**
 * Tries every law of the tests as often as somebody likes: the same definitions as in `npm test`, with
 * another number of runs. Prints each law with its runs, seed and time; a counterexample ends with 1.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `Usage: npm run properties -- [--runs N] [--seed N] [--only WORDS]

  --runs N      how often each law is tried (default 1000, as in npm test)
  --seed N      the cases of an earlier run again (default: fresh for each law; it is printed)
  --only WORDS  laws whose name contains these words, in any case
`;

/** As @daybook/testing names them: nothing but tests may import it. */
const RUNS_VARIABLE = 'DAYBOOK_LAW_RUNS';
const SEED_VARIABLE = 'DAYBOOK_LAW_SEED';
const LAW = 'law: ';
/** Files that state laws; the others have none to try. */
const FILES = '\\.laws\\.test\\.ts$';

const USAGE_EXIT = 2;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const jest = fileURLToPath(new URL('../../../node_modules/jest/bin/jest.js', import.meta.url));

const usage = (problem: string): never => {
  process.stderr.write(`${problem}\n\n${HELP}`);
  process.exit(USAGE_EXIT);
};

const wholeNumber = (name: string, text: string | undefined): string | undefined =>
  text === undefined || /^\d{1,9}$/.test(text)
    ? text
    : usage(`--${name} ${text} is not a whole number below 1,000,000,000.`);

type Options = Readonly<Record<'runs' | 'seed' | 'only', string | undefined>>;

const options = (): Options => {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    const { runs, seed, only } = values;
    return { runs: wholeNumber('runs', runs), seed: wholeNumber('seed', seed), only };
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
};

const escaped = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Runs the tests that are laws, showing what they print; their exit code, and how many were tried. */
const tryLaws = (
  args: readonly string[],
  asked: NodeJS.ProcessEnv,
): Promise<Readonly<{ code: number | null; laws: number }>> =>
  new Promise((resolve, reject) => {
    const tests = spawn(process.execPath, [jest, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...asked },
    });
    let laws = 0;
    createInterface({ input: tests.stdout }).on('line', (line) => {
      if (/^[✓✗] /.test(line)) laws += 1;
      process.stdout.write(`${line}\n`);
    });
    tests.on('error', reject);
    tests.on('close', (code) => resolve({ code, laws }));
  });

const { runs = '1000', seed, only } = options();
const name = only === undefined ? LAW : `${LAW}.*${escaped(only)}`;
const { code, laws } = await tryLaws(
  [FILES, '--selectProjects=unit', `--testNamePattern=${name}`, '--runInBand'],
  { [RUNS_VARIABLE]: runs, ...(seed === undefined ? {} : { [SEED_VARIABLE]: seed }) },
);
if (laws === 0) usage(`No law’s name contains “${only ?? ''}”.`);
process.exitCode = code === 0 ? 0 : 1;
