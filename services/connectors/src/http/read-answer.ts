import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { RemoteFailure } from '../failure.js';
import type { ApiAnswer } from './api-client.js';

/** The answer's body in its published shape. */
export const readAnswer = <A>(
  codec: t.Type<A, unknown>,
  answer: E.Either<RemoteFailure, ApiAnswer>,
): E.Either<RemoteFailure, A> => {
  if (E.isLeft(answer)) return answer;
  const decoded = codec.decode(answer.right.body);
  return E.isRight(decoded)
    ? decoded
    : E.left({ _tag: 'AnswerUnreadable', status: answer.right.status });
};
