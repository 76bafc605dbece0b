import { explainDevice, explainUser } from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { logPosition } from '../asked.js';
import type { ApiDeps } from '../deps.js';
import { failureProblem, notFound, type Failure } from '../problem.js';
import { askedIn, paramOf } from '../query.js';
import type { Route } from '../route.js';
import { paramsWith, positionHeader, query } from '../schemas/common.js';
import { deviceExplanation, userExplanation } from '../schemas/explanations.js';

type Explain = (
  deps: ApiDeps,
) => (company: string, id: string, position: number) => Promise<E.Either<Failure, object | null>>;

/** As of a position of the log, so that what is told and the position that it names belong together. */
const devices: Explain = (deps) => (company, id, position) =>
  explainDevice(deps.reader)(company, id, { axis: 'position', position });
const users: Explain = (deps) => (company, id, position) =>
  explainUser(deps.reader)(company, id, { axis: 'position', position });

const explained =
  (deps: ApiDeps, name: 'device' | 'user', explain: Explain) =>
  async (request: FastifyRequest): Promise<Outcome> => {
    const asked = askedIn(request);
    const head = await logPosition(deps, asked);
    if (E.isLeft(head)) return head;
    const found = await explain(deps)(asked.company, paramOf(request, name), head.right);
    if (E.isLeft(found)) return E.left(failureProblem(found.left));
    if (found.right === null) return E.left(notFound());
    return E.right(at(head.right, { explanation: found.right }));
  };

export const explanationRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/devices/:device/explanation',
    operationId: 'explainDevice',
    summary:
      'What is in effect on a device and how it came to that: each change, decided again from the revision before it.',
    tag: 'devices',
    params: paramsWith('device'),
    query: query(),
    answer: { 'application/json': deviceExplanation },
    answerHeaders: positionHeader,
    problems: [404],
    handle: explained(deps, 'device', devices),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/users/:user/explanation',
    operationId: 'explainUser',
    summary:
      'Role and session logging of a user and how it came to that: each change, decided again.',
    tag: 'sessions',
    params: paramsWith('user'),
    query: query(),
    answer: { 'application/json': userExplanation },
    answerHeaders: positionHeader,
    problems: [404],
    handle: explained(deps, 'user', users),
  },
];
