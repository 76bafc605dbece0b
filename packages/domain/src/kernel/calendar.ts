import { Temporal } from 'temporal-polyfill';
import type { Instant } from './codec.js';

/** A calendar month in a company's time zone, `YYYY-MM`. */
export type Month = string;

const zoned = (instant: Instant, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);

const NAME_OR_OFFSET = /^([A-Za-z]|[+-]\d{2}(:?\d{2})?$)/;

/**
 * Is this an IANA name (`Europe/Paris`, any case) or a fixed offset (`+05:30`)? Temporal would also
 * take the zone out of a whole date-time; that is a mistake of the caller and refused.
 */
export const isTimeZone = (word: string): boolean => {
  if (!NAME_OR_OFFSET.test(word)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(word);
    return true;
  } catch {
    return false;
  }
};

/** Is this `YYYY-MM`? */
export const isMonth = (word: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(word);

/** The month that an instant belongs to where the clocks show `timeZone`. */
export const monthOf = (instant: Instant, timeZone: string): Month =>
  zoned(instant, timeZone).toPlainDate().toPlainYearMonth().toString();

export const monthAfter = (month: Month): Month =>
  Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString();

/**
 * First instant of a month: local midnight of the 1st, the first instant that exists where a
 * daylight-saving change skips midnight, the earlier one where midnight comes twice. So the months of
 * a zone follow each other without gap or overlap, also across a day that the zone never had.
 */
export const monthStart = (month: Month, timeZone: string): Instant =>
  Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 }).toZonedDateTime(timeZone)
    .epochMilliseconds;

/** `[start, end)` of a month, epoch milliseconds. */
export const monthBounds = (
  month: Month,
  timeZone: string,
): Readonly<{ start: Instant; end: Instant }> => ({
  start: monthStart(month, timeZone),
  end: monthStart(monthAfter(month), timeZone),
});

/**
 * The same local time `months` later, the day clamped to the month's last (29 Feb + 12 → 28 Feb):
 * rulebook §5, purchases. A local time that does not exist there moves forward by the length of the
 * gap; one that exists twice is the earlier.
 */
export const addCalendarMonths = (instant: Instant, months: number, timeZone: string): Instant =>
  zoned(instant, timeZone).add({ months }, { overflow: 'constrain' }).epochMilliseconds;
