import type { ApiDeps } from '../deps.js';
import type { Route } from '../route.js';
import {
  actorHeaders,
  companyParams,
  id,
  instant,
  object,
  pageQuery,
  paramsWith,
  positionHeader,
  query,
  ref,
  said,
  text,
  word,
  writtenHeaders,
  type JsonSchema,
} from '../schemas/common.js';
import { editBody, summariesAnswer, summaryAnswer } from '../schemas/summaries.js';
import { regenerateSummary } from './regenerate.js';
import { changeSummary, listSummaries, removeSummary, showSummary } from './summaries.js';

const list: JsonSchema = pageQuery({
  q: { type: 'string', minLength: 1, maxLength: 500, description: 'Words that all must occur.' },
  supporterId: id,
  deviceId: id,
  sessionId: id,
  tag: { type: 'string', maxLength: 200 },
  language: { type: 'string', maxLength: 35 },
  status: word('active', 'deleted'),
  createdFrom: instant,
  createdTo: instant,
});

const etagHeader: JsonSchema = { ETag: { type: 'string', description: 'The revision, quoted.' } };
/** Required, because nobody is shown anything by default; the role comes from the log. */
const viewerHeader: Readonly<Record<string, JsonSchema>> = {
  'Daybook-Actor': {
    ...text,
    description: 'The user who asks, `kind:id`. Only the id counts: the role is that of the log.',
  },
};
const tagHeader = (name: string, description: string): JsonSchema =>
  object({ ...viewerHeader, [name]: { ...text, description } }, [name]);

const actorFields = actorHeaders['properties'] as Readonly<Record<string, JsonSchema>>;
const writingHeaders = { ...actorFields, ...viewerHeader };
const optionalHeaders = Object.keys(actorFields).filter((name) => !(name in viewerHeader));
const changeHeaders: JsonSchema = object(
  {
    'If-Match': { ...text, description: 'ETag of the revision that is changed.' },
    ...writingHeaders,
  },
  ['If-Match', ...optionalHeaders],
);

/** A summarizer is waited for longer than the log is. */
const REGENERATE_MS = 180_000;

const summaryUrl = '/v1/companies/:company/summaries/:session';

const readingRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/summaries',
    operationId: 'listSummaries',
    summary: 'Summaries, newest first, or best match first when words are given.',
    description:
      'Administrators and auditors of the company see all, a supporter those of their own sessions.',
    tag: 'summaries',
    params: companyParams,
    query: list,
    headers: object(viewerHeader),
    answer: { 'application/json': summariesAnswer },
    answerHeaders: positionHeader,
    problems: [403, 404],
    handle: (request) => listSummaries(deps, request),
  },
  {
    method: 'GET',
    url: summaryUrl,
    operationId: 'getSummary',
    summary:
      'The summary of a session with its revisions; of a deleted one who deleted it, and when.',
    tag: 'summaries',
    params: paramsWith('session'),
    query: query(),
    headers: tagHeader('If-None-Match', 'ETag of the revision that the caller has.'),
    answer: { 'application/json': summaryAnswer },
    answerHeaders: { ...positionHeader, ...etagHeader },
    problems: [304, 403, 404],
    handle: (request) => showSummary(deps, request),
  },
];

const changingRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'PATCH',
    url: summaryUrl,
    operationId: 'editSummary',
    summary: 'Write a new revision; fields that are not named stay as they are.',
    tag: 'summaries',
    params: paramsWith('session'),
    headers: changeHeaders,
    body: { 'application/json': editBody },
    answer: { 'application/json': ref('Written') },
    answerHeaders: { ...writtenHeaders, ...etagHeader },
    problems: [403, 404, 409, 412, 413, 415, 422, 428],
    handle: (request) => changeSummary(deps, request),
  },
  {
    method: 'POST',
    url: `${summaryUrl}/regenerate`,
    operationId: 'regenerateSummary',
    summary: 'Have the summary of an ended session made again, from what was captured.',
    description:
      'If-Match names the revision that the new one replaces, `"0"` where there is none yet. Within a charged session it costs nothing; without a charge it is a new AI use. 503: the summarizer is not there now, Retry-After says when to ask again; 422 `summary-not-possible`: it never would.',
    tag: 'summaries',
    params: paramsWith('session'),
    headers: changeHeaders,
    body: { 'application/json': object({ ...said }, Object.keys(said)) },
    answer: { 'application/json': ref('Written') },
    answerHeaders: { ...writtenHeaders, ...etagHeader },
    problems: [403, 404, 409, 412, 413, 415, 422, 428],
    handlerMs: REGENERATE_MS,
    handle: (request) => regenerateSummary(deps, request),
  },
  {
    method: 'DELETE',
    url: summaryUrl,
    operationId: 'deleteSummary',
    summary: 'Delete a summary for good: its text is gone everywhere, the fact stays.',
    tag: 'summaries',
    params: paramsWith('session'),
    query: object({ at: instant }, ['at']),
    headers: object(writingHeaders, optionalHeaders),
    answer: { 'application/json': ref('Written') },
    answerHeaders: writtenHeaders,
    problems: [403, 404, 422],
    handle: (request) => removeSummary(deps, request),
  },
];

export const summaryRoutes = (deps: ApiDeps): readonly Route[] => [
  ...readingRoutes(deps),
  ...changingRoutes(deps),
];
