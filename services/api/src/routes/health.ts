import type { ConsumerStatus } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Outcome } from '../answer.js';
import type { ApiDeps, Limits } from '../deps.js';
import { problemOf } from '../problem.js';
import type { Route } from '../route.js';
import { healthAnswer, healthReadyAnswer } from '../schemas/operations.js';

/**
 * Near the end: so many events, or, where positions count none, the oldest one that waits is not older than what
 * stands still may stand. A number that is not known makes nobody unready.
 */
export const isNear = (
  { lagEvents, lagSeconds }: ConsumerStatus,
  { lagMax, stuckMs }: Limits,
): boolean =>
  lagEvents === null ? lagSeconds === null || lagSeconds * 1_000 <= stuckMs : lagEvents <= lagMax;

/** Who is behind is ready as long as it moves; so a node that catches up is not taken away for being slow. */
type Progress = (status: ConsumerStatus) => boolean;

const makeProgress = ({ clock, limits }: Pick<ApiDeps, 'clock' | 'limits'>): Progress => {
  const seen = new Map<string, Readonly<{ position: number; at: number }>>();
  return (status) => {
    const { name, position } = status;
    if (position === null) return true;
    const before = seen.get(name);
    const now = clock();
    // Another position than before, also a lower one: a read model that is filled again is at work.
    const moved =
      before === undefined || before.position !== position ? { position, at: now } : before;
    seen.set(name, moved);
    return isNear(status, limits) || now - moved.at < limits.stuckMs;
  };
};

/** Why a status is what it is stays with the operator: in the log, and in `daybook doctor`. */
const shown = (status: ConsumerStatus): Readonly<Record<string, unknown>> => {
  const { name, kind, state, position, lagEvents, lagSeconds, retries, parked } = status;
  return { name, kind, state, position, lagEvents, lagSeconds, retries, parked };
};

const readiness = (deps: ApiDeps, isProgressing: Progress) => async (): Promise<Outcome> => {
  const { reader, metrics } = deps;
  const asked = await reader.head()();
  const head = E.isRight(asked) ? asked.right : null;
  const all = await metrics.consumers();
  const required = all.filter(({ kind }) => kind === 'projection' || kind === 'process');
  // Every one is looked at, so that each is remembered.
  const atWork = required.filter((each) => isProgressing(each) && each.state === 'running');
  const state = { head, consumers: all.map(shown) };
  if (head !== null && atWork.length === required.length)
    return E.right({ status: 200, body: { status: 'ready', ...state } });
  return E.left(
    problemOf('NotReady', {
      status: 503,
      detail:
        'Not ready: the log cannot be read, or a read model or a process stands still while events wait.',
      extensions: state,
      headers: { 'retry-after': '1' },
    }),
  );
};

/** For orchestrators and Prometheus. A broker or an endpoint that is away never makes a node unready. */
export const healthRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/health/live',
    operationId: 'getLiveness',
    summary: 'Is the process alive?',
    tag: 'operations',
    answer: { 'application/json': healthAnswer },
    handle: () => E.right({ status: 200, body: { status: 'live' } }),
  },
  {
    method: 'GET',
    url: '/health/ready',
    operationId: 'getConsumers',
    summary:
      'Can it serve: log readable, read models and processes at work and near its end, or moving? How every consumer stands.',
    tag: 'operations',
    answer: { 'application/json': healthReadyAnswer },
    handle: readiness(deps, makeProgress(deps)),
  },
  {
    method: 'GET',
    url: '/metrics',
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus, as of now.',
    tag: 'operations',
    answer: { 'text/plain': { type: 'string' } },
    handle: async () => {
      const { metrics } = deps;
      const headers = { 'content-type': metrics.contentType };
      return E.right({ status: 200, body: await metrics.text(), headers });
    },
  },
];
