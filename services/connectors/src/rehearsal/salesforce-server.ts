import type { FastifyInstance, FastifyReply } from 'fastify';
import { startServer, type RehearsalServer } from './server.js';

export type CaseComment = {
  Id: string;
  ParentId: string;
  CommentBody: string;
  IsPublished: boolean;
};
export type Case = Readonly<Record<string, string>> & Readonly<{ Id: string }>;

export type SalesforceRights = { deletesComments: boolean; editsComments: boolean };

export type SalesforceServer = RehearsalServer &
  Readonly<{
    rights: SalesforceRights;
    addCase: (fields: Readonly<Record<string, string>>) => string;
    comments: () => readonly Readonly<CaseComment>[];
    /** Comments that were deleted, with what stood in them last. */
    bin: () => readonly Readonly<CaseComment>[];
    /** Calls of the day that the headers tell. */
    setUsage: (used: number) => void;
  }>;

type Answered = Readonly<{ status: number; body: unknown }>;

const refused = (status: number, errorCode: string, message: string): Answered => ({
  status,
  body: [{ message, errorCode, fields: [] }],
});

type Org = {
  cases: Case[];
  comments: CaseComment[];
  bin: CaseComment[];
  rights: SalesforceRights;
  pageSize: number;
  nextId: (prefix: string) => string;
};

const COMMENT_BYTES_MAX = 4_000;
const tooLong = (text: string): Answered =>
  refused(400, 'STRING_TOO_LONG', `Body: data value too large: ${text} (max length=4000)`);

const unquoted = (text: string): string =>
  text.replace(/\\(.)/gs, (_all, sign: string) => ({ n: '\n', r: '\r', t: '\t' })[sign] ?? sign);

const CASES =
  /^SELECT Id FROM Case WHERE (\w+) = '((?:[^'\\]|\\.)*)'(?: AND IsClosed = false)? LIMIT 2$/s;
const COMMENTS =
  /^SELECT Id, CommentBody FROM CaseComment WHERE ParentId = '(\w+)' ORDER BY CreatedDate, Id$/;

const commentsPage = (org: Org, caseId: string, from: number): Answered => {
  const all = org.comments.filter(({ ParentId }) => ParentId === caseId);
  const done = from + org.pageSize >= all.length;
  const records = all.slice(from, from + org.pageSize).map(({ Id, CommentBody }) => ({
    attributes: { type: 'CaseComment', url: `/services/data/v62.0/sobjects/CaseComment/${Id}` },
    Id,
    CommentBody,
  }));
  const next = `/services/data/v62.0/query/01g${caseId}-${from + org.pageSize}`;
  return {
    status: 200,
    body: { totalSize: all.length, done, records, ...(done ? {} : { nextRecordsUrl: next }) },
  };
};

const queried = (org: Org, q: string): Answered => {
  const [, caseId] = COMMENTS.exec(q) ?? [];
  if (caseId !== undefined) return commentsPage(org, caseId, 0);
  const [, field, value] = CASES.exec(q) ?? [];
  if (field === undefined || value === undefined)
    return refused(400, 'MALFORMED_QUERY', `unexpected token in: ${q}`);
  const found = org.cases.filter((one) => one[field] === unquoted(value)).slice(0, 2);
  const records = found.map(({ Id }) => ({ attributes: { type: 'Case' }, Id }));
  return { status: 200, body: { totalSize: records.length, done: true, records } };
};

const deleted = (org: Org, id: string): Answered => {
  const comment = org.comments.find(({ Id }) => Id === id);
  if (comment === undefined) return refused(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  if (!org.rights.deletesComments)
    return refused(
      403,
      'INSUFFICIENT_ACCESS_OR_READONLY',
      'insufficient access rights on object id',
    );
  org.comments = org.comments.filter((one) => one !== comment);
  org.bin.push(comment);
  return { status: 204, body: null };
};

const changed = (org: Org, id: string, text: string): Answered => {
  const comment = org.comments.find(({ Id }) => Id === id);
  if (comment === undefined)
    return refused(404, 'NOT_FOUND', 'The requested resource does not exist');
  if (!org.rights.editsComments)
    return refused(
      403,
      'INSUFFICIENT_ACCESS_OR_READONLY',
      'insufficient access rights on object id',
    );
  if (Buffer.byteLength(text) > COMMENT_BYTES_MAX) return tooLong(text);
  comment.CommentBody = text;
  return { status: 204, body: null };
};

type Created = Readonly<{ ParentId: string; CommentBody: string; IsPublished: boolean }>;

const created = (org: Org, body: Created): Answered => {
  if (org.cases.every(({ Id }) => Id !== body.ParentId))
    return refused(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (Buffer.byteLength(body.CommentBody) > COMMENT_BYTES_MAX) return tooLong(body.CommentBody);
  const Id = org.nextId('00a');
  org.comments.push({ ...body, Id });
  return { status: 201, body: { id: Id, success: true, errors: [] } };
};

type Subrequest = Readonly<{
  method: string;
  url: string;
  referenceId: string;
  body?: { CommentBody: string };
}>;

const composed = (org: Org, requests: readonly Subrequest[]): Answered => {
  if (requests.length > 25) return refused(400, 'INVALID_INPUT', 'too many subrequests');
  const compositeResponse = requests.map(({ method, url, referenceId, body }) => {
    const id = url.split('/').at(-1) ?? '';
    const answered =
      method === 'DELETE' ? deleted(org, id) : changed(org, id, body?.CommentBody ?? '');
    const { status: httpStatusCode } = answered;
    return { body: answered.body, httpHeaders: {}, httpStatusCode, referenceId };
  });
  return { status: 200, body: { compositeResponse } };
};

const byExternalId = (org: Org, field: string, value: string): Answered => {
  const found = org.cases.filter((one) => one[field] === value);
  const [first] = found;
  if (first === undefined)
    return refused(404, 'NOT_FOUND', 'The requested resource does not exist');
  if (found.length > 1)
    return {
      status: 300,
      body: found.map(({ Id }) => `/services/data/v62.0/sobjects/Case/${Id}`),
    };
  return { status: 200, body: { attributes: { type: 'Case' }, Id: first.Id } };
};

const addRoutes = (app: FastifyInstance, org: Org): void => {
  const root = '/services/data/v62.0';
  const send = (reply: FastifyReply, { status, body }: Answered): FastifyReply =>
    status === 204 ? reply.status(204).send() : reply.status(status).send(body);
  app.get(`${root}/query`, async (request, reply) =>
    send(reply, queried(org, (request.query as { q?: string }).q ?? '')),
  );
  app.get(`${root}/query/:locator`, async (request, reply) => {
    const { locator } = request.params as { locator: string };
    const [caseId = '', from = '0'] = locator.slice(3).split('-');
    return send(reply, commentsPage(org, caseId, Number(from)));
  });
  app.get(`${root}/sobjects/Case/:field/:value`, async (request, reply) => {
    const { field, value } = request.params as { field: string; value: string };
    return send(reply, byExternalId(org, field, value));
  });
  app.post(`${root}/sobjects/CaseComment`, async (request, reply) =>
    send(reply, created(org, request.body as Created)),
  );
  app.patch(`${root}/sobjects/CaseComment/:id`, async (request, reply) => {
    const { id } = request.params as { id: string };
    return send(reply, changed(org, id, (request.body as CaseComment).CommentBody));
  });
  app.post(`${root}/composite`, async (request, reply) => {
    const { compositeRequest } = request.body as { compositeRequest: readonly Subrequest[] };
    return send(reply, composed(org, compositeRequest));
  });
};

const DAILY_CALLS = 15_000;

/** A local server with the shapes of Salesforce's REST API for cases and their comments. */
export const startSalesforceServer = async (): Promise<SalesforceServer> => {
  let [ids, used] = [0, 18];
  const rights: SalesforceRights = { deletesComments: true, editsComments: true };
  const nextId = (prefix: string): string => `${prefix}${String(++ids).padStart(12, '0')}AAA`;
  const org: Org = { cases: [], comments: [], bin: [], rights, pageSize: 2, nextId };
  const server = await startServer({
    tokenPath: '/services/oauth2/token',
    // No `expires_in`: a session's length is a setting of the organisation that an answer does not tell.
    token: (access_token) => ({
      access_token,
      signature: 'c2lnbmF0dXJl',
      scope: 'api',
      instance_url: 'https://rehearsal.my.salesforce.com',
      id: 'https://login.salesforce.com/id/00D000000000001AAA/005000000000001AAA',
      token_type: 'Bearer',
      issued_at: '1780000000000',
    }),
    unauthorized: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
    routes: (app) => {
      app.addHook('onSend', async (_request, reply, payload) => {
        used += 1;
        void reply.header('sforce-limit-info', `api-usage=${used}/${DAILY_CALLS}`);
        return Promise.resolve(payload);
      });
      addRoutes(app, org);
    },
  });
  return {
    ...server,
    rights,
    addCase: (fields) => {
      const Id = nextId('500');
      org.cases.push({ ...fields, Id });
      return Id;
    },
    comments: () => org.comments,
    bin: () => org.bin,
    setUsage: (calls) => {
      used = calls;
    },
  };
};
