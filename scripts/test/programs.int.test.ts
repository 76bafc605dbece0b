import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// Goal: the programs that show what Daybook promises do so on every run. Method: the built programs, as
// a person runs them; the crash loop with fewer kills than `npm run crash-loop`.

const root = join(__dirname, '../..');
const realData = resolve(root, '../shared/data');

const run = (program: string, args: readonly string[]) =>
  spawnSync(process.execPath, [join('scripts/dist', program), ...args], {
    cwd: root,
    encoding: 'utf8',
  });

/** The lines of a report that begin with a cross: what is not as it must be. */
const crosses = (output: string): readonly string[] =>
  output.split('\n').filter((line) => line.trimStart().startsWith('✗'));

describe('the crash loop', () => {
  it('loses nothing and ends in the same state, however often an import is killed', () => {
    const loop = run('crash-loop/main.js', ['--kills', '4', '--sessions', '600', '--seed', '3']);
    expect({ crosses: crosses(loop.stdout), stderr: loop.stderr }).toStrictEqual({
      crosses: [],
      stderr: '',
    });
    expect(loop.stdout).toContain('✓ killed 4 times');
    expect(loop.status).toBe(0);
  });
});

describe('the fault points of the insights process', () => {
  it('leave one summary and one charge when the process is killed at any of them', () => {
    const faults = run('fault-points/main.js', ['--scenario', 'plain']);
    expect({ crosses: crosses(faults.stdout), stderr: faults.stderr }).toStrictEqual({
      crosses: [],
      stderr: '',
    });
    expect(faults.stdout).not.toContain('✗');
    expect(faults.stdout.split('✓ before  ✓ after')).toHaveLength(7);
    expect(faults.status).toBe(0);
  });
});

describe('the contest for the last credits', () => {
  it('charges as many sessions as there are credits, and no answer contradicts the log', () => {
    const contest = run('concurrency/main.js', ['--credits', '90', '--sessions', '130']);
    expect(crosses(contest.stdout)).toStrictEqual([]);
    expect(contest.stdout.split('✓ 90 sessions charged of 90 credits')).toHaveLength(5);
    expect(contest.status).toBe(0);
  });
});

describe('the run over real conversations', () => {
  if (!existsSync(realData)) {
    it(`was NOT RUN: there is no real input in ${realData}`, () => {
      const absent = run('real-input/main.js', ['--shared', realData]);
      expect(absent.status).toBe(2);
      expect(absent.stderr).toContain('There is no real input in');
    });
    return;
  }

  it('charges 150 of 239 sessions, once each, and keeps no announced secret', () => {
    const directory = mkdtempSync(join(tmpdir(), 'daybook-real-'));
    const real = run('real-input/main.js', ['--data', directory, '--shared', realData]);
    rmSync(directory, { recursive: true });
    expect({ crosses: crosses(real.stdout), stderr: real.stderr }).toStrictEqual({
      crosses: [],
      stderr: '',
    });
    expect(real.stdout).toContain('✓ sessions charged: 150');
    expect(real.stdout).toContain('✓ sessions refused with insufficient-credits: 89');
    expect(real.status).toBe(0);
  });

  it('says where it looked when the folder is missing', () => {
    const absent = run('real-input/main.js', ['--shared', '/nowhere']);
    expect(absent.status).toBe(2);
    expect(absent.stderr).toBe(
      'There is no real input in /nowhere. Name its folder with --shared DIR.\n',
    );
  });
});
