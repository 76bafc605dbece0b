import type { Either } from 'fp-ts/lib/Either.js';
import type { FastifyReply } from 'fastify';
import { withIsoInstants } from './iso-instants.js';
import { problemDocument, type Problem } from './problem.js';

/** What a route gives back: a JSON document, or text that is ready to be sent. */
export type Answer = Readonly<{
  status: number;
  body: Readonly<Record<string, unknown>> | string | null;
  headers?: Readonly<Record<string, string>>;
}>;

export type Outcome = Either<Problem, Answer>;

/** An answer that was read or written at a position of the log, which stands in it and in a header. */
export const at = (
  position: number,
  body: Readonly<Record<string, unknown>> | string,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status: 200,
  body: typeof body === 'string' ? body : { position, ...body },
  headers: { ...headers, 'daybook-position': String(position) },
});

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .headers({ ...problem.headers })
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(problem)));

export const sendAnswer = (reply: FastifyReply, answer: Answer): FastifyReply => {
  const { status, body, headers = {} } = answer;
  reply.code(status).headers({ ...headers });
  if (body === null) return reply.send();
  if (typeof body === 'string')
    return reply.type(headers['content-type'] ?? 'text/plain; charset=utf-8').send(body);
  return reply.type('application/json').send(JSON.stringify(withIsoInstants(body)));
};
