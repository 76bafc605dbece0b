import type { UserSelection } from '@daybook/domain/organization';
import * as E from 'fp-ts/lib/Either.js';
import { bulkOutcome, isIds } from '../bulk.js';
import { callOf, saidIn, type Fields } from '../call.js';
import type { ApiDeps } from '../deps.js';
import { fieldProblem, type Problem } from '../problem.js';
import { companyOf } from '../query.js';
import type { Route } from '../route.js';
import { actorHeaders, companyParams, writtenHeaders } from '../schemas/common.js';
import { sessionLoggingAnswer, sessionLoggingBody } from '../schemas/users.js';

type Wanted = Readonly<{ enabled: boolean; selection: UserSelection }>;

const selectionIn = (value: unknown): UserSelection | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, ids, ...others } = value as Fields;
  if (Object.keys(others).length > 0) return null;
  if (kind === 'list' || kind === 'all-but') return isIds(ids) ? { kind, ids } : null;
  if (ids !== undefined) return null;
  return kind === 'all' || kind === 'all-but-me' || kind === 'me' ? { kind } : null;
};

const wantedIn = (fields: Fields): E.Either<Problem, Wanted> => {
  const { enabled, selection: value, ...others } = fields;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return E.left(fieldProblem(422, { reason: 'takes enabled, selection, at and by' }));
  if (typeof enabled !== 'boolean')
    return E.left(fieldProblem(422, { field: 'enabled', reason: 'expected true or false' }));
  const selection = selectionIn(value);
  if (selection !== null) return E.right({ enabled, selection });
  const reason = 'expected {kind: all, all-but-me or me}, or {kind: list or all-but, ids}';
  return E.left(fieldProblem(422, { field: 'selection', reason }));
};

export const userRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'POST',
    url: '/v1/companies/:company/users/session-logging',
    operationId: 'setSessionLogging',
    summary: 'Switch “log sessions for connection reporting” on or off for one user or many.',
    description:
      'Each user has an outcome of their own, and a repeat changes nothing. “me” is the actor. After a failure the same Idempotency-Key does the rest, and nothing twice.',
    tag: 'commands',
    params: companyParams,
    headers: actorHeaders,
    body: { 'application/json': sessionLoggingBody },
    answer: { 'application/json': sessionLoggingAnswer },
    answerHeaders: writtenHeaders,
    problems: [404, 413, 415, 422],
    handle: async (request) => {
      const company = companyOf(request);
      const said = saidIn(request.body);
      if (E.isLeft(said)) return said;
      const wanted = wantedIn(said.right.fields);
      if (E.isLeft(wanted)) return wanted;
      const call = callOf(request, { company, ...said.right, now: deps.clock() });
      if (E.isLeft(call)) return call;
      const registered = await deps.companies.registered(company);
      if (E.isLeft(registered)) return registered;
      const { enabled, selection } = wanted.right;
      const bulk = { set: 'session-logging', enabled, users: selection } as const;
      return bulkOutcome(deps, call.right, { name: 'userId', bulk });
    },
  },
];
