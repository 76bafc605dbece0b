import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of `programs`, which prints one line. */
export type Program = Readonly<{ firstLine: Promise<string>; kill: () => Promise<void> }>;

export const start = (name: string, ...args: readonly string[]): Program => {
  const path = join(__dirname, 'programs', name);
  const child: ChildProcess = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error(`${name} did not start.`);
  const lines = createInterface({ input: child.stdout });
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]);
  const firstLine = Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    ended.then(() => ''),
  ]);
  return {
    firstLine,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
