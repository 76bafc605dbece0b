import * as E from 'fp-ts/lib/Either.js';
import type { ApiDeps } from './deps.js';
import { failureProblem, problemOf, type Problem } from './problem.js';

/** What the API uses of a read model. */
export type Model<Queries> = Readonly<{
  read: <A>(ask: (queries: Queries) => A) => Readonly<{ answer: A; position: number }>;
  position: () => number;
  waitFor: (position: number, timeoutMs: number) => Promise<boolean>;
}>;

export type Asked = Readonly<{
  company: string;
  /** Position that the answer must have seen. */
  after: number | undefined;
}>;

const notReached = (after: number): Problem =>
  problemOf('PositionNotReached', {
    status: 503,
    detail: `Position ${after} of the log has not been reached in time; ask again.`,
    extensions: { after },
    headers: { 'retry-after': '1' },
  });

/** Asks a read model for a registered company, once it has seen the position that the caller has. */
export const askModel = async <Queries, A>(
  deps: ApiDeps,
  asked: Asked,
  question: Readonly<{ model: Model<Queries>; ask: (queries: Queries) => A }>,
): Promise<E.Either<Problem, Readonly<{ answer: A; position: number }>>> => {
  const registered = await deps.companies.registered(asked.company);
  if (E.isLeft(registered)) return registered;
  const { after } = asked;
  const { model, ask } = question;
  if (after !== undefined && !(await model.waitFor(after, deps.limits.waitMs)))
    return E.left(notReached(after));
  return E.right(model.read(ask));
};

/** For answers that are read from the log itself: its end, which everything read afterwards includes. */
export const logPosition = async (
  deps: ApiDeps,
  asked: Asked,
): Promise<E.Either<Problem, number>> => {
  const registered = await deps.companies.registered(asked.company);
  if (E.isLeft(registered)) return registered;
  const head = await deps.reader.head()();
  if (E.isLeft(head)) return E.left(failureProblem(head.left));
  const { after } = asked;
  return after !== undefined && head.right < after
    ? E.left(notReached(after))
    : E.right(head.right);
};
