import type { BulkCommand, BulkOutcome, BulkStopped, Call } from '@daybook/engine';
import { isId } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from './answer.js';
import type { ApiDeps } from './deps.js';
import { commandProblem, problemDocument, refusalProblem, type Problem } from './problem.js';
import { endOfLog } from './written.js';

export const IDS_MAX = 10_000;

export const isIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= IDS_MAX &&
  value.every((word) => typeof word === 'string' && isId(word));

type Told = Readonly<Record<string, unknown>>;

const told = (name: string, outcome: BulkOutcome): Told => {
  const said = { [name]: outcome.id, outcome: outcome.outcome };
  switch (outcome.outcome) {
    case 'changed':
    case 'unchanged':
      return said;
    case 'refused':
      return {
        ...said,
        problem: problemDocument(refusalProblem(outcome.refusal)),
      };
    case 'failed':
      return { ...said, problem: problemDocument(commandProblem(outcome.failure)) };
  }
};

/** What was acknowledged stays, and the same key goes on from there; how far it came goes with the problem. */
const stopped = (call: Call, left: BulkStopped, done: number): Problem => {
  const problem = commandProblem(left);
  return {
    ...problem,
    extensions: { ...problem.extensions, done },
    headers: { ...problem.headers, 'idempotency-key': call.commandId },
  };
};

/** Runs a bulk command and answers each item under `name`; an unusable log is a problem for the whole. */
export const bulkOutcome = async (
  deps: ApiDeps,
  call: Call,
  asked: Readonly<{ name: string; bulk: BulkCommand }>,
): Promise<Outcome> => {
  const { name, bulk } = asked;
  const outcomes: Told[] = [];
  let position = 0;
  for await (const item of deps.engine.bulk(call, bulk)) {
    if (E.isLeft(item)) return E.left(stopped(call, item.left, outcomes.length));
    outcomes.push(told(name, item.right));
    position = Math.max(position, item.right.position);
  }
  const { commandId } = call;
  const headers = { 'idempotency-key': commandId };
  return endOfLog(deps, (head) =>
    E.right(at(position === 0 ? head : position, { commandId, outcomes }, headers)),
  );
};
