import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Goal: the README's tour prints what the README says. Method: the program that keeps it true runs all
// of its console blocks, against a fresh data directory, and compares.

const root = join(__dirname, '../..');

it('prints in the tour what the README says', () => {
  const run = spawnSync(process.execPath, ['scripts/dist/readme/main.js'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(run.stdout).toMatch(/^\d+ commands run, 0 differ\n$/);
});
