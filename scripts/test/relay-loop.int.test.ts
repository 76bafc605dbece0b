import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Goal: the relay’s promise is kept on every run. Method: the built program, a real nats-server, fewer
// events and kills than `npm run relay-loop`.

it('leaves every event in the stream once and in order, however often relay and server are killed', () => {
  const loop = spawnSync(
    process.execPath,
    ['scripts/dist/relay-loop/main.js', '--events', '3000', '--kills', '6', '--seed', '11'],
    { cwd: join(__dirname, '../..'), encoding: 'utf8', timeout: 110_000 },
  );
  expect(loop.stderr).toBe('');
  expect(loop.stdout).toContain('✓ killed 6 times');
  expect(loop.stdout).toContain(
    '✓ the stream holds exactly 3000 messages: 3000, sequences 1 to 3000',
  );
  expect(loop.stdout).toContain('✓ verify: 3000 equal and in order, 0 different, 0 waiting');
  expect(loop.status).toBe(0);
});
