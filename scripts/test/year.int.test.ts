import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Goal: the program that shows a year, and a scheduler killed with kill -9 at each of its steps, finds
// nothing wrong. Method: the built program, as `npm run year` runs it.

it('a year of a company, and an engine killed at every step of catching up, are as the rulebook says', () => {
  const ran = spawnSync(process.execPath, ['scripts/dist/year/main.js'], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  const marked = ran.stdout.split('\n').filter((line) => /^ +[✓✗]/.test(line));
  expect(marked.filter((line) => line.includes('✗'))).toStrictEqual([]);
  expect(marked).toHaveLength(10);
  expect({ status: ran.status, stderr: ran.stderr }).toStrictEqual({ status: 0, stderr: '' });
});
