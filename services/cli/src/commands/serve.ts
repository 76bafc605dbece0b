import { makeApi, startApi, stopApi, type ListenProblem, type Listening } from '@daybook/api';
import { ruleBook } from '@daybook/domain/rules';
import {
  catchUpReadModels,
  closeReadModels,
  openReadModels,
  readModelDirectory,
  startProcesses,
  startProjectionThread,
  type Engine,
  type ReadModels,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { once } from 'node:events';
import { pino, type Logger } from 'pino';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { absenceOf, openWriter } from '../data/open.js';
import { dataProblem, ExitCode, type Failure, type Outcome } from '../outcome.js';
import { addressesText, type Examples } from '../report/addresses.js';

export type ServeOptions = Readonly<{
  host: string;
  port: number;
  /** A port that is taken is passed over for the next free one. */
  nextFree: boolean;
  logLevel: string;
  /** What the printed addresses ask for; null: placeholders. */
  examples: Examples | null;
}>;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);
const PORTS_TRIED = 50;

type Api = ReturnType<typeof makeApi>;
type Serving = Readonly<{ api: Api; listening: Listening }>;
type Parts = Readonly<{
  engine: Engine;
  models: ReadModels;
  log: Logger;
  running: () => string | null;
}>;

const listenOnce = async (
  context: Context,
  parts: Parts,
  at: Readonly<{ host: string; port: number }>,
): Promise<E.Either<ListenProblem, Serving>> => {
  const { engine, models, log, running } = parts;
  const { clock } = context;
  const hosts = LOOPBACK.has(at.host) ? [] : [at.host];
  const options = { engine, models, reader: engine.store, ruleBook, clock, log, running, hosts };
  const api = makeApi(options);
  const listening = await startApi(api, at);
  if (E.isRight(listening)) return E.right({ api, listening: listening.right });
  await api.close();
  return listening;
};

const listen = async (
  context: Context,
  parts: Parts,
  options: ServeOptions,
): Promise<E.Either<Failure, Serving>> => {
  const { host, nextFree } = options;
  const last = nextFree ? options.port + PORTS_TRIED : options.port;
  for (let { port } = options; ; port += 1) {
    const served = await listenOnce(context, parts, { host, port });
    if (E.isRight(served)) {
      if (port !== options.port)
        context.output.note(`Port ${options.port} is in use; this is ${port}.`);
      return served;
    }
    const { _tag, message, remedy } = served.left;
    if (_tag === 'PortInUse' && port < last) continue;
    const named = remedy.replace('another port', 'another port with --port');
    return E.left(dataProblem(`${message} ${named}`));
  }
};

const openModels = async (directory: string): Promise<E.Either<Failure, ReadModels>> => {
  const caughtUp = await catchUpReadModels(directory);
  if (E.isLeft(caughtUp)) return E.left(failureOf(caughtUp.left));
  const models = openReadModels(readModelDirectory(directory));
  return E.isLeft(models) ? E.left(failureOf(models.left)) : models;
};

/** Resolves with null when somebody asks to stop, otherwise with what ended by itself. */
const ending = async (
  stopped: AbortSignal,
  parts: readonly Promise<string | null>[],
): Promise<string | null> => {
  if (stopped.aborted) return null;
  const asked = once(stopped, 'abort').then(() => null);
  const ended = parts.map(async (part) => (await part) ?? 'a part of the engine ended');
  return Promise.race([asked, ...ended]);
};

const announce = (context: Context, serving: Serving, examples: Examples | null): void => {
  const { output, directory } = context;
  const { url, host } = serving.listening;
  output.json({ url, openapi: `${url}/openapi.json`, directory });
  output.line(`\n${addressesText(url, output.style, examples)}`);
  if (!LOOPBACK.has(host))
    output.note(
      `Warning: there are no accounts yet. Whoever reaches ${url} can say who they are, and read and change everything; let only trusted machines reach it.`,
    );
  output.line(output.style.dim('Stop with Ctrl+C.'));
};

const runServer = async (
  context: Context,
  engine: Engine,
  options: ServeOptions,
): Promise<Outcome> => {
  const models = await openModels(context.directory);
  if (E.isLeft(models)) return models;
  const log = pino({ level: options.logLevel }, pino.destination(2));
  let trouble: string | null = null;
  const parts = { engine, models: models.right, log, running: () => trouble };
  const serving = await listen(context, parts, options);
  if (E.isLeft(serving)) {
    closeReadModels(models.right);
    return serving;
  }
  const processes = startProcesses(engine);
  const projections = startProjectionThread(context.directory);
  announce(context, serving.right, options.examples);
  const processesEnded = processes.ended.then((failure) => failure?._tag ?? null);
  trouble = await ending(context.stopped, [processesEnded, projections.ended]);
  if (trouble === null) context.output.note('Stopping: requests under way are answered first.');
  await stopApi(serving.right.api);
  await Promise.all([processes.stop(), projections.stop()]);
  closeReadModels(models.right);
  return trouble === null
    ? E.right(ExitCode.fine)
    : E.left(
        dataProblem(`The server stopped because of a failure (${trouble}). Run daybook doctor.`),
      );
};

/** Serves an existing data directory until it is asked to stop. */
export const serveFrom = async (context: Context, options: ServeOptions): Promise<Outcome> => {
  const absent = absenceOf(context.directory);
  if (absent !== null) return E.left(absent);
  const opened = await openWriter(context);
  if (E.isLeft(opened)) return opened;
  try {
    return await runServer(context, opened.right, options);
  } finally {
    await opened.right.close();
  }
};
