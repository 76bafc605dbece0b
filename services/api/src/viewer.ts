import { viewerFor, type Viewer } from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { actorIn, actorNamed } from './call.js';
import type { ApiDeps } from './deps.js';
import { failureProblem, fieldProblem, problemOf, type Problem } from './problem.js';

const actorRequired = (): Problem =>
  problemOf('ActorRequired', {
    status: 403,
    detail: 'This is for users of the company alone: name who asks in Daybook-Actor.',
  });

/** The same for a user of nobody and of another company. */
const viewerUnknown = (): Problem =>
  problemOf('ViewerUnknown', {
    status: 403,
    detail: 'The company knows no such user, so there is nothing that they may see.',
  });

/** The user id that a request names; a body may repeat the one in the header, and name no other. */
const userIn = (request: FastifyRequest, by: unknown): E.Either<Problem, string> => {
  const named = actorNamed(request);
  if (E.isLeft(named)) return named;
  const said = by === undefined ? named : actorIn('by', by, 422);
  if (E.isLeft(said)) return said;
  if (said.right === null) return E.left(actorRequired());
  if (named.right !== null && named.right.id !== said.right.id)
    return E.left(fieldProblem(422, { field: 'by', reason: 'is not whom Daybook-Actor names' }));
  return E.right(said.right.id);
};

/**
 * Who asks for summaries, or manages webhooks. Only the id is taken from the request, which an authenticating proxy fills in;
 * the role comes from the log. Nobody named, or nobody the company knows, sees nothing: there is no
 * default viewer, so a proxy that forgets the header opens nothing.
 */
export const viewerIn = async (
  deps: ApiDeps,
  request: FastifyRequest,
  asked: Readonly<{ company: string; by?: unknown }>,
): Promise<E.Either<Problem, Viewer>> => {
  const registered = await deps.companies.registered(asked.company);
  if (E.isLeft(registered)) return registered;
  const userId = userIn(request, asked.by);
  if (E.isLeft(userId)) return userId;
  const viewer = await viewerFor(deps.reader)(asked.company, userId.right);
  if (E.isRight(viewer)) return viewer;
  return E.left(
    viewer.left._tag === 'ViewerUnknown' ? viewerUnknown() : failureProblem(viewer.left),
  );
};
