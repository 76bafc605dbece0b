import { randomUUID } from 'node:crypto';
import { isId, type Actor } from '@daybook/domain/kernel';
import { decodeActor, type Call } from '@daybook/engine';
import { InstantText } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import type { FastifyRequest } from 'fastify';
import { fieldProblem, problemOf, type Problem } from './problem.js';

const defaultActor: Actor = { kind: 'administrator', id: 'api' };

/** No slash: the engine derives ids of steps with one, and no caller's id may meet those. */
const KEY = /^[A-Za-z0-9][A-Za-z0-9._:~-]{0,99}$/;

export type Fields = Readonly<Record<string, unknown>>;

/** The body as an object, taken apart into who, when, and what. */
export type Said = Readonly<{ at: unknown; by: unknown; fields: Fields }>;

export const saidIn = (body: unknown): E.Either<Problem, Said> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return E.left(fieldProblem(422, { reason: 'expected a JSON object' }));
  const { at, by, ...fields } = body as Fields;
  return E.right({ at, by, fields });
};

export const instantIn = (
  field: string,
  value: unknown,
  status: 400 | 422,
): E.Either<Problem, number> => {
  const instant = InstantText.decode(value);
  if (E.isRight(instant)) return instant;
  const reason = instant.left[0]?.message ?? 'is not an instant';
  const remedy = 'write ISO-8601 with an offset or Z, such as 2026-06-03T09:15:00Z';
  return E.left(fieldProblem(status, { field, reason, remedy }));
};

export const actorIn = (
  field: string,
  value: unknown,
  status: 400 | 422,
): E.Either<Problem, Actor> => {
  const actor = decodeActor(value);
  if (E.isRight(actor) && isId(actor.right.id)) return actor;
  const remedy = 'name a kind (administrator, auditor, supporter …) and an id';
  return E.left(fieldProblem(status, { field, reason: 'is not an actor', remedy }));
};

/** `Daybook-Actor: kind:id`, null when nobody is named. The id may contain colons. */
export const actorNamed = (request: FastifyRequest): E.Either<Problem, Actor | null> => {
  const header = request.headers['daybook-actor'];
  if (header === undefined) return E.right(null);
  const [kind = '', ...id] = [header].flat().join().split(':');
  return actorIn('Daybook-Actor', { kind, id: id.join(':') }, 400);
};

const commandIdIn = (header: unknown): E.Either<Problem, string> => {
  if (header === undefined) return E.right(randomUUID());
  if (typeof header === 'string' && KEY.test(header)) return E.right(header);
  return E.left(
    problemOf('InvalidIdempotencyKey', {
      status: 400,
      detail: 'Idempotency-Key is 1 to 100 letters, digits, “.”, “_”, “:”, “~” or “-”.',
    }),
  );
};

/** Who asks, when, and under which command id: from the body, the headers, or the defaults. */
export const callOf = (
  request: FastifyRequest,
  said: Readonly<{ company: string; at?: unknown; by?: unknown; now: number }>,
): E.Either<Problem, Call> => {
  const commandId = commandIdIn(request.headers['idempotency-key']);
  if (E.isLeft(commandId)) return commandId;
  const actor = said.by === undefined ? actorNamed(request) : actorIn('by', said.by, 422);
  if (E.isLeft(actor)) return actor;
  const instant = said.at === undefined ? E.right(said.now) : instantIn('at', said.at, 422);
  if (E.isLeft(instant)) return instant;
  const id = commandId.right;
  return E.right({
    company: said.company,
    actor: actor.right ?? defaultActor,
    commandId: id,
    correlationId: id,
    at: instant.right,
  });
};
