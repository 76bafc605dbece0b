import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root, type Place } from './program.js';

export type Served = Readonly<{
  url: string;
  /** Everything on standard error so far. */
  log: () => string;
  signal: (name: NodeJS.Signals) => void;
  /** SIGTERM; gives the exit code. */
  stop: () => Promise<number | null>;
  kill: () => Promise<void>;
  ended: Promise<number | null>;
}>;

/** `daybook serve` as it is built, with what it writes at the level that says most. */
export const served = async (
  place: Place,
  given: Readonly<{ roles?: string; env: NodeJS.ProcessEnv }>,
): Promise<Served> => {
  const bin = join(root, 'services/cli/bin/daybook.mjs');
  const roles = given.roles === undefined ? [] : ['--roles', given.roles];
  const args = [bin, 'serve', '--port', '0', '--log-level', 'trace', ...roles];
  const { PATH } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: place.path,
    env: { PATH, HOME: place.path, DAYBOOK_DATA: place.data, ...given.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let [said, log] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, found] = /Serving at (\S+)\n/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then((code) => reject(new Error(`ended with ${String(code)}: ${said}${log}`)));
  });
  const gone = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    url,
    log: () => log,
    signal: (name) => void child.kill(name),
    stop: () => gone('SIGTERM'),
    kill: async () => void (await gone('SIGKILL')),
    ended,
  };
};
