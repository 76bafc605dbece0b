import { statementText } from '@daybook/domain/credits';
import { readStatement } from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { askModel, logPosition } from '../asked.js';
import { saidIn } from '../call.js';
import type { ApiDeps } from '../deps.js';
import { prefersText } from '../accept.js';
import { failureProblem, fieldProblem, notFound } from '../problem.js';
import { askedIn, companyOf, instantsIn, paramOf } from '../query.js';
import type { Route } from '../route.js';
import {
  actorHeaders,
  companyParams,
  instant,
  month,
  paramsWith,
  positionHeader,
  query,
  ref,
  text,
  writtenHeaders,
} from '../schemas/common.js';
import { purchaseBody } from '../schemas/commands.js';
import { balanceAnswer, chargesAnswer, statementAnswer } from '../schemas/credits.js';
import { runCommand } from './commands.js';

const balance = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const instants = instantsIn(request, ['asOf']);
  if (E.isLeft(instants)) return instants;
  const asked = askedIn(request);
  const asOf = instants.right['asOf'] ?? deps.clock();
  const found = await askModel(deps, asked, {
    model: deps.models.creditLedger,
    ask: (queries) => queries.balance(asked.company, asOf),
  });
  if (E.isLeft(found)) return found;
  return E.right(at(found.right.position, { asOf, balance: found.right.answer }));
};

const statement = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const head = await logPosition(deps, asked);
  if (E.isLeft(head)) return head;
  const read = await readStatement(deps.reader)(asked.company, paramOf(request, 'month'));
  if (E.isLeft(read)) return E.left(failureProblem(read.left));
  if (read.right === null) return E.left(notFound());
  const { statement: found, position } = read.right;
  const readAt = Math.max(head.right, position);
  const vary = { vary: 'accept' };
  return prefersText(request.headers.accept)
    ? E.right(at(readAt, statementText(found), vary))
    : E.right(at(readAt, { statement: found }, vary));
};

const charges = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const asked = askedIn(request);
  const sessionId = paramOf(request, 'session');
  const found = await askModel(deps, asked, {
    model: deps.models.creditLedger,
    ask: (queries) => queries.chargesOfSession(asked.company, sessionId),
  });
  if (E.isLeft(found)) return found;
  const { answer, position } = found.right;
  if (answer.length > 0) return E.right(at(position, { charges: answer }));
  const started = await deps.companies.sessionStarted(asked.company, sessionId);
  if (E.isLeft(started)) return started;
  return started.right ? E.right(at(position, { charges: [] })) : E.left(notFound());
};

const purchase = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const said = saidIn(request.body);
  if (E.isLeft(said)) return said;
  const { fields } = said.right;
  if ('command' in fields)
    return E.left(fieldProblem(422, { field: 'command', reason: 'is not a field of a purchase' }));
  const registered = await deps.companies.registered(companyOf(request));
  if (E.isLeft(registered)) return registered;
  const command = { command: 'PurchaseCredits', ...fields };
  return runCommand(deps, request, { ...said.right, fields: command });
};

export const creditRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'GET',
    url: '/v1/companies/:company/credits/balance',
    operationId: 'getBalance',
    summary: 'The company’s AI credits as of an instant, now by default.',
    tag: 'credits',
    params: companyParams,
    query: query({ asOf: instant }),
    answer: { 'application/json': balanceAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => balance(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/credits/statement/:month',
    operationId: 'getStatement',
    summary: 'The statement of a month in the company’s time zone.',
    description:
      'As `text/plain` the bytes of the statement: the same log gives the same text, with instants in epoch milliseconds.',
    tag: 'credits',
    params: paramsWith('month', month),
    query: query(),
    answer: { 'application/json': statementAnswer, 'text/plain': text },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => statement(deps, request),
  },
  {
    method: 'GET',
    url: '/v1/companies/:company/credits/charges/:session',
    operationId: 'getCharges',
    summary: 'What a session was charged, and where each charge stands.',
    tag: 'credits',
    params: paramsWith('session'),
    query: query(),
    answer: { 'application/json': chargesAnswer },
    answerHeaders: positionHeader,
    problems: [404],
    handle: (request) => charges(deps, request),
  },
  {
    method: 'POST',
    url: '/v1/companies/:company/credits/purchases',
    operationId: 'purchaseCredits',
    summary: 'Book a purchase of credits; the same order number again is the same purchase.',
    tag: 'credits',
    params: companyParams,
    headers: actorHeaders,
    body: { 'application/json': purchaseBody },
    answer: { 'application/json': ref('Written') },
    answerHeaders: writtenHeaders,
    problems: [403, 404, 409, 413, 415, 422],
    handle: (request) => purchase(deps, request),
  },
];
