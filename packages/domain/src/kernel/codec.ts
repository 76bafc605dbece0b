import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/**
 * Value codecs that stored events are made of. Amounts, revisions and instants are safe integers: a
 * float or a number past 2^53 would make replay differ between machines, so decoding refuses it.
 */
const integerCodec = (name: string, min: number): t.Type<number> =>
  new t.Type<number>(
    name,
    (u): u is number => typeof u === 'number' && Number.isSafeInteger(u) && u >= min,
    (u, context) =>
      typeof u === 'number' && Number.isSafeInteger(u) && u >= min
        ? t.success(u)
        : t.failure(u, context, `expected ${name}`),
    t.identity,
  );

/** Whole number of AI credits, zero or more. */
export const Credits = integerCodec('whole number of credits', 0);
/** Whole number of AI credits, one or more. */
export const PositiveCredits = integerCodec('positive whole number of credits', 1);
/** Zero-based revision of a stream. */
export const Revision = integerCodec('revision', 0);
/** A count or an ordinal, zero or more. */
export const Count = integerCodec('count', 0);
/** Epoch milliseconds, UTC. Negative values (before 1970) are refused: no session is that old. */
export const Instant = integerCodec('instant in epoch milliseconds', 0);
/** Epoch milliseconds, UTC. */
export type Instant = number;

export const Nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC]> =>
  t.union([codec, t.null]);

/** One of the given words. */
export const Word = <K extends string>(...words: readonly K[]): t.KeyofC<Record<K, null>> =>
  t.keyof(Object.fromEntries(words.map((word) => [word, null])) as Record<K, null>);

/** Paths that failed to decode, without the values: they may hold session text. */
export const failedPaths = (errors: t.Errors): readonly string[] =>
  errors.map(
    (error) =>
      error.context
        .map((entry) => entry.key)
        .filter((key) => key !== '')
        .join('.') || '(whole value)',
  );

/** The decoded value, or the failed paths joined into one line. */
export const decodeWith = <A, O>(codec: t.Type<A, O>, value: unknown): E.Either<string, A> => {
  const decoded = codec.decode(value);
  return E.isRight(decoded)
    ? E.right(decoded.right)
    : E.left([...new Set(failedPaths(decoded.left))].join(', '));
};
