import { makeMetrics, openLog, startProcesses, type Engine, type Metrics } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { absenceOf, openWriter } from '../data/open.js';
import { dataProblem, ExitCode, usage, type Failure, type Outcome } from '../outcome.js';
import { addressesText, type Examples } from '../report/addresses.js';
import { startGrpc, type GrpcOptions } from '../serving/grpc.js';
import { LOOPBACK, startHttp } from '../serving/http.js';
import { startDelivering } from '../serving/connectors.js';
import { logAt } from '../serving/log.js';
import { endOf, lasting, type Part } from '../serving/part.js';
import { startRelaying } from '../serving/relay.js';
import { needsEngine, type Roles } from '../serving/roles.js';
import { watchOutgoing } from '../serving/watch.js';
import { openEndpoints, startSending } from '../serving/webhooks.js';
import { listed } from '../text/words.js';

export type ServeOptions = Readonly<{
  host: string;
  port: number;
  /** A port that is taken is passed over for the next free one. */
  nextFree: boolean;
  logLevel: string;
  roles: Roles;
  /** Somebody named the roles; otherwise a way out that cannot start is told, and the node goes on. */
  areRolesAsked: boolean;
  /** Null: no gRPC server. */
  grpc: GrpcOptions | null;
  /** What the printed addresses ask for; null: placeholders. */
  examples: Examples | null;
}>;

/** A node at work: what it runs, and where it can be reached. */
type Node = {
  readonly parts: Part[];
  url: string | null;
  grpc: string | null;
  trouble: string | null;
};

type Started = Promise<E.Either<Failure, void>>;
type Serving = Readonly<{ engine: Engine; options: ServeOptions; metrics: Metrics; log: Logger }>;

const startLogServer = async (
  node: Node,
  store: Engine['store'],
  grpc: GrpcOptions | null,
): Started => {
  if (grpc === null) return E.right(undefined);
  const started = await startGrpc(store, grpc);
  if (E.isLeft(started)) return started;
  node.parts.push(started.right.part);
  node.grpc = started.right.address;
  return E.right(undefined);
};

const startApi = async (
  node: Node,
  context: Context,
  { engine, options, metrics, log }: Serving,
): Started => {
  const { host, port, nextFree, roles } = options;
  const endpoints = roles.has('webhooks') ? openEndpoints(context) : E.right(null);
  if (E.isLeft(endpoints)) return endpoints;
  const { right: webhooks } = endpoints;
  const running = (): string | null => node.trouble;
  const hasProcesses = roles.has('processes');
  const at = { host, port, nextFree, log, webhooks };
  const http = await startHttp(context, engine, { ...at, running, metrics, hasProcesses });
  if (E.isLeft(http)) {
    webhooks?.close();
    return http;
  }
  for (const part of http.right.parts) node.parts.push(part);
  if (webhooks !== null)
    node.parts.push(lasting('endpoints', () => Promise.resolve(webhooks.close())));
  node.url = http.right.listening.url;
  return E.right(undefined);
};

/** What brings events to others. Each waits by itself for whom it brings them to. */
const startWaysOut = async (
  node: Node,
  context: Context,
  { engine, options, metrics, log }: Serving,
): Started => {
  const { roles } = options;
  const starts = {
    relay: () => startRelaying(context, engine, metrics),
    webhooks: () => startSending(context, { engine, metrics, log }),
    connectors: () => startDelivering(context, engine, metrics),
  } as const;
  for (const role of ['relay', 'webhooks', 'connectors'] as const) {
    if (!roles.has(role)) continue;
    const started = await starts[role]();
    if (E.isRight(started)) node.parts.push(started.right);
    else if (options.areRolesAsked || started.left.exitCode === ExitCode.usage) return started;
    else context.output.note(`Without ${role}: ${started.left.message}`);
  }
  // It looks at the others, so it is stopped before them.
  node.parts.unshift(watchOutgoing(metrics, log));
  return E.right(undefined);
};

const startRoles = async (node: Node, context: Context, serving: Serving): Started => {
  const { engine, options } = serving;
  const { roles, grpc } = options;
  if (roles.has('api')) {
    const api = await startApi(node, context, serving);
    if (E.isLeft(api)) return api;
  }
  const waysOut = await startWaysOut(node, context, serving);
  if (E.isLeft(waysOut)) return waysOut;
  const served = await startLogServer(node, engine.wholeLog, grpc);
  if (E.isLeft(served)) return served;
  if (roles.has('processes')) {
    const { ended, stop } = startProcesses(engine);
    const why = ended.then((failure) => failure?._tag ?? null);
    node.parts.push({ name: 'processes', ended: why, stop });
  }
  return E.right(undefined);
};

const announce = (context: Context, { url, grpc }: Node, options: ServeOptions): void => {
  const { output, directory } = context;
  const { roles, examples, host } = options;
  const api = url === null ? {} : { url, openapi: `${url}/openapi.json` };
  const log = grpc === null ? {} : { eventStore: grpc };
  output.json({ ...api, ...log, roles: [...roles], directory });
  output.line();
  if (url !== null) output.line(addressesText(url, output.style, examples));
  if (grpc !== null)
    output.line(
      `The log, for clients of EventStoreDB: ${grpc}  ${output.style.dim(`# may write: ${options.grpc?.writes ?? ''}`)}`,
    );
  if (url === null && grpc === null) output.line(`At work: ${listed([...roles])}.`);
  if (url !== null && !LOOPBACK.has(host))
    output.note(
      `Warning: there are no accounts yet. Whoever reaches ${url} can say who they are, and read and change everything; let only trusted machines reach it.`,
    );
  output.line(output.style.dim('Stop with Ctrl+C.'));
};

const stopAll = async ({ parts }: Node): Promise<void> => {
  for (const part of parts) await part.stop();
};

/** Starts the parts, waits until somebody asks to stop or one ends by itself, and stops them in their order. */
const runNode = async (
  context: Context,
  options: ServeOptions,
  start: (node: Node) => Started,
): Promise<Outcome> => {
  const node: Node = { parts: [], url: null, grpc: null, trouble: null };
  const started = await start(node);
  if (E.isLeft(started)) {
    await stopAll(node);
    return started;
  }
  announce(context, node, options);
  node.trouble = await endOf(context.stopped, node.parts);
  if (node.trouble === null)
    context.output.note('Stopping: requests under way are answered first.');
  await stopAll(node);
  return node.trouble === null
    ? E.right(ExitCode.fine)
    : E.left(
        dataProblem(
          `The server stopped because of a failure (${node.trouble}). Run daybook doctor.`,
        ),
      );
};

/** The embedded log alone, for the nodes of a cluster: it begins one where there is none. */
const serveLog = async (context: Context, options: ServeOptions): Promise<Outcome> => {
  const opened = await openLog(context, context.clock);
  if (E.isLeft(opened)) return E.left(failureOf(opened.left));
  const store = opened.right;
  try {
    return await runNode(context, options, (node) => startLogServer(node, store, options.grpc));
  } finally {
    await store.close();
  }
};

const faultOf = ({ source }: Context, { roles, grpc }: ServeOptions): Failure | null => {
  if (grpc !== null && source.kind === 'esdb')
    return usage(
      'The log is in an event store, which serves it itself: leave out --grpc and the role log, or --store.',
    );
  if (roles.has('log') && grpc === null)
    return usage('The role log needs a port: give --grpc PORT.');
  return null;
};

/** Serves a data directory until it is asked to stop. */
export const serveFrom = async (context: Context, options: ServeOptions): Promise<Outcome> => {
  const fault = faultOf(context, options);
  if (fault !== null) return E.left(fault);
  if (!needsEngine(options.roles)) return serveLog(context, options);
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const shared = options.grpc?.writes === 'all' ? { isLogShared: true } : {};
  const metrics = makeMetrics();
  const opened = await openWriter(context, { ...shared, observer: metrics.observer });
  if (E.isLeft(opened)) return opened;
  const engine = opened.right;
  try {
    return await runNode(context, options, (node) =>
      startRoles(node, context, { engine, options, metrics, log: logAt(options.logLevel) }),
    );
  } finally {
    await engine.close();
  }
};
