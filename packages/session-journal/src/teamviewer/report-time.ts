import * as E from 'fp-ts/lib/Either.js';
import type { Fault } from '../line-problem.js';

const YEAR_MIN = 2000;
const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?`;
const YEAR_FIRST = new RegExp(
  String.raw`^(\d{4})-(\d{2})-(\d{2})[T ]${TIME}\s*(Z|UTC|[+-]\d{2}:\d{2})?$`,
);
const DAY_FIRST = new RegExp(String.raw`^(\d{1,2})[.-](\d{1,2})[.-](\d{4}),? ${TIME}$`);
const MONTH_FIRST = new RegExp(String.raw`^(\d{1,2})/(\d{1,2})/(\d{4}),? ${TIME} ?([AP]M)$`, 'i');
const SLASHES = /^\d{1,2}\/\d{1,2}\/\d{4}/;
const OFFSET = /^([+-])(\d{2}):(\d{2})$/;
const MINUTE_MS = 60_000;
const NOON = 12;

const remedy = 'write year-month-day hours:minutes:seconds in UTC, such as 2026-06-03 09:15:00';

type Parts = Readonly<{
  year: number;
  month: number;
  day: number;
  hours: number;
  minutes: number;
  seconds: number;
  /** East of UTC, milliseconds. */
  offsetMs: number;
}>;

const numbers = (parts: readonly (string | undefined)[]): readonly number[] =>
  parts.map((part) => Number(part ?? 0));

const offsetOf = (zone: string | undefined): number => {
  const [, sign, hours = '0', minutes = '0'] = OFFSET.exec(zone ?? '') ?? [];
  const milliseconds = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return sign === '-' ? -milliseconds : milliseconds;
};

const yearFirst = (text: string): Parts | null => {
  const found = YEAR_FIRST.exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = numbers(
    found.slice(1, 7),
  );
  return { year, month, day, hours, minutes, seconds, offsetMs: offsetOf(found[7]) };
};

const dayFirst = (text: string): Parts | null => {
  const found = DAY_FIRST.exec(text);
  if (found === null) return null;
  const [day = 0, month = 0, year = 0, hours = 0, minutes = 0, seconds = 0] = numbers(
    found.slice(1, 7),
  );
  return { year, month, day, hours, minutes, seconds, offsetMs: 0 };
};

/** Month first is written in no other country than those that also write AM and PM. */
const monthFirst = (text: string): Parts | null => {
  const found = MONTH_FIRST.exec(text);
  if (found === null) return null;
  const [month = 0, day = 0, year = 0, twelve = 0, minutes = 0, seconds = 0] = numbers(
    found.slice(1, 7),
  );
  if (twelve < 1 || twelve > NOON) return null;
  const hours = (twelve % NOON) + (found[7]?.toUpperCase() === 'PM' ? NOON : 0);
  return { year, month, day, hours, minutes, seconds, offsetMs: 0 };
};

/** A day or an hour that does not exist rolls over into one that does, and reads differently. */
const instantOf = (parts: Parts): number | null => {
  const { year, month, day, hours, minutes, seconds, offsetMs } = parts;
  const instant = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  const read = new Date(instant);
  const exists =
    read.getUTCMonth() === month - 1 &&
    read.getUTCDate() === day &&
    read.getUTCHours() === hours &&
    read.getUTCMinutes() === minutes &&
    read.getUTCSeconds() === seconds;
  return exists ? instant - offsetMs : null;
};

/**
 * Epoch milliseconds, whole seconds, of a time in a report: in UTC, unless it says an offset. Day and month in
 * an order that cannot be told are refused, not guessed.
 */
export const reportTime = (text: string): E.Either<Fault, number> => {
  const parts = yearFirst(text) ?? dayFirst(text) ?? monthFirst(text);
  if (parts === null)
    return SLASHES.test(text)
      ? E.left({ reason: 'does not tell the day from the month', remedy })
      : E.left({ reason: 'is not a time', remedy });
  if (parts.year < YEAR_MIN) return E.left({ reason: `is before the year ${YEAR_MIN}`, remedy });
  const instant = instantOf(parts);
  return instant === null
    ? E.left({ reason: 'is a day or a time of day that does not exist', remedy })
    : E.right(instant);
};
