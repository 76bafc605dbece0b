import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Program = Readonly<{
  pid: number;
  /** Lines printed so far. */
  lines: readonly string[];
  /** Resolves when it has printed that many lines, or has ended. */
  printed: (count: number) => Promise<void>;
  kill: () => Promise<void>;
  exitCode: () => number | null;
}>;

export const programPath = (name: string): string => join(__dirname, 'programs', name);

const startChild = (name: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [programPath(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

/** Runs one of `test/programs` with plain node over the built package. */
export const startProgram = (name: string, args: readonly string[]): Program => {
  const child = startChild(name, args);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wakeAll = (): void => waiting.forEach((wake) => wake());
  if (child.stdout === null || child.pid === undefined) throw new Error(`${name} did not start.`);
  const printedLines = createInterface({ input: child.stdout });
  printedLines.on('line', (line) => {
    lines.push(line);
    wakeAll();
  });
  let hasEnded = false;
  const ended = once(printedLines, 'close').then(() => {
    hasEnded = true;
    wakeAll();
  });
  const exited = once(child, 'exit');
  return {
    pid: child.pid,
    lines,
    printed: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (lines.length < count && !hasEnded) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await Promise.all([ended, exited]);
    },
    exitCode: () => child.exitCode,
  };
};
