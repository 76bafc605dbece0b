import { SummaryBody } from '@daybook/domain/summaries';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { at, type Outcome } from '../answer.js';
import { askModel } from '../asked.js';
import { callOf, saidIn, type Fields } from '../call.js';
import { unreadableCursor } from '../cursor.js';
import type { ApiDeps } from '../deps.js';
import { etagOf, revisionIn } from '../etag.js';
import { fieldProblem, notFound, type Problem } from '../problem.js';
import {
  askedIn,
  companyOf,
  filterOf,
  instantsIn,
  paramOf,
  queryOf,
  type PageQuery,
} from '../query.js';
import { acceptedAnswer, writtenOutcome } from '../written.js';

const Changes = t.exact(t.partial(SummaryBody.type.props));
type Changes = t.TypeOf<typeof Changes>;

export const filterNames = ['supporterId', 'deviceId', 'sessionId', 'tag', 'language', 'status'];
export const instantNames = ['createdFrom', 'createdTo'];

export const listSummaries = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const instants = instantsIn(request, instantNames);
  if (E.isLeft(instants)) return instants;
  const asked = askedIn(request);
  const { q, limit, cursor } = queryOf<PageQuery & Readonly<{ q?: string }>>(request);
  const filter = { ...filterOf(request, filterNames), ...instants.right };
  const page = { filter, limit, ...(cursor === undefined ? {} : { cursor }) };
  const found = await askModel(deps, asked, {
    model: deps.models.summaryCatalog,
    ask: (queries) => {
      if (q === undefined) return queries.list(asked.company, page);
      const hits = queries.search(asked.company, { words: q, ...page });
      if ('_tag' in hits) return hits;
      const items = hits.items.map(({ summary, snippet }) => ({ ...summary, snippet }));
      return { items, next: hits.next };
    },
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  return '_tag' in answer ? E.left(unreadableCursor()) : E.right(at(position, answer));
};

export const showSummary = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const sessionId = paramOf(request, 'session');
  const found = await askModel(deps, asked, {
    model: deps.models.summaryCatalog,
    ask: (queries) => ({
      summary: queries.show(asked.company, sessionId),
      revisions: queries.revisions(asked.company, sessionId),
    }),
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  const { summary, revisions } = answer;
  if (summary === undefined) return E.left(notFound());
  const etag = etagOf(summary);
  const headers = { etag, 'cache-control': 'private, no-cache' };
  if (request.headers['if-none-match'] === etag)
    return E.right({ ...at(position, {}, headers), status: 304, body: null });
  return E.right(at(position, { summary, revisions }, headers));
};

const changesIn = (fields: Fields): E.Either<Problem, Changes> => {
  const { changes, ...others } = fields;
  const known = Object.keys(SummaryBody.type.props);
  const decoded = Changes.decode(changes);
  const isClosed =
    Object.keys(others).length === 0 &&
    typeof changes === 'object' &&
    changes !== null &&
    Object.keys(changes).length > 0 &&
    Object.keys(changes).every((key) => known.includes(key));
  if (isClosed && E.isRight(decoded)) return decoded;
  const reason = `expected one or more of ${known.join(', ')}; steps, followUps and tags are lists`;
  return E.left(fieldProblem(422, { field: 'changes', reason }));
};

/** The revision that an accepted edit made; an edit that changed nothing found it made already. */
const revisionAfter = (events: readonly Readonly<{ data: unknown }>[], changed: number): number => {
  const [event] = events;
  return event === undefined ? changed + 1 : (event.data as { revision: number }).revision;
};

export const changeSummary = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const changed = revisionIn(request.headers['if-match']);
  if (E.isLeft(changed)) return changed;
  const said = saidIn(request.body);
  if (E.isLeft(said)) return said;
  const changes = changesIn(said.right.fields);
  if (E.isLeft(changes)) return changes;
  const company = companyOf(request);
  const call = callOf(request, { company, ...said.right, now: deps.clock() });
  if (E.isLeft(call)) return call;
  const registered = await deps.companies.registered(company);
  if (E.isLeft(registered)) return registered;
  const answer = await deps.engine.editSummary(call.right, {
    sessionId: paramOf(request, 'session'),
    changedRevision: changed.right,
    changes: changes.right,
  });
  if (E.isLeft(answer)) return writtenOutcome(call.right, answer);
  const revision = revisionAfter(answer.right.events, changed.right);
  const etag = etagOf({ status: 'active', revision });
  return E.right(acceptedAnswer(call.right, answer.right, { etag }));
};

export const removeSummary = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const company = companyOf(request);
  const said = queryOf<Readonly<{ at?: string }>>(request);
  const call = callOf(request, { company, at: said.at, now: deps.clock() });
  if (E.isLeft(call)) return call;
  const registered = await deps.companies.registered(company);
  if (E.isLeft(registered)) return registered;
  const answer = await deps.engine.deleteSummary(call.right, paramOf(request, 'session'));
  return writtenOutcome(call.right, answer);
};
