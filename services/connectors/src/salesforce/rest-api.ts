import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { formed } from '../config/mapping.js';
import { codeFrom, type RemoteFailure } from '../failure.js';
import { failureOfAnswer } from '../http/answers.js';
import type { ApiClient } from '../http/api-client.js';
import { readAnswer } from '../http/read-answer.js';
import { soqlString } from './soql.js';

const Id = formed('an id', /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/);
const Records = t.strict({ records: t.array(t.type({ Id })) });
const NextUrl = formed(
  'a path of the query resource',
  /^\/services\/data\/v\d+\.\d\/query\/[\w-]+$/,
);
const Comments = t.intersection([
  t.strict({
    done: t.boolean,
    records: t.array(t.strict({ Id, CommentBody: t.union([t.string, t.null]) })),
  }),
  t.partial({ nextRecordsUrl: NextUrl }),
]);
const Created = t.strict({ id: Id, success: t.literal(true) });
const Errors = t.array(t.type({ errorCode: t.string }));
const Composite = t.strict({
  compositeResponse: t.array(
    t.strict({ httpStatusCode: t.number, referenceId: t.string, body: t.unknown }),
  ),
});

/** The code of a failure: `[{errorCode, message, fields}]`. */
export const salesforceCode = (body: unknown): string | null =>
  Errors.is(body) ? codeFrom(body[0]?.errorCode) : null;

export type Comment = Readonly<{ Id: string; CommentBody: string | null }>;

type Answer<A> = Promise<E.Either<RemoteFailure, A>>;

/** What became of each of several changes: null is done. */
export type Outcomes = readonly Readonly<{ id: string; failure: RemoteFailure | null }>[];

/** What the connector uses of Salesforce's REST API. */
export type RestApi = Readonly<{
  /** Ids of cases that meet a condition, at most two. */
  cases: (condition: string) => Answer<readonly string[]>;
  /** The case that an external id names. */
  caseByExternalId: (field: string, value: string) => Answer<string>;
  comments: (caseId: string) => Answer<readonly Comment[]>;
  createComment: (caseId: string, body: string) => Answer<string>;
  updateComment: (id: string, body: string) => Answer<void>;
  /** Each on its own, in one request: what is refused keeps the others from nothing. */
  deleteComments: (ids: readonly string[]) => Answer<Outcomes>;
  replaceComments: (ids: readonly string[], body: string) => Answer<Outcomes>;
}>;

type Subrequest = Readonly<{ id: string; method: 'DELETE' | 'PATCH'; body?: unknown }>;

/** Most subrequests that one composite request takes. */
const SUBREQUESTS_MAX = 25;

export type RestSettings = Readonly<{
  /** Such as `v62.0`. */
  apiVersion: string;
  /** Are comments seen by customers in a portal? */
  isPublished: boolean;
  clock: () => number;
}>;

type Resources = RestSettings & Readonly<{ client: ApiClient; root: string }>;

const composite = async (
  { client, root, clock }: Resources,
  subrequests: readonly Subrequest[],
): Answer<Outcomes> => {
  const compositeRequest = subrequests.map(({ id, method, body }, index) => ({
    method,
    url: `${root}/sobjects/CaseComment/${id}`,
    referenceId: `comment${index}`,
    ...(body === undefined ? {} : { body }),
  }));
  const answer = await client({
    method: 'POST',
    path: `${root}/composite`,
    body: { allOrNone: false, compositeRequest },
  });
  const read = readAnswer(Composite, answer);
  if (E.isLeft(read)) return read;
  const outcomes: { id: string; failure: RemoteFailure | null }[] = [];
  for (const [index, { id }] of subrequests.entries()) {
    const one = read.right.compositeResponse.find((each) => each.referenceId === `comment${index}`);
    if (one === undefined) return E.left({ _tag: 'AnswerUnreadable', status: 200 });
    const { httpStatusCode: status, body } = one;
    const failed = { answer: { status, headers: new Headers() }, code: salesforceCode(body) };
    const isDone = status < 300 || status === 404 || failed.code === 'ENTITY_IS_DELETED';
    outcomes.push({ id, failure: isDone ? null : failureOfAnswer({ ...failed, now: clock() }) });
  }
  return E.right(outcomes);
};

const inBundles = async (
  resources: Resources,
  subrequests: readonly Subrequest[],
): Answer<Outcomes> => {
  const outcomes: Outcomes[number][] = [];
  for (let from = 0; from < subrequests.length; from += SUBREQUESTS_MAX) {
    const bundle = await composite(resources, subrequests.slice(from, from + SUBREQUESTS_MAX));
    if (E.isLeft(bundle)) return bundle;
    for (const outcome of bundle.right) outcomes.push(outcome);
  }
  return E.right(outcomes);
};

/** More than a case has comments, at 200 to 2,000 a page; pages that go in a circle have an end, too. */
const PAGES_MAX = 100;

const commentsOf = async ({ client, root }: Resources, caseId: string): Answer<Comment[]> => {
  const q = `SELECT Id, CommentBody FROM CaseComment WHERE ParentId = ${soqlString(caseId)} ORDER BY CreatedDate, Id`;
  const comments: Comment[] = [];
  let answer = await client({ method: 'GET', path: `${root}/query`, query: { q } });
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = readAnswer(Comments, answer);
    if (E.isLeft(page)) return page;
    for (const comment of page.right.records) comments.push(comment);
    const { done, nextRecordsUrl } = page.right;
    if (done || nextRecordsUrl === undefined) return E.right(comments);
    answer = await client({ method: 'GET', path: nextRecordsUrl });
  }
  return E.left({ _tag: 'AnswerUnreadable', status: 200 });
};

export const makeRestApi = (client: ApiClient, settings: RestSettings): RestApi => {
  const root = `/services/data/${settings.apiVersion}`;
  const resources = { ...settings, client, root };
  return {
    cases: async (condition) => {
      const q = `SELECT Id FROM Case WHERE ${condition} LIMIT 2`;
      const found = readAnswer(
        Records,
        await client({ method: 'GET', path: `${root}/query`, query: { q } }),
      );
      return E.isLeft(found) ? found : E.right(found.right.records.map((one) => one.Id));
    },
    caseByExternalId: async (field, value) => {
      const path = `${root}/sobjects/Case/${encodeURIComponent(field)}/${encodeURIComponent(value)}`;
      const found = readAnswer(
        t.type({ Id }),
        await client({ method: 'GET', path, query: { fields: 'Id' } }),
      );
      return E.isLeft(found) ? found : E.right(found.right.Id);
    },
    comments: (caseId) => commentsOf(resources, caseId),
    createComment: async (caseId, body) => {
      const { isPublished } = settings;
      const answer = await client({
        method: 'POST',
        path: `${root}/sobjects/CaseComment`,
        body: { ParentId: caseId, CommentBody: body, IsPublished: isPublished },
      });
      const created = readAnswer(Created, answer);
      return E.isLeft(created) ? created : E.right(created.right.id);
    },
    updateComment: async (id, body) => {
      const path = `${root}/sobjects/CaseComment/${id}`;
      const answer = await client({ method: 'PATCH', path, body: { CommentBody: body } });
      return E.isLeft(answer) ? answer : E.right(undefined);
    },
    deleteComments: (ids) =>
      inBundles(
        resources,
        ids.map((id) => ({ id, method: 'DELETE' })),
      ),
    replaceComments: (ids, body) =>
      inBundles(
        resources,
        ids.map((id) => ({ id, method: 'PATCH', body: { CommentBody: body } })),
      ),
  };
};
