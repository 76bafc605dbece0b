import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import type { Outcome } from '../answer.js';
import { saidIn } from '../call.js';
import type { ApiDeps } from '../deps.js';
import { etagOf, revisionIn } from '../etag.js';
import { fieldProblem, problemOf, type Problem } from '../problem.js';
import { paramOf } from '../query.js';
import { acceptedAnswer } from '../written.js';
import { callBy, refusedOutcome } from './summaries.js';

type Asked = Awaited<ReturnType<ApiDeps['engine']['regenerateSummary']>>;
type Left = Extract<Asked, { _tag: 'Left' }>['left'];
type Unavailable = Extract<Left, { _tag: 'SummarizerUnavailable' }>;
type NotPossible = Extract<Left, { _tag: 'SummaryNotPossible' }>;

/** Where the service does not say when, seconds. */
const RETRY_AFTER_SECONDS = 30;

/** What the summarizer says of itself is for the operator; whether to ask again is for the caller. */
const unavailable = ({ reason, retryAfterMs }: Unavailable): Problem => {
  const seconds = retryAfterMs === null ? RETRY_AFTER_SECONDS : Math.ceil(retryAfterMs / 1000);
  return problemOf('SummarizerUnavailable', {
    status: 503,
    detail: 'The summarizer cannot be used now; nothing was written. Ask again later.',
    extensions: { reason },
    headers: { 'retry-after': String(Math.max(1, seconds)) },
  });
};

const notPossible = ({ reason }: NotPossible): Problem =>
  problemOf('SummaryNotPossible', {
    status: 422,
    detail: 'The summarizer made no summary of this session, and would not if asked again.',
    extensions: { reason },
  });

/** The summary of an ended session again; `If-Match: "0"` where there is none yet. */
export const regenerateSummary = async (
  deps: ApiDeps,
  request: FastifyRequest,
): Promise<Outcome> => {
  const changed = revisionIn(request.headers['if-match']);
  if (E.isLeft(changed)) return changed;
  const said = saidIn(request.body);
  if (E.isLeft(said)) return said;
  if (Object.keys(said.right.fields).length > 0)
    return E.left(fieldProblem(422, { reason: 'takes at and by alone' }));
  const call = await callBy(deps, request, said.right);
  if (E.isLeft(call)) return call;
  const sessionId = paramOf(request, 'session');
  const wanted = { sessionId, changedRevision: changed.right };
  const answer = await deps.engine.regenerateSummary(call.right, wanted);
  if (E.isLeft(answer)) {
    const { left } = answer;
    if (left._tag === 'SummarizerUnavailable') return E.left(unavailable(left));
    if (left._tag === 'SummaryNotPossible') return E.left(notPossible(left));
    return refusedOutcome(call.right, left);
  }
  const etag = etagOf({ status: 'active', revision: changed.right + 1 });
  return E.right(acceptedAnswer(call.right, answer.right, { etag }));
};
