import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Goal: two nodes on one log are one Daybook, also while nodes and the process with the log are killed. Method: the
// program behind `npm run cluster`, smaller; and the crash loop with the log in another process.

const root = join(__dirname, '../..');

const run = (program: string, args: readonly string[]) =>
  spawnSync(process.execPath, [join('scripts/dist', program), ...args], {
    cwd: root,
    encoding: 'utf8',
  });

const crosses = (output: string): readonly string[] =>
  output.split('\n').filter((line) => line.trimStart().startsWith('✗'));

describe('two nodes on one log', () => {
  it('charge as many sessions as there are credits, once each, and know the same', () => {
    const args = ['--credits', '60', '--sessions', '80', '--kills', '2', '--at-once', '8'];
    const cluster = run('cluster/main.js', args);
    expect({ crosses: crosses(cluster.stdout), status: cluster.status }).toStrictEqual({
      crosses: [],
      status: 0,
    });
    expect(cluster.stdout).toContain('✓ 60 sessions charged of 60 credits');
    expect(cluster.stdout).toContain('2 kills of a node, 1 of the process with the log');
    expect(cluster.stdout).toContain('✓ 20 of them are summarised and charged');
    expect(cluster.stdout.split('is equal on both nodes')).toHaveLength(7);
  });
});

describe('an import whose log is in another process', () => {
  it('comes to the same as one whose log is embedded, however often either is killed', () => {
    const args = ['--kills', '2', '--sessions', '60', '--seed', '3', '--store', 'served'];
    const loop = run('crash-loop/main.js', args);
    expect({ crosses: crosses(loop.stdout), status: loop.status }).toStrictEqual({
      crosses: [],
      status: 0,
    });
    expect(loop.stdout).toContain('✓ killed 2 times');
  });
});
