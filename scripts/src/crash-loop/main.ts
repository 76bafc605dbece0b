/**
 * Kills an import with SIGKILL at random moments, starts it again each time, and compares what is left
 * with a run that nobody disturbed. Exit code 1 when an acknowledged event is lost, a stream has a
 * gap, or the final state differs.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inspectReadModels, logContentDigest, logDirectory } from '@daybook/engine';
import { openSqliteEventReader } from '@daybook/event-store-sqlite';
import { right } from '../synthetic/company.js';
import { seeded } from '../synthetic/journal.js';

const HELP = `Usage: npm run crash-loop -- [--kills N] [--sessions N] [--seed N]

  --kills N     how often the import is killed (default 20)
  --sessions N  sessions in the journal (default 1500)
  --seed N      of the journal and of the moments (default: the time; it is printed)
`;

const child = fileURLToPath(new URL('./import-child.js', import.meta.url));

type Ran = Readonly<{ killed: boolean; onDisk: number; milliseconds: number }>;

/** When to kill: `delayMs` after the import said that the log is on disk up to `position`; 0 is at the start. */
type Moment = Readonly<{ position: number; delayMs: number }>;

/** Runs the import, and kills it at the moment unless it was done before. */
const run = (args: readonly string[], moment: Moment | null): Promise<Ran> =>
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
      const said = JSON.parse(line) as Readonly<{ onDisk?: number }>;
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

type State = Readonly<{
  head: number;
  events: number;
  gaps: number;
  digests: Readonly<Record<string, string>>;
}>;

const streamsOf = async (directory: string): Promise<Omit<State, 'digests'>> => {
  const log = right(await openSqliteEventReader({ directory: logDirectory(directory) })());
  const next = new Map<string, number>();
  let [events, gaps, head] = [0, 0, 0];
  for await (const page of log.readAll()) {
    for (const event of right(page).events) {
      if (event.revision !== (next.get(event.stream) ?? 0)) gaps += 1;
      next.set(event.stream, event.revision + 1);
      events += 1;
      head = event.position;
    }
  }
  await log.close();
  return { head, events, gaps };
};

const finalState = async (directory: string): Promise<State> => {
  const streams = await streamsOf(directory);
  const log = right(await openSqliteEventReader({ directory: logDirectory(directory) })());
  const digests: Record<string, string> = { log: right(await logContentDigest(log)) };
  await log.close();
  for (const [name, condition] of right(await inspectReadModels({ directory }, Date.now())))
    digests[name] = condition?.contentDigest ?? 'missing';
  return { ...streams, digests };
};

let failures = 0;
const check = (what: string, good: boolean): void => {
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}`);
};

type Plan = Readonly<{ kills: number; sessions: string; seed: number }>;

/** A program of Node is not through with its imports by then. */
const STARTING_MS = 60;

/** Some moments while the program starts, the others all along the import, each with a random delay. */
const momentsOf = (plan: Plan, events: number): readonly Moment[] => {
  const random = seeded(plan.seed);
  const early = Math.ceil(plan.kills / 5);
  return Array.from({ length: plan.kills }, (_, index) => ({
    position: index < early ? 0 : Math.floor(random() * events * 0.95),
    delayMs: index < early ? random() * 1_500 : random() * 120,
  })).sort((left, right_) => left.position - right_.position);
};

/** Kills, starts again, and in the end lets one run finish. Every acknowledged position must still be there. */
const disturbed = async (directory: string, plan: Plan, events: number): Promise<void> => {
  const args = [directory, plan.sessions, String(plan.seed)];
  let [kills, lost, gaps, acknowledged] = [0, 0, 0, 0];
  for (const moment of momentsOf(plan, events)) {
    let ran = await run(args, moment);
    // The import was faster than the moment: strike while it starts again, which takes longer than this.
    if (!ran.killed) ran = await run(args, { position: 0, delayMs: STARTING_MS });
    if (!ran.killed) continue;
    kills += 1;
    acknowledged = Math.max(acknowledged, ran.onDisk);
    const left = existsSync(logDirectory(directory))
      ? await streamsOf(directory)
      : { head: 0, gaps: 0 };
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

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      sessions: { type: 'string', default: '1500' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { sessions } = values;
  const plan = { kills: Number(values.kills), sessions, seed: Number(values.seed) };
  const root = mkdtempSync(join(tmpdir(), 'daybook-crash-'));
  const [calm, stormy] = [join(root, 'undisturbed'), join(root, 'killed')];
  console.log(`${sessions} sessions, ${plan.kills} kills, seed ${plan.seed}`);
  const { milliseconds } = await run([calm, sessions, String(plan.seed)], null);
  const wanted = await finalState(calm);
  console.log(`  undisturbed: ${wanted.events} events in ${Math.round(milliseconds)} ms`);
  await disturbed(stormy, plan, wanted.events);
  const got = await finalState(stormy);
  check(`the same ${wanted.events} events`, got.events === wanted.events);
  for (const [name, digest] of Object.entries(wanted.digests))
    check(`${name.padEnd(15)} ${digest.slice(0, 16)}… is equal`, got.digests[name] === digest);
  rmSync(root, { recursive: true });
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
