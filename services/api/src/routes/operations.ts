import type { FastifyInstance } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import type { Outcome } from '../answer.js';
import type { ApiDeps } from '../deps.js';
import { problemOf } from '../problem.js';
import type { Route } from '../route.js';
import { isNear } from './health.js';
import { healthAnswer, linksAnswer, readyAnswer } from '../schemas/operations.js';

const links = {
  document: '/openapi.json',
  health: '/health',
  ready: '/ready',
  metrics: '/metrics',
  commands: '/v1/companies/{company}/commands',
  sessions: '/v1/companies/{company}/sessions',
  summaries: '/v1/companies/{company}/summaries',
  balance: '/v1/companies/{company}/credits/balance',
  devices: '/v1/companies/{company}/devices',
} as const;

/** Bytes are not shown as events, and no limit of events holds for them. */
const behindOf = ({ engine }: ApiDeps, distance: number): number | null =>
  engine.positionsAre === 'events' || distance <= 0 ? Math.max(0, distance) : null;

type Standing = Readonly<{ behind: number | null }>;

/** By events where positions count them, and otherwise by the time that the oldest one waits. */
const isFarBehind = async (deps: ApiDeps, readModels: readonly Standing[]): Promise<boolean> => {
  if (readModels.every(({ behind }) => behind !== null))
    return readModels.some(({ behind }) => behind !== null && behind > deps.limits.lagMax);
  const consumers = await deps.metrics.consumers();
  return consumers.some((each) => each.kind === 'projection' && !isNear(each, deps.limits));
};

/** Ready: the log can be read, the read models are near its end, and the processes are at work. */
const readiness = async (deps: ApiDeps): Promise<Outcome> => {
  const head = await deps.reader.head()();
  const position = E.isRight(head) ? head.right : null;
  const readModels = Object.entries(deps.models).map(([name, model]) => {
    const reached = model.position();
    return { name, position: reached, behind: behindOf(deps, (position ?? reached) - reached) };
  });
  const processes = deps.running() === null ? 'running' : 'stopped';
  const state = { head: position, processes, readModels };
  const lags = await isFarBehind(deps, readModels);
  if (position !== null && processes === 'running' && !lags)
    return E.right({ status: 200, body: { status: 'ready', ...state } });
  return E.left(
    problemOf('NotReady', {
      status: 503,
      detail: 'Not ready: the log, a read model or a process is not where it has to be.',
      extensions: state,
      headers: { 'retry-after': '1' },
    }),
  );
};

export const operationRoutes = (deps: ApiDeps, api: FastifyInstance): readonly Route[] => [
  {
    method: 'GET',
    url: '/',
    operationId: 'getLinks',
    summary: 'Where to look.',
    tag: 'operations',
    answer: { 'application/json': linksAnswer },
    handle: () => E.right({ status: 200, body: { name: 'Daybook', links } }),
  },
  {
    method: 'GET',
    url: '/health',
    operationId: 'getHealth',
    summary: 'Is the process alive?',
    tag: 'operations',
    answer: { 'application/json': healthAnswer },
    handle: () => E.right({ status: 200, body: { status: 'live' } }),
  },
  {
    method: 'GET',
    url: '/ready',
    operationId: 'getReadiness',
    summary: 'Can it serve: log readable, read models near its end, processes at work?',
    tag: 'operations',
    answer: { 'application/json': readyAnswer },
    handle: () => readiness(deps),
  },
  {
    method: 'GET',
    url: '/openapi.json',
    operationId: 'getDocument',
    summary: 'This document: OpenAPI 3.1.',
    tag: 'operations',
    answer: { 'application/json': { type: 'object' } },
    handle: () => E.right({ status: 200, body: documentOf(api) }),
  },
];

const documentOf = (api: FastifyInstance): Readonly<Record<string, unknown>> =>
  api.swagger() as unknown as Readonly<Record<string, unknown>>;
