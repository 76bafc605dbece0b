import { SummaryBody } from '@daybook/domain/summaries';
import { visibleSummaries, type Call, type CommandAnswer } from '@daybook/engine';
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
import { viewerIn } from '../viewer.js';
import { acceptedAnswer, writtenOutcome } from '../written.js';

type Left = Extract<CommandAnswer, { _tag: 'Left' }>['left'];

const Changes = t.exact(t.partial(SummaryBody.type.props));
type Changes = t.TypeOf<typeof Changes>;

export const filterNames = ['supporterId', 'deviceId', 'sessionId', 'tag', 'language', 'status'];
export const instantNames = ['createdFrom', 'createdTo'];

/** What one viewer sees is no other's: nothing between may give it to somebody else. */
const forOne = { 'cache-control': 'private, no-cache', vary: 'Daybook-Actor' };

export const listSummaries = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const instants = instantsIn(request, instantNames);
  if (E.isLeft(instants)) return instants;
  const asked = askedIn(request);
  const viewer = await viewerIn(deps, request, asked);
  if (E.isLeft(viewer)) return viewer;
  const { q, limit, cursor } = queryOf<PageQuery & Readonly<{ q?: string }>>(request);
  const filter = { ...filterOf(request, filterNames), ...instants.right };
  const page = { filter, limit, ...(cursor === undefined ? {} : { cursor }) };
  const found = await askModel(deps, asked, {
    model: deps.models.summaryCatalog,
    ask: (queries) => {
      const visible = visibleSummaries(queries, asked.company, viewer.right);
      if (q === undefined) return visible.list(page);
      const hits = visible.search({ words: q, ...page });
      if ('_tag' in hits) return hits;
      const items = hits.items.map(({ summary, snippet }) => ({ ...summary, snippet }));
      return { items, next: hits.next };
    },
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  return '_tag' in answer ? E.left(unreadableCursor()) : E.right(at(position, answer, forOne));
};

export const showSummary = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const viewer = await viewerIn(deps, request, asked);
  if (E.isLeft(viewer)) return viewer;
  const sessionId = paramOf(request, 'session');
  const found = await askModel(deps, asked, {
    model: deps.models.summaryCatalog,
    ask: (queries) => {
      const { show, revisions } = visibleSummaries(queries, asked.company, viewer.right);
      return { summary: show(sessionId), revisions: revisions(sessionId) };
    },
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  const { summary, revisions } = answer;
  if (summary === undefined) return E.left(notFound());
  const etag = etagOf(summary);
  const headers = { etag, ...forOne };
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

/** The call of a user of the company, in the role that the log knows them by. */
export const callBy = async (
  deps: ApiDeps,
  request: FastifyRequest,
  said: Readonly<{ at: unknown; by: unknown }>,
): Promise<E.Either<Problem, Call>> => {
  const company = companyOf(request);
  const call = callOf(request, { company, ...said, now: deps.clock() });
  if (E.isLeft(call)) return call;
  const actor = await viewerIn(deps, request, { company, by: said.by });
  return E.isLeft(actor) ? actor : E.right({ ...call.right, actor: actor.right });
};

/** A summary that a supporter may not see is not there for them, however they ask. */
export const refusedOutcome = (call: Call, left: Left): Outcome => {
  const isHidden =
    call.actor.kind === 'supporter' &&
    left._tag === 'Refused' &&
    left.refusal._tag === 'SummaryNotTheirs';
  return isHidden ? E.left(notFound()) : writtenOutcome(call, E.left(left));
};

export const changeSummary = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const changed = revisionIn(request.headers['if-match']);
  if (E.isLeft(changed)) return changed;
  const said = saidIn(request.body);
  if (E.isLeft(said)) return said;
  const changes = changesIn(said.right.fields);
  if (E.isLeft(changes)) return changes;
  const call = await callBy(deps, request, said.right);
  if (E.isLeft(call)) return call;
  const answer = await deps.engine.editSummary(call.right, {
    sessionId: paramOf(request, 'session'),
    changedRevision: changed.right,
    changes: changes.right,
  });
  if (E.isLeft(answer)) return refusedOutcome(call.right, answer.left);
  const revision = revisionAfter(answer.right.events, changed.right);
  const etag = etagOf({ status: 'active', revision });
  return E.right(acceptedAnswer(call.right, answer.right, { etag }));
};

export const removeSummary = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const { at: instant } = queryOf<Readonly<{ at?: string }>>(request);
  const call = await callBy(deps, request, { at: instant, by: undefined });
  if (E.isLeft(call)) return call;
  const answer = await deps.engine.deleteSummary(call.right, paramOf(request, 'session'));
  return E.isLeft(answer)
    ? refusedOutcome(call.right, answer.left)
    : writtenOutcome(call.right, answer);
};
