import * as t from 'io-ts';
import { failure, textField, type Expectation } from './field.js';

const ID = /^[A-Za-z0-9][A-Za-z0-9.:~-]{0,99}$/;
const PLATFORM = /^[a-z][a-z0-9-]{0,39}$/;
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/;
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
const INSTANT =
  /^(2\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** Days that every month has; later ones are looked up. */
const DAYS_OF_EVERY_MONTH = 28;

/** The same words that the engine accepts as ids of streams; a test holds them equal. */
export const Id = textField((text) => ID.test(text), {
  reason: 'is not an id',
  remedy: 'write 1 to 100 letters, digits, ".", ":", "~" or "-", first a letter or digit',
});

/** Remote side's operating system: an open list, because a platform that is new must not break imports. */
export const Platform = textField((text) => PLATFORM.test(text), {
  reason: 'is not a platform',
  remedy: 'write windows, macos, linux, android, ios, another name in lower case, or unknown',
});

export const Language = textField((text) => LANGUAGE.test(text), {
  reason: 'is not a language tag',
  remedy: 'write a tag such as en or de-DE',
});

/** Text of a session: at least one character, and no half of a surrogate pair, which no file can hold. */
export const SessionText = textField((text) => text !== '' && !LONE_SURROGATE.test(text), {
  reason: 'is not text of at least one character',
});

const oneOf = (words: readonly string[]): Expectation => ({
  reason: `is not one of ${words.join(', ')}`,
});

/** One of the given words. */
export const Word = <K extends string>(...words: readonly K[]): t.Type<K, string> => {
  const expectation = oneOf(words);
  const known = new Set<unknown>(words);
  const is = (u: unknown): u is K => known.has(u);
  return new t.Type<K, string>(
    words.join(' | '),
    is,
    (u, context) => (is(u) ? t.success(u) : failure(context, expectation)),
    t.identity,
  );
};

export const Flag = new t.Type<boolean>(
  'true or false',
  t.boolean.is,
  (u, context) =>
    typeof u === 'boolean' ? t.success(u) : failure(context, { reason: 'is not true or false' }),
  t.identity,
);

/** An id, or null where nobody of the company is meant. */
export const IdOrNull = new t.Type<string | null>(
  'an id or null',
  (u): u is string | null => u === null || Id.is(u),
  (u, context) => (u === null ? t.success(u) : Id.validate(u, context)),
  t.identity,
);

const lastDay = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();

const notAnInstant: Expectation = {
  reason: 'is not an instant',
  remedy: 'write ISO-8601 with an offset or Z, such as 2026-06-03T09:15:00+02:00',
};

/** Epoch milliseconds, UTC, of an ISO-8601 instant; what is finer than a millisecond is cut off. */
const instantOf = (text: string): number | Expectation => {
  const parts = INSTANT.exec(text);
  if (parts === null) return notAnInstant;
  const day = Number(parts[3]);
  if (day > DAYS_OF_EVERY_MONTH && day > lastDay(Number(parts[1]), Number(parts[2]))) {
    return { reason: 'is a day that its month does not have' };
  }
  return Date.parse(text);
};

/** Written as an ISO-8601 instant with offset or Z, years 2000 to 2999; read as epoch milliseconds, UTC. */
export const InstantText = new t.Type<number, string, unknown>(
  'instant',
  (u): u is number => typeof u === 'number' && Number.isSafeInteger(u),
  (u, context) => {
    const instant = typeof u === 'string' ? instantOf(u) : notAnInstant;
    return typeof instant === 'number' ? t.success(instant) : failure(context, instant);
  },
  (instant) => new Date(instant).toISOString(),
);
