import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Goal: the connectors leave both remote systems as the sample company wants them, whatever fails on the way.
// Method: the built program of `npm run connectors`, which prints and judges the final state itself.

it('writes notes once, updates the edited one and retracts the deleted one, through every failure', () => {
  const run = spawnSync(process.execPath, ['scripts/dist/connectors/main.js'], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
    timeout: 110_000,
  });
  expect(run.stderr).toBe('');
  expect(run.stdout).not.toContain('✗');
  expect(run.stdout.match(/✓/g)).toHaveLength(10);
  expect(run.stdout).toContain('Failures that did not happen: 0; files of the table with text: 0');
  expect(run.stdout).not.toContain('rehearsal-canary');
  expect(run.status).toBe(0);
});
