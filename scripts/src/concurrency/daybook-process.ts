/** The built program as a process that stays, can be killed, and is started again as it was. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../services/cli/bin/daybook.mjs', import.meta.url));
const READY_TRIES = 600;

export type DaybookProcess = Readonly<{
  start: () => Promise<void>;
  /** SIGKILL: nothing is finished, nothing is closed. */
  kill: () => Promise<void>;
  stop: () => Promise<void>;
}>;

export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

/** `start` resolves when `isReady` says so. */
export const daybookProcess = (
  args: readonly string[],
  isReady: () => Promise<boolean>,
): DaybookProcess => {
  let child: ChildProcess | null = null;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  };
  return {
    start: async () => {
      const started = spawn(process.execPath, [program, ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      child = started;
      for (let tries = 0; tries < READY_TRIES; tries += 1) {
        if (await isReady()) return;
        if (started.exitCode !== null)
          throw new Error(`daybook ${args[0] ?? ''} ended with ${started.exitCode}`);
        await passed(50);
      }
      await end('SIGKILL');
      throw new Error(`daybook ${args.join(' ')} does not become ready`);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
};
