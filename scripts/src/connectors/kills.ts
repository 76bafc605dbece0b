/** The connectors in a process of their own, the built program, killed again and again in the middle of their work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CLIENT } from '@daybook/connectors/rehearsal';
import type { Servers } from './servers.js';

const program = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../../services/cli/bin/daybook.mjs',
);
/** The secret as the command line reads it. */
export const SECRET_NAME = 'DAYBOOK_CONNECTOR_REHEARSAL';

export type Killing = Readonly<{
  servers: Servers;
  /** Data directory. */
  directory: string;
  /** The configuration of the connectors, JSON. */
  config: string;
  kills: number;
}>;

const start = ({ directory, config }: Killing): ChildProcess => {
  const file = join(directory, '..', 'connectors.json');
  writeFileSync(file, config);
  const args = [program, '--data', directory, 'connectors', 'run', '--config', file];
  const env = { PATH: process.env['PATH'], [SECRET_NAME]: CLIENT.clientSecret };
  return spawn(process.execPath, args, { env, stdio: 'ignore' });
};

const LOOK_MS = 2;
/** A process that has nothing more to do is killed while it rests. */
const PATIENCE_MS = 3_000;
const REQUESTS_MAX = 12;

/** A process, killed as soon as something holds. */
export const killOnce = async (killing: Killing, holds: () => boolean): Promise<void> => {
  const child = start(killing);
  const ended = once(child, 'exit');
  while (!holds() && child.exitCode === null) await delay(LOOK_MS);
  child.kill('SIGKILL');
  await ended;
};

/** Kills each process with SIGKILL after a few requests, whose number is drawn anew. */
export const killAgainAndAgain = async (killing: Killing): Promise<void> => {
  const { serviceNow, salesforce } = killing.servers;
  const count = (): number => serviceNow.requests.length + salesforce.requests.length;
  for (let kill = 0; kill < killing.kills; kill += 1) {
    const until = count() + 1 + Math.floor(Math.random() * REQUESTS_MAX);
    const end = Date.now() + PATIENCE_MS;
    await killOnce(killing, () => count() >= until || Date.now() > end);
  }
};
