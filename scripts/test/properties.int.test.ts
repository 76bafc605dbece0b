import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Goal: long runs try the laws that `npm test` tries, and say what they tried. Method: the built
// program, with few runs of one law and with words that no law has in its name.

const root = join(__dirname, '../..');
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/dist/properties/main.js', ...args], {
    cwd: root,
    encoding: 'utf8',
  });

describe('npm run properties', () => {
  it('tries a law as often as is asked, from the seed that is asked, and prints both', () => {
    const tried = run('--runs', '60', '--seed', '7', '--only', 'Asked Once at most');
    expect(tried.stdout.replace(/[\d.]+ s\n/, 'TIME\n').split('\n')).toContain(
      '✓ the remote side is asked once at most and answers once at most, after the question: 60 runs, seed 7, TIME',
    );
    expect(tried.stdout.match(/^[✓✗] /gm)).toHaveLength(1);
    expect(tried.status).toBe(0);
  });
  it('says so when no law is meant, and what it takes', () => {
    const none = run('--only', 'no such law');
    expect(none.stderr).toContain('No law’s name contains “no such law”.');
    expect(none.status).toBe(2);
    expect(run('--runs', 'many').stderr).toContain('--runs many is not a whole number');
    expect(run('--help').stdout).toContain('--only WORDS');
  });
});
