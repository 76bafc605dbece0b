import type { Criterion } from '../config/mapping.js';

/**
 * A value in an encoded query. `^` separates conditions and is doubled. What cannot stand there safely gives
 * null: line breaks, and `javascript:`, which the instance would run.
 */
const encodedValue = (value: string): string | null =>
  /\p{Cc}/u.test(value) || /^\s*javascript:/i.test(value) || value.trim() === ''
    ? null
    : value.replaceAll('^', '^^');

/** In a condition that an administrator wrote, the separators of lists and ranges have a meaning, too. */
const safeInCondition = (value: string): string | null =>
  /[,@^]/.test(value) ? null : encodedValue(value);

/** The encoded query of a criterion; null when a value cannot stand in one. */
export const encodedQuery = (criterion: Criterion): string | null => {
  if (criterion.kind !== 'condition') {
    const value = encodedValue(criterion.value);
    return value === null ? null : `${criterion.field}=${value}`;
  }
  let query = '';
  for (const part of criterion.parts) {
    const piece = 'text' in part ? part.text : safeInCondition(part.value);
    if (piece === null) return null;
    query += piece;
  }
  return query;
};
