import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const served = fileURLToPath(new URL('./server-child.js', import.meta.url));

export type ServerProcess = Readonly<{
  port: number;
  /** Sends a line and resolves with the answer; rejects when the process ends first. */
  ask: (line: string) => Promise<Readonly<Record<string, number>>>;
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>;
}>;

/** Starts a server, the one of a SQLite store unless another program is named, and resolves when it listens. */
export const startServerProcess = async (
  directory: string,
  port: number,
  program = served,
): Promise<ServerProcess> => {
  const started = spawn(process.execPath, ['--expose-gc', program, directory, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => started.once('close', () => resolve()));
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Readonly<Record<string, number>>> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the server ended');
    return JSON.parse(line.value) as Readonly<Record<string, number>>;
  };
  const first = await next();
  return {
    port: first['port'] ?? 0,
    ask: (line) => {
      started.stdin.write(`${line}\n`);
      return next();
    },
    kill: async () => {
      started.kill('SIGKILL');
      await gone;
    },
  };
};
