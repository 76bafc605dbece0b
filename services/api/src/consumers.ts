import { engineConsumers, makeMetrics, type Metrics } from '@daybook/engine';
import type { FastifyInstance } from 'fastify';
import type { ApiOptions } from './deps.js';

/** By the template of the route: an address names companies and sessions. */
export const countAnswers = (api: FastifyInstance, metrics: Metrics): void => {
  api.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
    const { statusCode: status, elapsedTime } = reply;
    metrics.answered({ method, route: routeOptions.url, status, seconds: elapsedTime / 1_000 });
    done();
  });
};

/** The node's metrics, which from now on know the log, the read models and the processes. */
export const metricsOf = (options: ApiOptions): Metrics => {
  const { engine, models, reader, clock, hasProcesses = true } = options;
  const { metrics = makeMetrics({ ofProcess: false }), running = () => null } = options;
  metrics.setLog(reader);
  metrics.addConsumers(engineConsumers({ engine, models, reader, clock, running, hasProcesses }));
  return metrics;
};
