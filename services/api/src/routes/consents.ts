import { consentReceipt } from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { askModel, logPosition } from '../asked.js';
import { fromCursor, pageOf } from '../cursor.js';
import type { ApiDeps } from '../deps.js';
import { failureProblem, notFound } from '../problem.js';
import { askedIn, filterOf, instantsIn, paramOf, queryOf, type PageQuery } from '../query.js';
import type { Route } from '../route.js';
import {
  companyParams,
  id,
  instant,
  pageQuery,
  paramsWith,
  positionHeader,
  query,
} from '../schemas/common.js';
import { basis, consentsAnswer, consentState, receiptAnswer } from '../schemas/consents.js';

const filterNames = ['sessionId', 'supporterId', 'deviceId', 'state', 'basis'];

const listConsents = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const instants = instantsIn(request, ['openedFrom', 'openedTo']);
  if (E.isLeft(instants)) return instants;
  const { limit, cursor } = queryOf<PageQuery>(request);
  const place = fromCursor<readonly [number, string]>(cursor, ['number', 'string']);
  if (E.isLeft(place)) return place;
  const [openedAt, sessionId] = place.right ?? [];
  const from =
    openedAt === undefined || sessionId === undefined ? {} : { after: { openedAt, sessionId } };
  const asked = askedIn(request);
  const filter = { ...filterOf(request, filterNames), ...instants.right };
  const found = await askModel(deps, asked, {
    model: deps.models.consentRegister,
    ask: (register) => register.list(asked.company, { filter, limit: limit + 1, ...from }),
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  return E.right(
    at(
      position,
      pageOf(answer, limit, (record) => [record.openedAt, record.sessionId]),
    ),
  );
};

const receipt = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const head = await logPosition(deps, asked);
  if (E.isLeft(head)) return head;
  const made = await consentReceipt(deps.reader)(asked.company, paramOf(request, 'session'));
  if (E.isLeft(made)) return E.left(failureProblem(made.left));
  if (made.right === null) return E.left(notFound());
  const readAt = Math.max(head.right, made.right.provenance.last_position);
  return E.right(at(readAt, { receipt: made.right }));
};

export const consentRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/consents',
    operationId: 'listConsents',
    summary: 'Who agreed to what, newest first; a policy is told as what it is, and no consent.',
    tag: 'sessions',
    params: companyParams,
    query: pageQuery({
      sessionId: id,
      supporterId: id,
      deviceId: id,
      state: consentState,
      basis,
      openedFrom: instant,
      openedTo: instant,
    }),
    answer: { 'application/json': consentsAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => listConsents(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/sessions/:session/consent-receipt',
    operationId: 'getConsentReceipt',
    summary: 'The receipt of a session’s consent, structured after ISO/IEC TS 27560.',
    tag: 'sessions',
    params: paramsWith('session'),
    query: query(),
    answer: { 'application/json': receiptAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => receipt(deps, request),
  },
];
