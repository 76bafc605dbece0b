/** `daybook serve` as a process of its own, on a port of its own, that can be killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../services/cli/bin/daybook.mjs', import.meta.url));
const READY_TRIES = 300;

export type Server = Readonly<{
  url: string;
  start: () => Promise<void>;
  /** SIGKILL: nothing is finished, nothing is closed. */
  kill: () => Promise<void>;
  stop: () => Promise<void>;
}>;

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/ready`)).ok;
  } catch {
    return false;
  }
};

/** A server for a data directory; it keeps its port when it is started again. */
export const serverOf = async (directory: string): Promise<Server> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    child = null;
  };
  return {
    url,
    start: async () => {
      const args = ['serve', '--data', directory, '--port', String(port), '--log-level', 'silent'];
      child = spawn(process.execPath, [program, ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      for (let tries = 0; tries < READY_TRIES; tries += 1) {
        if (await isReady(url)) return;
        if (child.exitCode !== null) throw new Error(`daybook serve ended with ${child.exitCode}`);
        await passed(50);
      }
      throw new Error(`daybook serve at ${url} does not become ready`);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
};
