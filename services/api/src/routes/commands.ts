import { decodeCompanyCommand, type CommandAnswer, type CompanyCommand } from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import type { Outcome } from '../answer.js';
import { callOf, saidIn, type Said } from '../call.js';
import type { ApiDeps } from '../deps.js';
import { fieldProblem, type Problem } from '../problem.js';
import { companyOf } from '../query.js';
import type { Route } from '../route.js';
import { commandBody } from '../schemas/commands.js';
import { actorHeaders, companyParams, ref, writtenHeaders } from '../schemas/common.js';
import { writtenOutcome } from '../written.js';

/** A company id in the body may repeat the one in the address, and name no other. */
const decodedFor = (company: string, fields: unknown): E.Either<Problem, CompanyCommand> => {
  const decoded = decodeCompanyCommand(fields);
  if (E.isLeft(decoded)) return E.left(fieldProblem(422, decoded.left));
  const command = decoded.right;
  if (!('companyId' in command) || command.companyId === company) return decoded;
  return E.left(fieldProblem(422, { field: 'companyId', reason: 'is not the company addressed' }));
};

export const runCommand = async (
  deps: ApiDeps,
  request: FastifyRequest,
  said: Said,
): Promise<Outcome> => {
  const company = companyOf(request);
  const command = decodedFor(company, said.fields);
  if (E.isLeft(command)) return command;
  const { at, by } = said;
  const call = callOf(request, { company, at, by, now: deps.clock() });
  if (E.isLeft(call)) return call;
  const answer: CommandAnswer = await deps.engine.company(call.right, command.right);
  return writtenOutcome(call.right, answer);
};

export const commandRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'POST',
    url: '/v1/companies/:company/commands',
    operationId: 'runCommand',
    summary:
      'Run one command about the company, its users, policies, groups, devices or purchases.',
    tag: 'commands',
    params: companyParams,
    headers: actorHeaders,
    body: { 'application/json': commandBody },
    answer: { 'application/json': ref('Written') },
    answerHeaders: writtenHeaders,
    problems: [403, 404, 409, 413, 415, 422],
    handle: async (request) => {
      const said = saidIn(request.body);
      return E.isLeft(said) ? said : runCommand(deps, request, said.right);
    },
  },
];
