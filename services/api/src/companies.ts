import { companyStream, streamOf } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import type { LogReader } from './log-reader.js';
import { failureProblem, notFound, type Problem } from './problem.js';

/** Which companies and sessions there are, read from the log itself: no answer lags. */
export type Companies = Readonly<{
  /** Right when the company is registered; otherwise the same 404 as for everything unknown. */
  registered: (company: string) => Promise<E.Either<Problem, void>>;
  /** Has a session with this id been started? */
  sessionStarted: (company: string, sessionId: string) => Promise<E.Either<Problem, boolean>>;
}>;

/** A registration is never undone, so it is remembered; beyond this many it is read again. */
const REMEMBERED_MAX = 10_000;

/** The event itself is looked for: that a stream has something in it does not prove that it began. */
const holds = async (
  reader: LogReader,
  stream: string,
  type: string,
): Promise<E.Either<Problem, boolean>> => {
  for await (const page of reader.readStream(stream)) {
    if (E.isLeft(page)) return E.left(failureProblem(page.left));
    if (page.right.events.some((event) => event.type === type)) return E.right(true);
  }
  return E.right(false);
};

export const makeCompanies = (reader: LogReader): Companies => {
  const known = new Set<string>();
  return {
    registered: async (company) => {
      if (known.has(company)) return E.right(undefined);
      const found = await holds(reader, companyStream(company), 'CompanyRegistered');
      if (E.isLeft(found)) return found;
      if (!found.right) return E.left(notFound());
      if (known.size < REMEMBERED_MAX) known.add(company);
      return E.right(undefined);
    },
    sessionStarted: (company, sessionId) =>
      holds(reader, streamOf('session', company, sessionId), 'SessionStarted'),
  };
};
