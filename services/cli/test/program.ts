import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(__dirname, '../../..');
export const samples = join(root, 'samples');
const bin = join(root, 'services/cli/bin/daybook.mjs');

export type Ended = Readonly<{ code: number | null; out: string; err: string }>;

/** A place for one test: a data directory that is not there yet, and files beside it. */
export type Place = Readonly<{
  path: string;
  data: string;
  file: (name: string, text: string) => string;
  remove: () => void;
}>;

export const makePlace = (): Place => {
  const path = mkdtempSync(join(tmpdir(), 'daybook-cli-'));
  return {
    path,
    data: join(path, 'data'),
    file: (name, text) => {
      const file = join(path, name);
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};

const environment = (place: Place, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: place.path,
  DAYBOOK_DATA: place.data,
  ...more,
});

/** Runs the built program to its end. */
export const daybook = (
  place: Place,
  args: readonly string[],
  given: Readonly<{ input?: string; env?: NodeJS.ProcessEnv }> = {},
): Ended => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: place.path,
    env: environment(place, given.env),
    input: given.input ?? '',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
};

export const json = (ended: Ended): Record<string, unknown> =>
  JSON.parse(ended.out) as Record<string, unknown>;

/** Starts a program that stays, and waits until it has said where it serves. */
export const serving = async (
  place: Place,
  args: readonly string[],
): Promise<Readonly<{ child: ChildProcess; url: string; stop: () => Promise<number | null> }>> => {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: place.path,
    env: environment(place),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const [, found] = /Serving at (\S+)\n/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then((code) => reject(new Error(`ended with ${String(code)}: ${said}`)));
  });
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { child, url, stop };
};
