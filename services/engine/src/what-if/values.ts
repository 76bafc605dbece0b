import { isId, isTimeZone, type Instant } from '@daybook/domain/kernel';
import { InstantText } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import { fieldPath, isRecord, problem, value, type Read } from './fields.js';

const isWhole = (given: unknown, min: number): given is number =>
  typeof given === 'number' && Number.isSafeInteger(given) && given >= min;

export const wholeFrom = (min: number): Read<number> =>
  value(
    (given): given is number => isWhole(given, min),
    'is not a whole number in range',
    `write a whole number of at least ${min}`,
  );

export const changeOfCredits: Read<number> = value(
  (given): given is number => isWhole(given, Number.MIN_SAFE_INTEGER) && given !== 0,
  'is not a change',
  'write a whole number above or below zero',
);

export const anyText: Read<string> = value(
  (given): given is string => typeof given === 'string',
  'is not a text',
  'write it in quotation marks',
);

export const idText: Read<string> = value(
  (given): given is string => typeof given === 'string' && isId(given),
  'is not an id',
  'use 1 to 100 letters, digits, “.”, “:”, “~” or “-”, first a letter or digit',
);

export const timeZoneText: Read<string> = value(
  (given): given is string => typeof given === 'string' && isTimeZone(given),
  'is not a time zone',
  'use an IANA name such as Europe/Berlin, or an offset such as +05:30',
);

export const instantText: Read<Instant> = (given, path) => {
  const decoded = InstantText.decode(given);
  return E.isRight(decoded)
    ? decoded
    : problem(
        path,
        'is not an instant',
        'use ISO-8601 with an offset or Z, such as 2026-06-30T23:59:59+02:00',
      );
};

/** Free credits of a month by plan. */
export const creditsByPlan: Read<Readonly<Record<string, number>>> = (given, path) => {
  if (!isRecord(given)) return problem(path, 'is not an object', 'write { "business": 5, … }');
  const byPlan: Record<string, number> = {};
  for (const [plan, amount] of Object.entries(given)) {
    const read = wholeFrom(0)(amount, fieldPath(path, plan.slice(0, 40)));
    if (E.isLeft(read)) return read;
    byPlan[plan] = read.right;
  }
  return E.right(byPlan);
};
