/**
 * Kills an import with SIGKILL at random moments, starts it again each time, and compares what is left
 * with a run that nobody disturbed. Exit code 1 when an acknowledged event is lost, a stream has a
 * gap, or the final state differs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as passed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ownLogIn, type Place } from '@daybook/engine';
import { contentDigestsOf, shapeOf, type LogShape } from '../cluster/log-state.js';
import { servedLogOf } from '../cluster/served-log.js';
import { seeded } from '../synthetic/journal.js';

const HELP = `Usage: npm run crash-loop -- [--kills N] [--sessions N] [--seed N] [--store served]

  --kills N     how often the import is killed (default 20)
  --sessions N  sessions in the journal (default 1500)
  --seed N      of the journal and of the moments (default: the time; it is printed)
  --store S     embedded (default); served: the log is in another process, reached over gRPC, which is killed,
                too, every second time
`;

const child = fileURLToPath(new URL('./import-child.js', import.meta.url));

type Ran = Readonly<{ killed: boolean; onDisk: number; milliseconds: number }>;

/** When to kill: `delayMs` after the import said that the log is on disk up to `position`; 0 is at the start. */
type Moment = Readonly<{ position: number; delayMs: number }>;

/** Runs the import, and kills it at the moment unless it was done before. */
const run = (
  args: readonly string[],
  moment: Moment | null,
  onOpened: () => void = () => undefined,
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const process_ = spawn(process.execPath, [child, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let onDisk = 0;
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      if (moment === null || timer !== undefined || onDisk < moment.position) return;
      timer = setTimeout(() => process_.kill('SIGKILL'), moment.delayMs);
    };
    arm();
    createInterface({ input: process_.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Readonly<{ opened?: true; onDisk?: number }>;
      if (said.opened === true) onOpened();
      onDisk = said.onDisk ?? onDisk;
      arm();
    });
    process_.on('error', reject);
    process_.on('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === null && code !== 0) reject(new Error(`the import failed with code ${code}`));
      else resolve({ killed: signal !== null, onDisk, milliseconds: performance.now() - started });
    });
  });

let failures = 0;
const check = (what: string, good: boolean): void => {
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}`);
};

type Plan = Readonly<{ kills: number; sessions: string; seed: number }>;

/** What is killed: the import, and with a served log the process that serves it. */
type Subject = Readonly<{
  place: Place;
  args: readonly string[];
  killServer: () => Promise<void>;
  startServer: () => Promise<void>;
}>;

/** A program of Node is not through with its imports by then. */
const STARTING_MS = 60;
/** How long the server lives between two kills. */
const SERVER_LIFE_MS = 4_000;
const SERVER_KILLS_MAX = 3;

/** Some moments while the program starts, the others all along the import, each with a random delay. */
const momentsOf = (plan: Plan, events: number): readonly Moment[] => {
  const random = seeded(plan.seed);
  const early = Math.ceil(plan.kills / 5);
  return Array.from({ length: plan.kills }, (_, index) => ({
    position: index < early ? 0 : Math.floor(random() * events * 0.95),
    delayMs: index < early ? random() * 1_500 : random() * 120,
  })).sort((left, right_) => left.position - right_.position);
};

const nothingYet: LogShape = { head: 0, events: 0, gaps: 0 };

const shapeLeft = ({ place }: Subject): Promise<LogShape> =>
  place.source?.kind === 'esdb' || ownLogIn(place.directory)
    ? shapeOf(place)
    : Promise.resolve(nothingYet);

/** Kills, starts again, and in the end lets one run finish. Every acknowledged position must still be there. */
const disturbed = async (subject: Subject, plan: Plan, events: number): Promise<void> => {
  const { args, killServer, startServer } = subject;
  let [kills, lost, gaps, acknowledged] = [0, 0, 0, 0];
  for (const moment of momentsOf(plan, events)) {
    let ran = await run(args, moment);
    // The import was faster than the moment: strike while it starts again, which takes longer than this.
    if (!ran.killed) ran = await run(args, { position: 0, delayMs: STARTING_MS });
    if (!ran.killed) continue;
    kills += 1;
    if (kills % 2 === 0) {
      await killServer();
      await startServer();
    }
    acknowledged = Math.max(acknowledged, ran.onDisk);
    const left = await shapeLeft(subject);
    if (left.head < acknowledged) lost += 1;
    gaps += left.gaps;
    console.log(
      `  kill ${String(kills).padStart(2)}: acknowledged up to ${String(acknowledged).padStart(6)},` +
        ` ${String(left.head).padStart(6)} events on disk`,
    );
  }
  await run(args, null);
  check(`killed ${kills} times`, kills === plan.kills);
  check('no acknowledged event was lost', lost === 0);
  check('no stream has a gap', gaps === 0);
};

/**
 * The import goes on while the process that serves the log is killed and comes back: it must not end. The first
 * time as soon as it has opened the log, so that no machine is too fast for it.
 */
const underServerKills = async (subject: Subject, every: number): Promise<number> => {
  let isDone = false;
  let kills = 0;
  const opened = new AbortController();
  const imported = run(subject.args, null, () => opened.abort()).finally(() => {
    isDone = true;
    opened.abort();
  });
  if (!opened.signal.aborted) await once(opened.signal, 'abort');
  while (!isDone && kills < SERVER_KILLS_MAX) {
    await subject.killServer();
    await subject.startServer();
    kills += 1;
    await passed(every);
  }
  await imported;
  return kills;
};

type Run = Readonly<{ root: string; plan: Plan; isServed: boolean }>;

const subjectIn = async ({ root, plan, isServed }: Run, name: string): Promise<Subject> => {
  const directory = join(root, name);
  const args = [directory, plan.sessions, String(plan.seed)];
  const nothing = (): Promise<void> => Promise.resolve();
  if (!isServed) return { place: { directory }, args, killServer: nothing, startServer: nothing };
  const log = await servedLogOf(join(root, `${name}-log`));
  return {
    place: { directory, source: log.source },
    args: [...args, log.connectionString],
    killServer: log.kill,
    startServer: log.start,
  };
};

const compare = async (
  { place }: Subject,
  wanted: Readonly<{ shape: LogShape; digests: Readonly<Record<string, string>> }>,
): Promise<void> => {
  const shape = await shapeOf(place);
  const digests = await contentDigestsOf(place);
  check(`the same ${wanted.shape.events} events`, shape.events === wanted.shape.events);
  for (const [name, digest] of Object.entries(wanted.digests))
    check(`${name.padEnd(16)} ${digest.slice(0, 16)}… is equal`, digests[name] === digest);
};

/** The undisturbed run is embedded: what it comes to is what every other must come to. */
const runAll = async (all: Run): Promise<void> => {
  const { root, plan, isServed } = all;
  const calm = { directory: join(root, 'undisturbed') };
  const { milliseconds } = await run([calm.directory, plan.sessions, String(plan.seed)], null);
  const wanted = { shape: await shapeOf(calm), digests: await contentDigestsOf(calm) };
  const { events } = wanted.shape;
  console.log(`  undisturbed, embedded: ${events} events in ${Math.round(milliseconds)} ms`);
  const stormy = await subjectIn(all, 'killed');
  await stormy.startServer();
  await disturbed(stormy, plan, events);
  await compare(stormy, wanted);
  await stormy.killServer();
  if (!isServed) return;
  console.log('\nOnly the server is killed, while one import runs');
  const surviving = await subjectIn(all, 'surviving');
  await surviving.startServer();
  const kills = await underServerKills(surviving, SERVER_LIFE_MS);
  check(`the import went on over ${kills} kills of the server`, kills > 0);
  await compare(surviving, wanted);
  await surviving.killServer();
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      sessions: { type: 'string', default: '1500' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      store: { type: 'string', default: 'embedded' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { sessions, store } = values;
  if (store !== 'embedded' && store !== 'served') {
    console.error(HELP);
    process.exitCode = 2;
    return;
  }
  const plan = { kills: Number(values.kills), sessions, seed: Number(values.seed) };
  const root = mkdtempSync(join(tmpdir(), 'daybook-crash-'));
  console.log(`${sessions} sessions, ${plan.kills} kills, seed ${plan.seed}, ${store}`);
  await runAll({ root, plan, isServed: store === 'served' });
  rmSync(root, { recursive: true });
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
