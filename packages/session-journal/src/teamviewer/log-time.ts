import * as E from 'fp-ts/lib/Either.js';
import type { Fault } from '../line-problem.js';

const LOG_TIME = /^(\d{2})-(\d{2})-(\d{4}) (\d{2}):(\d{2}):(\d{2})$/;
const SHORT_YEAR = /^\d{2}-\d{2}-\d{2} /;
const YEAR_MIN = 2000;

const remedy = 'write day-month-year hours:minutes:seconds in UTC, such as 20-02-2024 13:10:33';

/** Epoch milliseconds of a log's `dd-mm-yyyy hh:mm:ss`, which is UTC. */
export const logTime = (text: string): E.Either<Fault, number> => {
  if (SHORT_YEAR.test(text)) return E.left({ reason: 'has a year of two digits', remedy });
  const parts = LOG_TIME.exec(text);
  if (parts === null) return E.left({ reason: 'is not a time', remedy });
  const [day = 0, month = 0, year = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map(Number);
  if (year < YEAR_MIN) return E.left({ reason: `is before the year ${YEAR_MIN}`, remedy });
  const iso = `${parts[3]}-${parts[2]}-${parts[1]}T${parts[4]}:${parts[5]}:${parts[6]}.000Z`;
  const instant = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  // A day or an hour that does not exist rolls over into one that does, and reads differently.
  if (new Date(instant).toISOString() === iso) return E.right(instant);
  return E.left({ reason: 'is a day or a time of day that does not exist', remedy });
};
