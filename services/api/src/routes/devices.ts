import { explainDevice } from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { askModel } from '../asked.js';
import { fromCursor, pageOf } from '../cursor.js';
import type { ApiDeps } from '../deps.js';
import { failureProblem, notFound } from '../problem.js';
import { askedIn, filterOf, paramOf, queryOf, type PageQuery } from '../query.js';
import type { Route } from '../route.js';
import {
  companyParams,
  flag,
  id,
  pageQuery,
  paramsWith,
  positionHeader,
  query,
} from '../schemas/common.js';
import { deviceAnswer, devicesAnswer } from '../schemas/devices.js';

const listDevices = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const { limit, cursor, managed } = queryOf<PageQuery & Readonly<{ managed?: boolean }>>(request);
  const place = fromCursor<readonly [string]>(cursor, ['string']);
  if (E.isLeft(place)) return place;
  const asked = askedIn(request);
  const filter = {
    ...filterOf(request, ['platform', 'groupId', 'policyId']),
    ...(managed === undefined ? {} : { managed }),
    ...(place.right === undefined ? {} : { after: place.right[0] }),
  };
  const found = await askModel(deps, asked, {
    model: deps.models.devicePolicy,
    ask: (queries) => queries.devices(asked.company, { ...filter, limit: limit + 1 }),
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  return E.right(
    at(
      position,
      pageOf(answer, limit, ({ deviceId }) => [deviceId]),
    ),
  );
};

const showDevice = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const deviceId = paramOf(request, 'device');
  const found = await askModel(deps, asked, {
    model: deps.models.devicePolicy,
    ask: (queries) => ({
      device: queries.device(asked.company, deviceId),
      history: queries.history(asked.company, deviceId),
    }),
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  const { device, history } = answer;
  if (device === undefined) return E.left(notFound());
  // Of the same position, so that what pends and what is in effect belong together.
  const moment = { axis: 'position', position } as const;
  const explained = await explainDevice(deps.reader)(asked.company, deviceId, moment);
  if (E.isLeft(explained)) return E.left(failureProblem(explained.left));
  const pending = explained.right?.pending ?? null;
  return E.right(at(position, { device, pending, history }));
};

export const deviceRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/devices',
    operationId: 'listDevices',
    summary: 'Devices by id, each with the setting that is in effect on it.',
    tag: 'devices',
    params: companyParams,
    query: pageQuery({
      managed: flag,
      platform: { type: 'string', maxLength: 40 },
      groupId: id,
      policyId: id,
    }),
    answer: { 'application/json': devicesAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => listDevices(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/devices/:device',
    operationId: 'getDevice',
    summary:
      'One device: the setting in effect, where it comes from, what is assigned and not yet applied, and everything that changed it.',
    tag: 'devices',
    params: paramsWith('device'),
    query: query(),
    answer: { 'application/json': deviceAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => showDevice(deps, request),
  },
];
