import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { saidIn } from '../call.js';
import { fromCursor, pageOf } from '../cursor.js';
import type { ApiDeps } from '../deps.js';
import { failureProblem, fieldProblem, problemOf, type Problem } from '../problem.js';
import { paramOf, queryOf, type PageQuery } from '../query.js';
import type { Route } from '../route.js';
import { companyParams, pageQuery, positionHeader } from '../schemas/common.js';
import { parkedAnswer, retryAnswer, retryBody } from '../schemas/parked.js';
import { viewerIn } from '../viewer.js';
import { endOfLog } from '../written.js';

/** The first attempts of the round are made before the answer, summaries among them. */
const RETRY_MS = 180_000;
/** Ids that one request names. */
const IDS_MAX = 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is parked is for those who run and audit the company: it names sessions of every supporter. */
const companyFor = async (
  deps: ApiDeps,
  request: FastifyRequest,
): Promise<E.Either<Problem, string>> => {
  const company = paramOf(request, 'company');
  const viewer = await viewerIn(deps, request, { company });
  if (E.isLeft(viewer)) return viewer;
  if (viewer.right.kind !== 'supporter') return E.right(company);
  const detail = 'What is parked is shown to administrators and auditors of the company.';
  return E.left(problemOf('NotForSupporters', { status: 403, detail }));
};

const list = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const { limit, cursor } = queryOf<PageQuery>(request);
  const place = fromCursor<readonly [number]>(cursor, ['number']);
  if (E.isLeft(place)) return place;
  const company = await companyFor(deps, request);
  if (E.isLeft(company)) return company;
  const from = place.right === undefined ? {} : { after: place.right[0] };
  const rows = deps.engine.work.list({
    state: 'parked',
    company: company.right,
    limit: limit + 1,
    ...from,
  });
  // Parked work has no next attempt; the rest of a row says where it stands and why.
  const items = rows.map(({ dueAt: _, attemptsInRound: __, ...row }) => row);
  const page = pageOf(items, limit, ({ position }) => [position]);
  return endOfLog(deps, (head) => E.right(at(head, page)));
};

const wantedIn = (body: unknown): E.Either<Problem, readonly string[] | 'all'> => {
  const said = saidIn(body);
  if (E.isLeft(said)) return said;
  const { eventIds, all, ...others } = said.right.fields;
  if (Object.keys(others).length === 0 && all === true && eventIds === undefined)
    return E.right('all');
  const areIds =
    Array.isArray(eventIds) &&
    eventIds.length > 0 &&
    eventIds.length <= IDS_MAX &&
    eventIds.every((id) => typeof id === 'string' && UUID.test(id));
  if (areIds && all === undefined && Object.keys(others).length === 0)
    return E.right(eventIds as string[]);
  const reason = `expected {"all": true}, or eventIds, 1 to ${IDS_MAX} of them`;
  return E.left(fieldProblem(422, { reason }));
};

const retry = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const wanted = wantedIn(request.body);
  if (E.isLeft(wanted)) return wanted;
  const company = await companyFor(deps, request);
  if (E.isLeft(company)) return company;
  const retried = await deps.engine.work.retry(wanted.right, company.right);
  if (E.isLeft(retried)) return E.left(failureProblem(retried.left));
  return endOfLog(deps, (head) => E.right(at(head, { retried: retried.right })));
};

export const parkedRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/parked',
    operationId: 'listParked',
    summary: 'Work that did not succeed, in the order of the log: where it stands, and why.',
    description: 'For administrators and auditors. Reasons never hold text of a session.',
    params: companyParams,
    tag: 'operations',
    query: pageQuery({}),
    answer: { 'application/json': parkedAnswer },
    answerHeaders: positionHeader,
    problems: [403, 404],
    handle: (request) => list(deps, request),
  },
  {
    method: 'POST',
    url: '/v1/companies/:company/parked/retry',
    operationId: 'retryParked',
    summary: 'Try parked work again, in a new round of attempts; what is done is left alone.',
    tag: 'operations',
    params: companyParams,
    body: { 'application/json': retryBody },
    answer: { 'application/json': retryAnswer },
    answerHeaders: positionHeader,
    problems: [403, 404, 413, 415, 422],
    handlerMs: RETRY_MS,
    handle: (request) => retry(deps, request),
  },
];
