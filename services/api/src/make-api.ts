import Fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { admit } from './admission.js';
import { makeCompanies } from './companies.js';
import { countAnswers, metricsOf } from './consumers.js';
import { defaultLimits, type ApiDeps, type ApiOptions, type Limits } from './deps.js';
import { makeStreams } from './events/streams.js';
import { describeApi } from './openapi.js';
import { addRoute } from './route.js';
import { commandRoutes } from './routes/commands.js';
import { consentRoutes } from './routes/consents.js';
import { creditRoutes } from './routes/credits.js';
import { deviceBulkRoutes } from './routes/device-bulk.js';
import { deviceRoutes } from './routes/devices.js';
import { eventRoutes } from './routes/events.js';
import { explanationRoutes } from './routes/explanations.js';
import { journalRoutes } from './routes/journal.js';
import { healthRoutes } from './routes/health.js';
import { operationRoutes } from './routes/operations.js';
import { parkedRoutes } from './routes/parked.js';
import { sessionRoutes } from './routes/sessions.js';
import { summaryRoutes } from './routes/summary-routes.js';
import { userRoutes } from './routes/users.js';
import { webhookRoutes } from './routes/webhooks.js';
import { answerTheRest } from './unexpected.js';

const serverOptions = (limits: Limits, log: ApiOptions['log']): FastifyServerOptions => ({
  ...(log === undefined ? { logger: false } : { loggerInstance: log }),
  // Addresses hold search words; the line below names the route instead.
  logController: new LogController({ disableRequestLogging: true }),
  bodyLimit: limits.bodyBytes,
  handlerTimeout: limits.handlerMs,
  requestTimeout: limits.requestMs,
  // While stopping, `admit` refuses with a problem document of its own.
  return503OnClosing: false,
  ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: false } },
});

const logRequests = (api: FastifyInstance): void => {
  api.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const { statusCode: status, elapsedTime: milliseconds } = reply;
    api.log.info({ method, route: routeOptions.url, status, milliseconds }, 'answered');
    done();
  });
};

const addRoutes = (api: FastifyInstance, deps: ApiDeps): void => {
  const routes = [
    operationRoutes(deps, api),
    healthRoutes(deps),
    commandRoutes(deps),
    userRoutes(deps),
    sessionRoutes(deps),
    consentRoutes(deps),
    explanationRoutes(deps),
    parkedRoutes(deps),
    summaryRoutes(deps),
    creditRoutes(deps),
    deviceRoutes(deps),
    deviceBulkRoutes(deps),
    eventRoutes(deps),
    webhookRoutes(deps),
  ];
  api.register((scope, _options, done) => {
    for (const route of routes.flat()) addRoute(scope, route);
    done();
  });
  api.register((scope, _options, done) => {
    // Here alone a body may be a stream: no other route would know what to do with one.
    scope.addContentTypeParser('application/x-ndjson', (_request, payload, parsed) => {
      parsed(null, payload);
    });
    for (const route of journalRoutes(deps)) addRoute(scope, route);
    done();
  });
};

/** The HTTP API of an engine and its read models, ready to be listened with or injected into. */
export const makeApi = (options: ApiOptions): FastifyInstance => {
  const { engine, models, reader, ruleBook, clock, log, hosts = [] } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const running = options.running ?? (() => null);
  const companies = makeCompanies(reader);
  const streams = makeStreams(limits);
  const { webhooks = null } = options;
  const made = { companies, streams, limits, running, webhooks, metrics: metricsOf(options) };
  const deps: ApiDeps = { engine, models, reader, ruleBook, clock, ...made };
  const api = Fastify(serverOptions(limits, log));
  admit(api, hosts);
  api.addHook('preClose', (done) => {
    streams.endAll();
    done();
  });
  answerTheRest(api);
  logRequests(api);
  countAnswers(api, deps.metrics);
  // The answers are what the routes make; the schemas describe them and never cut them to size.
  api.setSerializerCompiler(() => (value) => JSON.stringify(value));
  // A page of another origin may send plain text without asking first; nothing here takes it.
  api.removeContentTypeParser('text/plain');
  describeApi(api);
  addRoutes(api, deps);
  return api;
};
