/** How often a law is tried this time, and from which seed: the same two give the same cases again. */
export type Trial = Readonly<{ numRuns: number; seed: number }>;

/** What `npm run properties` asks of every law; without it each has its own number of runs. */
export const RUNS_VARIABLE = 'DAYBOOK_LAW_RUNS';
export const SEED_VARIABLE = 'DAYBOOK_LAW_SEED';
/** Laws stand out from other tests by their names, so that they can be run alone. */
export const LAW_PREFIX = 'law: ';

const RUNS = 1_000;
/** A long run is as long as somebody asked for. */
const DAY_MS = 86_400_000;
const TIMEOUT_MS = 120_000;
const SEEDS = 0x7fffffff;

type Environment = Readonly<Record<string, string | undefined>>;

const wholeNumber = (environment: Environment, name: string): number | null => {
  const text = environment[name];
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${name} is ${JSON.stringify(text)}: write a whole number`);
};

/** The trial that the environment asks for, or the law's own number of runs from a fresh seed. */
export const trialFrom = (
  environment: Environment,
  own: Readonly<{ runs: number; freshSeed: number }>,
): Trial & Readonly<{ timeoutMs: number }> => {
  const asked = wholeNumber(environment, RUNS_VARIABLE);
  return {
    numRuns: asked ?? own.runs,
    seed: wholeNumber(environment, SEED_VARIABLE) ?? own.freshSeed,
    timeoutMs: asked === null ? TIMEOUT_MS : DAY_MS,
  };
};

const freshSeed = (): number => Math.floor(Math.random() * SEEDS);

const inWords = ({ numRuns, seed }: Trial, startedAt: number): string => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return `${numRuns.toLocaleString('en')} runs, seed ${seed}, ${seconds} s`;
};

/**
 * A test of something that always holds. `check` tries it with the runs and the seed that it is given,
 * with `fc.assert`, which throws with the counterexample. What was tried is printed, seed included.
 */
export const law = (
  name: string,
  check: (trial: Trial) => void | Promise<void>,
  runs = RUNS,
): void => {
  const { timeoutMs, ...trial } = trialFrom(process.env, { runs, freshSeed: freshSeed() });
  it(
    `${LAW_PREFIX}${name}`,
    async () => {
      const startedAt = performance.now();
      let mark = '✗';
      try {
        await check(trial);
        mark = '✓';
      } finally {
        process.stdout.write(`${mark} ${name}: ${inWords(trial, startedAt)}\n`);
      }
    },
    timeoutMs,
  );
};
