import {
  explainSession,
  reasonInWords,
  type ExplainedDecision,
  type SessionExplanation,
} from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { askModel, logPosition } from '../asked.js';
import { fromCursor, pageOf } from '../cursor.js';
import type { ApiDeps } from '../deps.js';
import { failureProblem, notFound } from '../problem.js';
import { askedIn, filterOf, instantsIn, paramOf, queryOf, type PageQuery } from '../query.js';
import type { Route } from '../route.js';
import {
  companyParams,
  id,
  instant,
  pageQuery,
  paramsWith,
  positionHeader,
  query,
} from '../schemas/common.js';
import * as schemas from '../schemas/sessions.js';

const filterNames = ['outcome', 'reason', 'supporterId', 'deviceId', 'summaryStatus', 'day'];

const listSessions = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const instants = instantsIn(request, ['startedFrom', 'startedTo']);
  if (E.isLeft(instants)) return instants;
  const { limit, cursor } = queryOf<PageQuery>(request);
  const place = fromCursor<readonly [number, string]>(cursor, ['number', 'string']);
  if (E.isLeft(place)) return place;
  const [startedAt, sessionId] = place.right ?? [];
  const from =
    startedAt === undefined || sessionId === undefined ? {} : { after: { startedAt, sessionId } };
  const asked = askedIn(request);
  const filter = { ...filterOf(request, filterNames), ...instants.right };
  const found = await askModel(deps, asked, {
    model: deps.models.sessionHistory,
    ask: (queries) => queries.list(asked.company, { filter, limit: limit + 1, ...from }),
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  return E.right(
    at(
      position,
      pageOf(answer, limit, (row) => [row.startedAt, row.sessionId]),
    ),
  );
};

const showSession = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const found = await askModel(deps, asked, {
    model: deps.models.sessionHistory,
    ask: (queries) => queries.show(asked.company, paramOf(request, 'session')),
  });
  if (E.isLeft(found)) return found;
  const { answer: session, position } = found.right;
  return session === undefined ? E.left(notFound()) : E.right(at(position, { session }));
};

const timeline = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const { limit, cursor } = queryOf<PageQuery>(request);
  const place = fromCursor<readonly [number]>(cursor, ['number']);
  if (E.isLeft(place)) return place;
  const from = place.right === undefined ? {} : { after: place.right[0] };
  const asked = askedIn(request);
  const session = paramOf(request, 'session');
  const found = await askModel(deps, asked, {
    model: deps.models.sessionHistory,
    ask: (queries) => ({
      isKnown: queries.show(asked.company, session) !== undefined,
      entries: queries.timeline(asked.company, session, { limit: limit + 1, ...from }),
    }),
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  if (!answer.isKnown) return E.left(notFound());
  return E.right(
    at(
      position,
      pageOf(answer.entries, limit, ({ ordinal }) => [ordinal]),
    ),
  );
};

const inWords = (decision: ExplainedDecision) => {
  const { reason } = decision.decided;
  return { ...decision, inWords: reason === null ? null : reasonInWords[reason] };
};

const gateOf = ({ gate }: Pick<SessionExplanation, 'gate'>) =>
  gate.open
    ? { open: true, basis: gate.basis, since: gate.since }
    : { open: false, reason: gate.reason };

const explanation = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const head = await logPosition(deps, asked);
  if (E.isLeft(head)) return head;
  const explain = explainSession({ reader: deps.reader, ruleBook: deps.ruleBook });
  const explained = await explain(asked.company, paramOf(request, 'session'));
  if (E.isLeft(explained)) return E.left(failureProblem(explained.left));
  if (explained.right === null) return E.left(notFound());
  const { position, decisions, ...course } = explained.right;
  const readAt = Math.max(head.right, position);
  const gate = gateOf(course);
  const told = { ...course, gate, decisions: decisions.map(inWords) };
  return E.right(at(readAt, { explanation: told }));
};

const listQuery = pageQuery({
  outcome: schemas.outcome,
  reason: schemas.reason,
  supporterId: id,
  deviceId: id,
  summaryStatus: schemas.summaryStatus,
  day: { type: 'string', format: 'date', description: 'In UTC.' },
  startedFrom: instant,
  startedTo: instant,
});

export const sessionRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/sessions',
    operationId: 'listSessions',
    summary: 'Sessions, newest first, with what was decided and what became of them.',
    tag: 'sessions',
    params: companyParams,
    query: listQuery,
    answer: { 'application/json': schemas.sessionsAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => listSessions(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/sessions/:session',
    operationId: 'getSession',
    summary: 'One session as it stands.',
    tag: 'sessions',
    params: paramsWith('session'),
    query: query(),
    answer: { 'application/json': schemas.sessionAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => showSession(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/sessions/:session/timeline',
    operationId: 'getTimeline',
    summary: 'Every event of a session in the order of the log, without its text.',
    tag: 'sessions',
    params: paramsWith('session'),
    query: pageQuery({}),
    answer: { 'application/json': schemas.timelineAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => timeline(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/sessions/:session/explanation',
    operationId: 'explainSession',
    summary: 'Why a session was summarised or not: each decision, evaluated again from its inputs.',
    tag: 'sessions',
    params: paramsWith('session'),
    query: query(),
    answer: { 'application/json': schemas.explanationAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => explanation(deps, request),
  },
];
