import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
} from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { sendAnswer, sendProblem, type Outcome } from './answer.js';
import type { JsonSchema } from './schemas/common.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * For the document only. Bodies are checked by the engine's decoders, which say more; headers by
     * whoever reads them, because a closed schema would refuse every other header.
     */
    documented?: Readonly<{ body?: JsonSchema; headers?: JsonSchema }>;
  }
}

/** One route: what the OpenAPI document says of it, and what it does. */
export type Route = Readonly<{
  method: HTTPMethods;
  url: string;
  operationId: string;
  summary: string;
  description?: string;
  tag: string;
  params?: JsonSchema;
  query?: JsonSchema;
  headers?: JsonSchema;
  /** Schema by media type. */
  body?: Readonly<Record<string, JsonSchema>>;
  /** Schema of the good answer by media type; null for an answer without a body. */
  answer: Readonly<Record<string, JsonSchema>> | null;
  answerHeaders?: JsonSchema;
  /** Other statuses than the good one, without those that every route has. */
  problems?: readonly number[];
  /** Bounds the handling, milliseconds. */
  handlerMs?: number;
  /** `taken`: the handler answers by itself, bit by bit. */
  handle: (
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<Outcome | 'taken'> | Outcome | 'taken';
}>;

const statusWords: Readonly<Record<number, string>> = {
  304: 'Not changed since the revision that the caller has.',
  400: 'A parameter or header is not as it must be.',
  403: 'Whoever asks may not do this, or is not named.',
  404: 'Unknown, or not the company’s.',
  409: 'The rules refuse it as things stand.',
  412: 'Somebody has changed it since.',
  413: 'The body is too large.',
  415: 'The body’s media type is not one of those that the route takes.',
  422: 'The content is not as it must be, or the rules can never accept it.',
  428: 'If-Match is needed: it names the revision that is changed.',
  503: 'Not now; Retry-After says when to ask again.',
};

const problemContent = { 'application/problem+json': { schema: { $ref: 'Problem#' } } };

const problemResponses = (statuses: readonly number[]): Record<string, unknown> =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      status === 304
        ? { description: statusWords[304], type: 'null' }
        : { description: statusWords[status], content: problemContent },
    ]),
  );

const mediaTypes = (
  schemas: Readonly<Record<string, JsonSchema>>,
): Readonly<Record<string, { schema: JsonSchema }>> =>
  Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));

const goodResponse = ({ answer, answerHeaders, summary }: Route): Record<string, unknown> => ({
  description: summary,
  ...(answer === null ? { type: 'null' } : { content: mediaTypes(answer) }),
  ...(answerHeaders === undefined ? {} : { headers: answerHeaders }),
});

/** Every route can be asked wrongly, or at a bad moment. */
const COMMON_PROBLEMS = [400, 503] as const;

const schemaOf = (route: Route): Record<string, unknown> => {
  const { operationId, summary, description, tag, params, query } = route;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    response: {
      200: goodResponse(route),
      ...problemResponses([...COMMON_PROBLEMS, ...(route.problems ?? [])]),
      default: { description: 'Anything else.', content: problemContent },
    },
  };
};

const documentedIn = ({
  body,
  headers,
}: Route): NonNullable<FastifyContextConfig['documented']> => ({
  ...(body === undefined ? {} : { body: { content: mediaTypes(body) } }),
  ...(headers === undefined ? {} : { headers }),
});

export const addRoute = (api: FastifyInstance, route: Route): void => {
  api.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    config: { documented: documentedIn(route) },
    ...(route.handlerMs === undefined ? {} : { handlerTimeout: route.handlerMs }),
    handler: async (request, reply) => {
      const outcome = await route.handle(request, reply);
      if (outcome === 'taken') return reply;
      return E.isLeft(outcome)
        ? sendProblem(reply, outcome.left)
        : sendAnswer(reply, outcome.right);
    },
  });
};
