import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

describe('the program of subscriptions', () => {
  it('finds every event once and in order over kills of the server, and its memory flat', () => {
    const args = ['--kills', '6', '--events', '20000', '--pause', '1'];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['scripts/dist/subscriptions/main.js', ...args],
      { cwd: root, encoding: 'utf8' },
    );
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^6 kills in .* s: \d+ events, each once, in order, no gap$/m);
    expect(stdout).toMatch(/^20000 events while the consumer stood still, then \d+ events\/s$/m);
  });
});
