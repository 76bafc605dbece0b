import * as E from 'fp-ts/lib/Either.js';
import type { Failure } from '../outcome.js';
import type { Asking } from './ask.js';
import { failureOf } from './failure.js';

/** The end of the log when a question begins: the answer knows everything up to here. */
export const headOf = async ({ queries }: Asking): Promise<E.Either<Failure, number>> => {
  const head = await queries.reader.head()();
  return E.isLeft(head) ? E.left(failureOf(head.left)) : head;
};
