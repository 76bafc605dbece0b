import type { FastifyReply, FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { logPosition } from '../asked.js';
import { fromCursor, toCursor, unreadableCursor } from '../cursor.js';
import type { ApiDeps } from '../deps.js';
import { readPublishedPage } from '../events/read-page.js';
import { sendStream } from '../events/send-stream.js';
import { wantedIn } from '../events/wanted.js';
import { fieldProblem, problemOf, type Problem } from '../problem.js';
import { askedIn, companyOf, filterOf, queryOf } from '../query.js';
import type { Route } from '../route.js';
import { companyParams, pageQuery, positionHeader, query, text } from '../schemas/common.js';
import { eventFilter, eventsAnswer, lastEventId, since } from '../schemas/events.js';

type EventsQuery = Readonly<{ limit: number; cursor?: string; since?: string }>;

const filterNames = ['type', 'context', 'subject'];

/** The position that a caller has, where `end` is the log's. */
const sinceIn = (word: string | undefined, head: number): number =>
  word === 'end' ? head : Math.min(Number(word ?? 0), Number.MAX_SAFE_INTEGER);

const listEvents = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const wanted = wantedIn(companyOf(request), filterOf(request, filterNames));
  if (E.isLeft(wanted)) return wanted;
  const { limit, cursor, since: word } = queryOf<EventsQuery>(request);
  const place = fromCursor<readonly [number]>(cursor, ['number']);
  if (E.isLeft(place)) return place;
  if (place.right !== undefined && !Number.isSafeInteger(place.right[0]))
    return E.left(unreadableCursor());
  const head = await logPosition(deps, askedIn(request));
  if (E.isLeft(head)) return head;
  const page = await readPublishedPage(deps.reader, wanted.right, {
    since: Math.max(0, place.right?.[0] ?? sinceIn(word, head.right)),
    limit,
    scanMax: deps.limits.scanMax,
  });
  if (E.isLeft(page)) return page;
  const { bodies, checkpoint, more } = page.right;
  const items = bodies.map((body): unknown => JSON.parse(body));
  const next = more ? toCursor([checkpoint]) : null;
  return E.right(at(Math.max(head.right, checkpoint), { items, next, checkpoint }));
};

const tooMany = (): Problem =>
  problemOf('TooManyStreams', {
    status: 503,
    detail: 'As many event streams are open as the server or the company may have.',
    headers: { 'retry-after': '5' },
  });

const resumedFrom = (request: FastifyRequest, head: number): E.Either<Problem, number> => {
  const id = request.headers['last-event-id'];
  if (id === undefined) return E.right(sinceIn(queryOf<EventsQuery>(request).since, head));
  return typeof id === 'string' && /^\d{1,16}$/.test(id)
    ? E.right(sinceIn(id, head))
    : E.left(fieldProblem(400, { field: 'Last-Event-ID', reason: 'is not a position' }));
};

const streamEvents = async (
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Outcome | 'taken'> => {
  const company = companyOf(request);
  const wanted = wantedIn(company, filterOf(request, filterNames));
  if (E.isLeft(wanted)) return wanted;
  const head = await logPosition(deps, askedIn(request));
  if (E.isLeft(head)) return head;
  const from = resumedFrom(request, head.right);
  if (E.isLeft(from)) return from;
  if (request.method === 'HEAD') return E.right({ status: 200, body: null });
  const stream = deps.streams.open(company);
  if (stream === undefined) return E.left(tooMany());
  reply.hijack();
  const { reader, limits } = deps;
  void sendStream(reply.raw, {
    reader,
    wanted: wanted.right,
    since: from.right,
    limits,
    signal: stream.signal,
  }).finally(stream.release);
  return 'taken';
};

export const eventRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/events',
    operationId: 'listEvents',
    summary: 'The company’s published events in the order of the log, by page.',
    description:
      'CloudEvents, the same as on every other way out, without any text. A page may hold fewer events than asked for, even none, and still have a `next`: each looks at a bounded part of the log.',
    tag: 'events',
    params: companyParams,
    query: pageQuery({ ...eventFilter, since }),
    answer: { 'application/json': eventsAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => listEvents(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/events/stream',
    operationId: 'streamEvents',
    summary: 'The same events as they come: Server-Sent Events, resumed by Last-Event-ID.',
    description:
      '`id` is the position, `event` the type, `data` the CloudEvent. It begins with what was published before, and stays open. A comment says every 15 seconds that it is alive; a client that takes nothing for a minute is let go. A 503 means that too many are open.',
    tag: 'events',
    params: companyParams,
    query: query({ ...eventFilter, since }),
    headers: lastEventId,
    answer: { 'text/event-stream': text },
    problems: [404],
    handle: (request, reply) => streamEvents(deps, request, reply),
  },
];
