/**
 * Kills the insights process with SIGKILL at each of its steps, before and after the effect, over the
 * SQLite store on a disk; another process goes on. Exit code 1 when a session then has more or less
 * than its one summary and its one charge.
 */
import { ruleBook } from '@daybook/domain/rules';
import { defaultNotice, logDirectory, openEngine } from '@daybook/engine';
import { openSqliteEventReader } from '@daybook/event-store-sqlite';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { right } from '../synthetic/company.js';
import type { Point } from './kill-at.js';
import { clock, closePorts, openPorts, runThrough } from './process.js';
import { record, scenarios, type Scenario } from './scenarios.js';

const HELP = `Usage: npm run fault-points -- [--scenario NAME]

  --scenario NAME  only this one: ${Object.keys(scenarios).join(', ')} (default: all)
`;

const child = fileURLToPath(new URL('./child.js', import.meta.url));

type Ran = Readonly<{ calls: readonly string[]; signal: string | null }>;

const runChild = (directory: string, failures: number, { call, when }: Point): Ran => {
  const ran = spawnSync(
    process.execPath,
    [child, directory, String(failures), String(call), when],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (ran.signal === null && ran.status !== 0) throw new Error(`the child failed: ${ran.status}`);
  return { calls: ran.stdout.split('\n').filter((line) => line !== ''), signal: ran.signal };
};

const prepare = async (directory: string, scenario: Scenario): Promise<void> => {
  const engine = right(
    await openEngine({
      directory,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock,
      notice: defaultNotice,
      summariesAtOnce: 4,
    }),
  );
  await record(engine, scenario);
  await engine.close();
};

/** Another process goes on, twice: the second time there must be nothing to do. Its state, in types and numbers. */
const finish = async (
  directory: string,
  { failures, wanted }: Scenario,
): Promise<Readonly<Record<string, number>>> => {
  const heads: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    const ports = await openPorts(directory, failures);
    await runThrough(ports);
    heads.push(right(await ports.store.head()()));
    await closePorts(ports);
  }
  const found = Object.fromEntries(Object.keys(wanted).map((type) => [type, 0]));
  const log = right(await openSqliteEventReader({ directory: logDirectory(directory) })());
  for await (const page of log.readAll({ filter: { types: Object.keys(wanted) } }))
    for (const { type } of right(page).events) found[type] = (found[type] ?? 0) + 1;
  await log.close();
  return { ...found, 'written when there was nothing to do': (heads[1] ?? 0) - (heads[0] ?? 0) };
};

const isEqual = (left: object, right_: object): boolean =>
  JSON.stringify(left) === JSON.stringify(right_);

/** Points that went wrong. */
const killEverywhere = async (root: string, name: string, scenario: Scenario): Promise<number> => {
  const prepared = join(root, name);
  await prepare(prepared, scenario);
  const wanted = { ...scenario.wanted, 'written when there was nothing to do': 0 };
  const killed = async (point: Point): Promise<Readonly<{ ran: Ran; isRight: boolean }>> => {
    const directory = join(root, `${name}-${point.call}-${point.when}`);
    cpSync(prepared, directory, { recursive: true });
    const ran = runChild(directory, scenario.failures, point);
    const isRight = isEqual(await finish(directory, scenario), wanted);
    rmSync(directory, { recursive: true });
    return { ran, isRight };
  };
  const calm = await killed({ call: 0, when: 'before' });
  console.log(`${name}: ${scenario.what}, ${calm.ran.calls.length} steps`);
  let failures = calm.isRight ? 0 : 1;
  for (const [index, step] of calm.ran.calls.entries()) {
    const sides = [];
    for (const when of ['before', 'after'] as const) {
      const { ran, isRight } = await killed({ call: index + 1, when });
      // Sessions are handled side by side: another call may have begun while this one was under way.
      const isGood = isRight && ran.signal === 'SIGKILL' && ran.calls.length > index;
      if (!isGood) failures += 1;
      sides.push(`${isGood ? '✓' : '✗'} ${when}`);
    }
    console.log(`  ${String(index + 1).padStart(2)} ${sides.join('  ')}  ${step}`);
  }
  return failures;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { scenario: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  const chosen = Object.entries(scenarios).filter(
    ([name]) => values.scenario === undefined || values.scenario === name,
  );
  if (values.help || chosen.length === 0) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'daybook-faults-'));
  let failures = 0;
  for (const [name, scenario] of chosen) failures += await killEverywhere(root, name, scenario);
  rmSync(root, { recursive: true });
  console.log(failures === 0 ? '✓ one summary and one charge each time' : `✗ ${failures} points`);
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
