import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Goal: a scenario of 100,000 lots is answered in memory that does not grow with its operations.
// Method: the built program with a heap of fixed size, once with a hundred and once with a hundred
// thousand operations; each says at its end how much memory it had at most.

const program = join(__dirname, '../bin/daybook.mjs');
const LOTS = 100_000;
const HEAP_MB = 256;

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

const scenarioOf = (operations: number): string =>
  JSON.stringify({
    timeZone: 'UTC',
    lots: Array.from({ length: LOTS }, (_, index) => ({
      lot: `L${index}`,
      kind: index % 3 === 0 ? 'free' : 'purchased',
      credits: 3,
      effectiveAt: instant(Date.UTC(2026, 0, 1)),
      expiresAt: instant(Date.UTC(2026, 6, 1) + ((index * 7919) % LOTS) * 1000),
    })),
    operations: Array.from({ length: operations }, (_, index) => ({
      op: 'use',
      at: instant(Date.UTC(2026, 2, 1) + index * 1000),
      session: `s${index}`,
    })),
    queries: [{ at: '2026-05-01T00:00:00Z' }],
  });

const sayMemory =
  "data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS))";

const run = (directory: string, operations: number) => {
  const file = join(directory, `${operations}.json`);
  writeFileSync(file, scenarioOf(operations));
  const ran = spawnSync(process.execPath, [program, 'credits', 'what-if', file], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      NO_COLOR: '1',
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB} --import=${sayMemory}`,
    },
  });
  const answered = ran.stdout.split('\n').find((line) => line.trimStart().startsWith('As of'));
  return { status: ran.status, answered, residentKb: Number(ran.stderr.trim()) };
};

it('answers 100,000 lots in memory that does not grow with the operations', () => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-what-if-'));
  const few = run(directory, 100);
  const many = run(directory, 100_000);
  rmSync(directory, { recursive: true });
  expect({ few: few.status, many: many.status }).toStrictEqual({ few: 0, many: 0 });
  expect(few.answered).toContain('299,900 credits');
  expect(many.answered).toContain('200,000 credits');
  expect(many.residentKb).toBeLessThan(few.residentKb * 1.25);
});
