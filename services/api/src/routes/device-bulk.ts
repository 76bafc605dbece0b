import { AccessControl } from '@daybook/domain/device-policy';
import { isId } from '@daybook/domain/kernel';
import type { BulkCommand, DeviceSelection } from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import type { Outcome } from '../answer.js';
import { bulkOutcome, isIds } from '../bulk.js';
import { callOf, saidIn, type Fields } from '../call.js';
import type { ApiDeps } from '../deps.js';
import { fieldProblem, type Problem } from '../problem.js';
import { companyOf } from '../query.js';
import type { Route } from '../route.js';
import { actorHeaders, companyParams, writtenHeaders, type JsonSchema } from '../schemas/common.js';
import { accessControlBody, devicesBulkAnswer, policySourceBody } from '../schemas/device-bulk.js';

type ForDevices = Extract<BulkCommand, { devices: DeviceSelection }>;
type PolicySource = Extract<ForDevices, { set: 'policy-source' }>['to'];

const problem = (field: string, reason: string): E.Either<Problem, never> =>
  E.left(fieldProblem(422, { field, reason }));

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const selectionIn = (value: unknown): E.Either<Problem, DeviceSelection> => {
  if (isRecord(value)) {
    const { kind, ids, groupId, ...others } = value;
    const rest = Object.keys(others).length;
    if (kind === 'all' && Object.keys(value).length === 1) return E.right({ kind });
    if (kind === 'group' && typeof groupId === 'string' && isId(groupId) && rest === 0)
      return E.right({ kind, groupId });
    if (kind === 'list' && isIds(ids) && rest === 0) return E.right({ kind, ids });
  }
  return problem('selection', 'expected {kind: all}, {kind: group, groupId} or {kind: list, ids}');
};

const sourceIn = (value: unknown): E.Either<Problem, PolicySource> => {
  if (isRecord(value)) {
    const { source, policyId, groupId } = value;
    if (source === 'none' && Object.keys(value).length === 1) return E.right({ source });
    if (source === 'own' && typeof policyId === 'string' && isId(policyId) && groupId === undefined)
      return E.right({ source, policyId });
    if (
      source === 'group' &&
      typeof groupId === 'string' &&
      isId(groupId) &&
      policyId === undefined
    )
      return E.right({ source, groupId });
  }
  return problem(
    'to',
    'expected {source: own, policyId}, {source: group, groupId} or {source: none}',
  );
};

const onlyFields = (fields: Fields, known: string): E.Either<Problem, unknown> =>
  Object.keys(fields).every((field) => field === known || field === 'selection')
    ? E.right(fields[known])
    : problem('', `takes ${known}, selection, at and by`);

const accessControlIn = (fields: Fields): E.Either<Problem, ForDevices> => {
  const value = onlyFields(fields, 'value');
  if (E.isLeft(value)) return value;
  if (!AccessControl.is(value.right))
    return problem('value', 'expected allowed, denied or after-confirmation');
  const devices = selectionIn(fields['selection']);
  return E.isLeft(devices)
    ? devices
    : E.right({ set: 'access-control', value: value.right, devices: devices.right });
};

const policySourceIn = (fields: Fields): E.Either<Problem, ForDevices> => {
  const value = onlyFields(fields, 'to');
  if (E.isLeft(value)) return value;
  const to = sourceIn(value.right);
  if (E.isLeft(to)) return to;
  const devices = selectionIn(fields['selection']);
  return E.isLeft(devices)
    ? devices
    : E.right({ set: 'policy-source', to: to.right, devices: devices.right });
};

const setMany = async (
  deps: ApiDeps,
  request: FastifyRequest,
  wantedIn: (fields: Fields) => E.Either<Problem, ForDevices>,
): Promise<Outcome> => {
  const company = companyOf(request);
  const said = saidIn(request.body);
  if (E.isLeft(said)) return said;
  const bulk = wantedIn(said.right.fields);
  if (E.isLeft(bulk)) return bulk;
  const call = callOf(request, { company, ...said.right, now: deps.clock() });
  if (E.isLeft(call)) return call;
  const registered = await deps.companies.registered(company);
  if (E.isLeft(registered)) return registered;
  return bulkOutcome(deps, call.right, { name: 'deviceId', bulk: bulk.right });
};

type Described = Readonly<{ path: string; operationId: string; summary: string; body: JsonSchema }>;

const description =
  'For all managed devices, those that inherit from a group, or a list. Each device has an outcome of its own, and a repeat changes nothing. After a failure the same Idempotency-Key does the rest, and nothing twice.';

const bulkRoute = (said: Described, handle: Route['handle']): Route => ({
  method: 'POST',
  url: `/v1/companies/:company/devices/${said.path}`,
  operationId: said.operationId,
  summary: said.summary,
  description,
  tag: 'commands',
  params: companyParams,
  headers: actorHeaders,
  body: { 'application/json': said.body },
  answer: { 'application/json': devicesBulkAnswer },
  answerHeaders: writtenHeaders,
  problems: [404, 413, 415, 422],
  handle,
});

export const deviceBulkRoutes = (deps: ApiDeps): readonly Route[] => [
  bulkRoute(
    {
      path: 'access-control',
      operationId: 'setAccessControl',
      summary: 'Set access control “Session Insights logging” of many devices.',
      body: accessControlBody,
    },
    (request) => setMany(deps, request, accessControlIn),
  ),
  bulkRoute(
    {
      path: 'policy-source',
      operationId: 'setPolicySource',
      summary: 'Say where many devices take their policy from: their own, a group’s, or none.',
      body: policySourceBody,
    },
    (request) => setMany(deps, request, policySourceIn),
  ),
];
