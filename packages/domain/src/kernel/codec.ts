import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/**
 * Value codecs that stored events are made of. Amounts, revisions and instants are safe integers: a
 * float or a number past 2^53 would make replay differ between machines, so decoding refuses it.
 * Minus zero is refused too: it is written as `0`, so it would not survive being stored.
 */
const integerCodec = (name: string, min: number, max = Number.MAX_SAFE_INTEGER): t.Type<number> => {
  const isInRange = (u: unknown): u is number =>
    typeof u === 'number' && Number.isSafeInteger(u) && u >= min && u <= max && !Object.is(u, -0);
  return new t.Type<number>(
    name,
    isInRange,
    (u, context) => (isInRange(u) ? t.success(u) : t.failure(u, context, `expected ${name}`)),
    t.identity,
  );
};

/** Whole number of AI credits, zero or more. */
export const Credits = integerCodec('whole number of credits', 0);
/** Whole number of AI credits, one or more. */
export const PositiveCredits = integerCodec('positive whole number of credits', 1);
/** Zero-based revision of a stream. */
export const Revision = integerCodec('revision', 0);
/** A count or an ordinal, zero or more. */
export const Count = integerCodec('count', 0);
const END_OF_YEAR_9999 = 253_402_300_799_999;
/**
 * Epoch milliseconds, UTC. Negative values (before 1970) are refused: no session is that old. So is
 * what lies past the year 9999: calendar arithmetic on an accepted instant never leaves its range.
 */
export const Instant = integerCodec('instant in epoch milliseconds', 0, END_OF_YEAR_9999);
/** Epoch milliseconds, UTC. */
export type Instant = number;

export const Nullable = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC]> =>
  t.union([codec, t.null]);

/** One of the given words. */
export const Word = <K extends string>(...words: readonly K[]): t.KeyofC<Record<K, null>> =>
  t.keyof(Object.fromEntries(words.map((word) => [word, null])) as Record<K, null>);

/**
 * Paths that failed to decode, without the values: they may hold session text. A path is made of
 * property names, array indexes and places in a union; so no codec may use text as a record's key.
 */
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
