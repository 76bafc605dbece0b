import { makeApi, startApi, stopApi, type ListenProblem, type Listening } from '@daybook/api';
import { ruleBook } from '@daybook/domain/rules';
import {
  catchUpReadModels,
  closeReadModels,
  openReadModels,
  readModelDirectory,
  startProjectionThread,
  type Engine,
  type Metrics,
  type ReadModels,
  type WebhookRegistry,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { dataProblem, type Failure } from '../outcome.js';
import { lasting, type Part } from './part.js';

export type HttpOptions = Readonly<{
  host: string;
  port: number;
  /** A port that is taken is passed over for the next free one. */
  nextFree: boolean;
  log: Logger;
  /** Why the node is no longer whole, or null. */
  running: () => string | null;
  metrics: Metrics;
  /** Does this node run the processes? */
  hasProcesses: boolean;
  /** The endpoints of webhooks, where this node sends them. */
  webhooks: WebhookRegistry | null;
}>;

export const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);
const PORTS_TRIED = 50;

type Api = ReturnType<typeof makeApi>;
type Serving = Readonly<{ api: Api; listening: Listening }>;
type Deps = Readonly<{ engine: Engine; models: ReadModels; options: HttpOptions }>;

const listenOnce = async (
  { clock }: Context,
  { engine, models, options }: Deps,
  port: number,
): Promise<E.Either<ListenProblem, Serving>> => {
  const { host, running, metrics, hasProcesses, log, webhooks } = options;
  const api = makeApi({
    engine,
    models,
    reader: engine.store,
    ruleBook,
    clock,
    log,
    running,
    metrics,
    hasProcesses,
    ...(webhooks === null ? {} : { webhooks }),
    hosts: LOOPBACK.has(host) ? [] : [host],
  });
  const listening = await startApi(api, { host, port });
  if (E.isRight(listening)) return E.right({ api, listening: listening.right });
  await api.close();
  return listening;
};

const listen = async (context: Context, deps: Deps): Promise<E.Either<Failure, Serving>> => {
  const { nextFree, port: first } = deps.options;
  const last = nextFree ? first + PORTS_TRIED : first;
  for (let port = first; ; port += 1) {
    const served = await listenOnce(context, deps, port);
    if (E.isRight(served)) {
      if (port !== first) context.output.note(`Port ${first} is in use; this is ${port}.`);
      return served;
    }
    const { _tag, message, remedy } = served.left;
    if (_tag === 'PortInUse' && port < last) continue;
    const named = remedy.replace('another port', 'another port with --port');
    return E.left(dataProblem(`${message} ${named}`));
  }
};

const openModels = async (context: Context): Promise<E.Either<Failure, ReadModels>> => {
  const caughtUp = await catchUpReadModels(context);
  if (E.isLeft(caughtUp)) return E.left(failureOf(caughtUp.left));
  const models = openReadModels(readModelDirectory(context.directory));
  return E.isLeft(models) ? E.left(failureOf(models.left)) : models;
};

export type Http = Readonly<{ parts: readonly Part[]; listening: Listening }>;

/** The HTTP API, and the thread that fills the read models which it answers from. */
export const startHttp = async (
  context: Context,
  engine: Engine,
  options: HttpOptions,
): Promise<E.Either<Failure, Http>> => {
  const models = await openModels(context);
  if (E.isLeft(models)) return models;
  const serving = await listen(context, { engine, models: models.right, options });
  if (E.isLeft(serving)) {
    closeReadModels(models.right);
    return serving;
  }
  const { api, listening } = serving.right;
  const { ended, stop } = startProjectionThread(context);
  const http = lasting('http', async () => {
    await stopApi(api);
    closeReadModels(models.right);
  });
  return E.right({ parts: [http, { name: 'projections', ended, stop }], listening });
};
