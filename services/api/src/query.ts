import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import type { Asked } from './asked.js';
import { instantIn } from './call.js';
import type { Problem } from './problem.js';

type Words = Readonly<Record<string, string | undefined>>;

export type PageQuery = Readonly<{ limit: number; cursor?: string }>;

/** Query string and path of a request; the route's schema has checked and converted both. */
export const paramOf = (request: FastifyRequest, name: string): string =>
  (request.params as Words)[name] ?? '';
export const companyOf = (request: FastifyRequest): string => paramOf(request, 'company');
export const queryOf = <Query>(request: FastifyRequest): Query => request.query as Query;

export const askedIn = (request: FastifyRequest): Asked => ({
  company: companyOf(request),
  after: (request.query as Readonly<{ after?: number }>).after,
});

/** The fields of a query string that are given, under the names that the read model has for them. */
export const filterOf = (
  request: FastifyRequest,
  names: readonly string[],
): Readonly<Record<string, string>> => {
  const words = request.query as Words;
  const filter: Record<string, string> = {};
  for (const name of names) {
    const word = words[name];
    if (word !== undefined) filter[name] = word;
  }
  return filter;
};

/** Instants of a query string, epoch milliseconds; absent where they are not given. */
export const instantsIn = (
  request: FastifyRequest,
  names: readonly string[],
): E.Either<Problem, Readonly<Record<string, number>>> => {
  const instants: Record<string, number> = {};
  for (const [name, word] of Object.entries(filterOf(request, names))) {
    const instant = instantIn(name, word, 400);
    if (E.isLeft(instant)) return instant;
    instants[name] = instant.right;
  }
  return E.right(instants);
};
