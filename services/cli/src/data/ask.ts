import { explainSession, type Queries, type SessionExplanation } from '@daybook/engine';
import { ruleBook } from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { refusal, type Failure } from '../outcome.js';
import { instantIn } from '../text/instant.js';
import { chooseCompany, type KnownCompany } from './company.js';
import { failureOf } from './failure.js';
import { asReader } from './open.js';

/** What a question is asked about: the data, the company, and how its clocks show a time. */
export type Asking = Readonly<{
  queries: Queries;
  company: KnownCompany;
  when: (instant: number) => string;
}>;

/** Asks the data directory about the chosen company. */
export const asking = <A>(
  context: Context,
  work: (asked: Asking) => Promise<E.Either<Failure, A>>,
): Promise<E.Either<Failure, A>> =>
  asReader(context, async (queries) => {
    const company = await chooseCompany(queries.reader, context.company);
    if (E.isLeft(company)) return company;
    return work({ queries, company: company.right, when: instantIn(company.right.timeZone) });
  });

/** The explanation of a session; a session that does not exist is a refusal with a remedy. */
export const explained = async (
  { queries, company }: Asking,
  sessionId: string,
): Promise<E.Either<Failure, SessionExplanation>> => {
  const explain = explainSession({ reader: queries.reader, ruleBook });
  const found = await explain(company.id, sessionId);
  if (E.isLeft(found)) return E.left(failureOf(found.left));
  return found.right === null ? E.left(noSuchSession(company.id, sessionId)) : E.right(found.right);
};

export const noSuchSession = (company: string, sessionId: string): Failure =>
  refusal(`${company} has no session ${sessionId}. See which there are: daybook session list`);
