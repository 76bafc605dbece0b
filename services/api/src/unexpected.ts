import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from './answer.js';
import { fieldProblem, notFound, problemOf, type Problem } from './problem.js';

type Thrown = Partial<FastifyError> & Readonly<{ stack?: string }>;

/** Fastify's own refusals of a request. Its messages are not passed on: they may quote the body. */
const byCode: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problemOf('UnsupportedMediaType', {
    status: 415,
    detail: 'Send the body with a media type that the route takes, such as application/json.',
  }),
  FST_ERR_CTP_BODY_TOO_LARGE: problemOf('BodyTooLarge', {
    status: 413,
    detail: 'The body is larger than this route takes.',
    headers: { connection: 'close' },
  }),
  FST_ERR_HANDLER_TIMEOUT: problemOf('TookTooLong', {
    status: 503,
    detail: 'It took too long and may still be done; a command can be sent again with its key.',
    headers: { 'retry-after': '1' },
  }),
};

type Invalid = Readonly<{ instancePath: string; message?: string; params?: unknown }>;

const unknownParameter = (params: unknown): string | undefined =>
  typeof params === 'object' && params !== null && 'additionalProperty' in params
    ? String(params.additionalProperty)
    : undefined;

/** A parameter in the address that its schema refuses; ajv's words name the rule and not the value. */
const invalidParameter = (invalid: Invalid | undefined): Problem => {
  const unknown = unknownParameter(invalid?.params);
  const field = unknown ?? (invalid?.instancePath ?? '').slice(1);
  const reason = unknown === undefined ? (invalid?.message ?? 'is not valid') : 'is not known here';
  return fieldProblem(400, { field: field.slice(0, 100), reason });
};

const expected = (error: Thrown): Problem | undefined => {
  if (error.validation !== undefined) return invalidParameter(error.validation[0]);
  const known = byCode[error.code ?? ''];
  if (known !== undefined) return known;
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return undefined;
  const detail = 'The request is not well-formed HTTP with a well-formed JSON body.';
  return problemOf('MalformedRequest', { status: 400, detail });
};

/** Frames only: the message of an error may quote what it failed on. */
const framesOf = (stack: string): readonly string[] =>
  stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));

const logged = (log: FastifyBaseLogger, request: FastifyRequest, error: Thrown): Problem => {
  const reference = randomUUID();
  log.error(
    {
      reference,
      method: request.method,
      route: request.routeOptions.url,
      error: error.name,
      code: error.code,
      at: framesOf(error.stack ?? ''),
    },
    'a request failed unexpectedly',
  );
  return problemOf('InternalError', {
    status: 500,
    detail: 'Something went wrong that should not; the operator’s log says more.',
    extensions: { reference },
  });
};

/** What routes do not answer themselves: malformed requests, unknown addresses, and bugs. */
export const answerTheRest = (api: FastifyInstance): void => {
  api.setNotFoundHandler((_request, reply) => sendProblem(reply, notFound()));
  api.setErrorHandler((error: Thrown, request, reply) =>
    sendProblem(reply, expected(error) ?? logged(api.log, request, error)),
  );
};
