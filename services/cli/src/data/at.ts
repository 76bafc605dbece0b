import { InstantText } from '@daybook/session-journal';
import { isId, isMonth } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import { usage, type Failure } from '../outcome.js';

const FOUR_DIGIT_YEAR = /^[013-9]\d{3}-/;
/** A leap year, so no day is missing from it. */
const in2000 = (text: string): string => `2000${text.slice(4)}`;

/** An instant that a person wrote, epoch milliseconds. */
export const instantFrom = (option: string, text: string): E.Either<Failure, number> => {
  const decoded = InstantText.decode(text);
  if (E.isRight(decoded)) return decoded;
  // The same instant in a year that Daybook knows: then it is the year alone that is refused.
  const isOtherYear = FOUR_DIGIT_YEAR.test(text) && E.isRight(InstantText.decode(in2000(text)));
  const wanted = isOtherYear
    ? `${option} takes an instant of the years 2000 to 2999, and not of ${text.slice(0, 4)}.`
    : `${option} takes an instant in ISO-8601 with an offset or Z, such as 2026-06-30T23:59:59+02:00.`;
  return E.left(usage(wanted));
};

export const monthFrom = (option: string, text: string): E.Either<Failure, string> =>
  isMonth(text) ? E.right(text) : E.left(usage(`${option} takes a month such as 2026-06.`));

/** A whole number of at least `min`. */
export const wholeNumberFrom = (
  option: string,
  text: string,
  min: number,
): E.Either<Failure, number> => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) && value >= min
    ? E.right(value)
    : E.left(usage(`${option} takes a whole number of at least ${min}.`));
};

/** An id that may name a session, a device or an order. */
export const idFrom = (what: string, text: string): E.Either<Failure, string> =>
  isId(text)
    ? E.right(text)
    : E.left(
        usage(
          `${what} is not an id: 1 to 100 letters, digits, “.”, “:”, “~” or “-”, first a letter or digit.`,
        ),
      );
