import type { Call, CommandAnswer } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Answer, type Outcome } from './answer.js';
import type { ApiDeps } from './deps.js';
import { commandProblem, failureProblem } from './problem.js';

type Accepted = Extract<CommandAnswer, { _tag: 'Right' }>['right'];

export const acceptedAnswer = (
  call: Call,
  accepted: Accepted,
  headers: Readonly<Record<string, string>> = {},
): Answer => {
  const { position, repeated, events } = accepted;
  const body = { commandId: call.commandId, repeated, events: events.map(({ type }) => type) };
  return at(position, body, { ...headers, 'idempotency-key': call.commandId });
};

/** The answer to a command: where it stands in the log and what it changed, or why not. */
export const writtenOutcome = (call: Call, answer: CommandAnswer): Outcome => {
  if (E.isRight(answer)) return E.right(acceptedAnswer(call, answer.right));
  const problem = commandProblem(answer.left);
  return E.left({
    ...problem,
    headers: { ...problem.headers, 'idempotency-key': call.commandId },
  });
};

/** Everything that a write of many parts left in the log, refusals too, stands at or before its end. */
export const endOfLog = async (
  deps: ApiDeps,
  answer: (head: number) => Outcome,
): Promise<Outcome> => {
  const head = await deps.engine.store.head()();
  return E.isLeft(head) ? E.left(failureProblem(head.left)) : answer(head.right);
};
