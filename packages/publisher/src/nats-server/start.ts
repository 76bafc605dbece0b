import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { findNatsServer } from './find.js';

export type NatsServerOptions = Readonly<{
  /** Default: a new temporary folder, removed by `dispose`. */
  directory?: string;
  /** Default 0: a free one. A server that starts again keeps the port that it got. */
  port?: number;
  /** More lines for the configuration file, such as users and their permissions. */
  configuration?: string;
}>;

/** A nats-server on loopback with JetStream in one directory, which survives every kind of death. */
export type NatsServer = Readonly<{
  url: string;
  port: number;
  directory: string;
  pid: () => number | undefined;
  start: () => Promise<void>;
  /** SIGTERM: streams are closed in order. Resolves when the process is gone. */
  stop: () => Promise<void>;
  /** SIGKILL, as when a machine fails. Resolves when the process is gone. */
  kill: () => Promise<void>;
  /** Stops it and removes its directory, unless the directory was given. */
  dispose: () => Promise<void>;
}>;

/** Path of a nats-server; throws the sentence that says what to do when there is none. */
export const requireNatsServer = async (): Promise<string> => {
  const found = await findNatsServer();
  if (E.isLeft(found)) throw new Error(found.left.message);
  return found.right;
};

const READY_MS = 20_000;
const POLL_MS = 15;

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });

/** `nats://127.0.0.1:4222` from the file that the server writes about its ports. */
const portFrom = async (file: string): Promise<number | undefined> => {
  try {
    const written = JSON.parse(await readFile(file, 'utf8')) as { nats?: readonly string[] };
    const url = written.nats?.[0];
    return url === undefined ? undefined : Number(new URL(url).port);
  } catch {
    return undefined;
  }
};

type Running = Readonly<{
  pid: number;
  port: number;
  end: (signal: NodeJS.Signals) => Promise<void>;
}>;

const launch = async (
  program: string,
  directory: string,
  wanted: Readonly<{ port: number; configuration: string }>,
): Promise<Running> => {
  const file = join(directory, 'server.conf');
  await writeFile(
    file,
    [
      'host: 127.0.0.1',
      `port: ${wanted.port === 0 ? -1 : wanted.port}`,
      `ports_file_dir: ${JSON.stringify(directory)}`,
      `jetstream { store_dir: ${JSON.stringify(join(directory, 'store'))} }`,
      wanted.configuration,
    ].join('\n'),
  );
  const child = spawn(program, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let failed: Error | undefined;
  child.once('error', (error) => (failed = error));
  const isOver = (): boolean => failed !== undefined || child.exitCode !== null;
  const { pid } = child;
  // The server names the file after its own program, which NATS_SERVER_BIN may call anything.
  const ports = join(directory, `${basename(program)}_${pid ?? 0}.ports`);
  for (const until = Date.now() + READY_MS; Date.now() < until && !isOver();) {
    const port = wanted.port === 0 ? await portFrom(ports) : wanted.port;
    if (pid !== undefined && port !== undefined && (await answers(port)) && !isOver())
      return {
        pid,
        port,
        end: async (signal) => {
          child.kill(signal);
          await gone;
          await rm(ports, { force: true });
        },
      };
    await delay(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`nats-server did not start: ${failed?.message ?? said.trim()}`);
};

/** Starts a server and waits until it answers. Throws with the server's own words when it cannot start. */
export const startNatsServer = async (options: NatsServerOptions = {}): Promise<NatsServer> => {
  const program = await requireNatsServer();
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'daybook-nats-')));
  const configuration = options.configuration ?? '';
  let running: Running | undefined = await launch(program, directory, {
    port: options.port ?? 0,
    configuration,
  });
  const { port } = running;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = running;
    running = undefined;
    await ending?.end(signal);
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    directory,
    pid: () => running?.pid,
    start: async () => {
      running ??= await launch(program, directory, { port, configuration });
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    dispose: async () => {
      await end('SIGKILL');
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
};
