/**
 * Kills an import with SIGKILL at random moments, starts it again each time, and compares what is left
 * with a run that nobody disturbed. Exit code 1 when an acknowledged event is lost, a stream has a
 * gap, or the final state differs.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

/** Runs the import, and kills it after `killAfterMs` unless it was done before. */
const run = (args: readonly string[], killAfterMs: number | null): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const process_ = spawn(process.execPath, [child, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let onDisk = 0;
    createInterface({ input: process_.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Readonly<{ onDisk?: number }>;
      onDisk = said.onDisk ?? onDisk;
    });
    const timer =
      killAfterMs === null ? undefined : setTimeout(() => process_.kill('SIGKILL'), killAfterMs);
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
  for (const [name, condition] of right(await inspectReadModels(directory, Date.now())))
    digests[name] = condition?.contentDigest ?? 'missing';
  return { ...streams, digests };
};

let failures = 0;
const check = (what: string, good: boolean): void => {
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}`);
};

type Plan = Readonly<{ kills: number; sessions: string; seed: number }>;

/** Kills until enough runs have died, then lets one finish. Every acknowledged position must still be there. */
const disturbed = async (directory: string, plan: Plan, fullMs: number): Promise<void> => {
  const random = seeded(plan.seed);
  let [kills, lost, gaps, acknowledged] = [0, 0, 0, 0];
  while (kills < plan.kills) {
    // Near the end nothing is left to do, so the moment is measured from the start of the process.
    const after = Math.max(60, random() * fullMs * 0.9);
    const ran = await run([directory, plan.sessions, String(plan.seed)], after);
    if (!ran.killed) break;
    kills += 1;
    acknowledged = Math.max(acknowledged, ran.onDisk);
    const left = await streamsOf(directory).catch(() => ({ head: 0, gaps: 0, events: 0 }));
    if (left.head < acknowledged) lost += 1;
    gaps += left.gaps;
    console.log(
      `  kill ${String(kills).padStart(2)} after ${String(Math.round(after)).padStart(5)} ms:` +
        ` acknowledged up to ${ran.onDisk}, ${left.head} events on disk`,
    );
  }
  await run([directory, plan.sessions, String(plan.seed)], null);
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
  await disturbed(stormy, plan, milliseconds);
  const got = await finalState(stormy);
  check(`the same ${wanted.events} events`, got.events === wanted.events);
  for (const [name, digest] of Object.entries(wanted.digests))
    check(`${name.padEnd(15)} ${digest.slice(0, 16)}… is equal`, got.digests[name] === digest);
  rmSync(root, { recursive: true });
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
