import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Goal: what subscribers are promised is kept on every run, with processes that are killed. Method: the built
// program, a real nats-server, the example service, and fewer events than `npm run subscribers`.

it('reads late and slow alike, parks poison, and bills each charge once however often it is killed', () => {
  const run = spawnSync(
    process.execPath,
    ['scripts/dist/subscribers/main.js', '--sessions', '120'],
    { cwd: join(__dirname, '../..'), encoding: 'utf8', timeout: 110_000 },
  );
  expect(run.stdout).not.toContain('✗');
  expect(run.stdout.match(/✓/g)).toHaveLength(5);
  expect(run.stdout).toContain('has 120 charges, each once; its totals of 24 months equal');
  expect(run.status).toBe(0);
});
