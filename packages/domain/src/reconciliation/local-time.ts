import { Temporal } from 'temporal-polyfill';
import { Instant } from '../kernel/index.js';

const OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;
const LOCAL = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/i;

const epochMilliseconds = (text: string, timeZone: string): number | null => {
  if (OFFSET.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
  if (!LOCAL.test(text)) return null;
  return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds;
};

/**
 * An instant with its offset (ISO 8601), or a time of day where the clocks show `timeZone`; null for
 * anything else. A local time that comes twice is the earlier one; one that is skipped moves forward.
 */
export const instantOf = (text: string, timeZone: string): Instant | null => {
  try {
    const instant = epochMilliseconds(text, timeZone);
    return Instant.is(instant) ? instant : null;
  } catch (thrown) {
    // A day that no calendar has, such as 31 June.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
};

/** The day that an instant falls on where the clocks show `timeZone`, `YYYY-MM-DD`. */
export const dayOf = (instant: Instant, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
