import { isId } from '@daybook/domain/kernel';
import { selectUsers, type UserSelection } from '@daybook/domain/organization';
import type { Call } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import { callOf, saidIn, type Fields } from '../call.js';
import { endOfLog } from '../written.js';
import type { ApiDeps } from '../deps.js';
import { commandProblem, fieldProblem, problemDocument, type Problem } from '../problem.js';
import { companyOf } from '../query.js';
import type { Route } from '../route.js';
import { actorHeaders, companyParams, writtenHeaders } from '../schemas/common.js';
import { sessionLoggingAnswer, sessionLoggingBody } from '../schemas/users.js';

/** Commands that are under way at one time: each is a write of its own stream, so they share commits. */
const AT_ONCE = 64;
const IDS_MAX = 10_000;

type Wanted = Readonly<{ enabled: boolean; selection: UserSelection }>;
type UserOutcome = Readonly<{
  userId: string;
  outcome: 'changed' | 'unchanged' | 'refused' | 'failed';
  problem?: Readonly<Record<string, unknown>>;
}>;

const isIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= IDS_MAX &&
  value.every((word) => typeof word === 'string' && isId(word));

const selectionIn = (value: unknown): UserSelection | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, ids, ...others } = value as Fields;
  if (Object.keys(others).length > 0) return null;
  if (kind === 'list') return isIds(ids) ? { kind, ids } : null;
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
  const reason = 'expected {kind: all, all-but-me or me}, or {kind: list, ids}';
  return E.left(fieldProblem(422, { field: 'selection', reason }));
};

type Set = Readonly<{ outcome: UserOutcome; position: number }>;

const setOne = async (
  deps: ApiDeps,
  call: Call,
  user: Readonly<{ userId: string; enabled: boolean }>,
): Promise<Set> => {
  const { userId } = user;
  const step = { ...call, commandId: `${call.commandId}/user/${userId}` };
  const answer = await deps.engine.company(step, { command: 'SetSessionLogging', ...user });
  if (E.isRight(answer)) {
    const { events, position } = answer.right;
    return { outcome: { userId, outcome: events.length > 0 ? 'changed' : 'unchanged' }, position };
  }
  const problem = problemDocument(commandProblem(answer.left));
  const outcome = answer.left._tag === 'Refused' ? 'refused' : 'failed';
  return { outcome: { userId, outcome, problem }, position: 0 };
};

const setAll = async (
  deps: ApiDeps,
  call: Call,
  wanted: Readonly<{ enabled: boolean; userIds: readonly string[] }>,
): Promise<Outcome> => {
  const outcomes: UserOutcome[] = [];
  let position = 0;
  const { enabled, userIds } = wanted;
  for (let from = 0; from < userIds.length; from += AT_ONCE) {
    const some = userIds.slice(from, from + AT_ONCE);
    const set = await Promise.all(some.map((userId) => setOne(deps, call, { userId, enabled })));
    for (const one of set) {
      outcomes.push(one.outcome);
      position = Math.max(position, one.position);
    }
  }
  const { commandId } = call;
  return endOfLog(deps, (head) =>
    E.right(at(position === 0 ? head : position, { commandId, outcomes }, keyHeader(commandId))),
  );
};

const keyHeader = (commandId: string) => ({ 'idempotency-key': commandId });

const needsTheCompanysUsers = ({ kind }: UserSelection): boolean =>
  kind === 'all' || kind === 'all-but-me';

export const userRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'POST',
    url: '/v1/companies/:company/users/session-logging',
    operationId: 'setSessionLogging',
    summary: 'Switch “log sessions for connection reporting” on or off for one user or many.',
    description:
      'Each user has an outcome of their own, and a repeat changes nothing. “me” is the actor.',
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
      const known = needsTheCompanysUsers(selection)
        ? await deps.companies.userIds(company)
        : E.right([]);
      if (E.isLeft(known)) return known;
      const userIds = selectUsers(selection, call.right.actor.id, known.right);
      return setAll(deps, call.right, { enabled, userIds });
    },
  },
];
