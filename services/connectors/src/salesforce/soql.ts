import type { Criterion } from '../config/mapping.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A quoted string of SOQL; null for control characters that it has no escape for. */
export const soqlString = (value: string): string | null => {
  const escaped = value
    .replace(/[\\'"]/g, String.raw`\$&`)
    .replace(/[\n\r\t\b\f]/g, (sign) => ESCAPES[sign] ?? '');
  return /\p{Cc}/u.test(escaped) ? null : `'${escaped}'`;
};

/** The condition of a criterion; null when a value cannot stand in one. */
export const soqlCondition = (criterion: Criterion): string | null => {
  if (criterion.kind !== 'condition') {
    const value = soqlString(criterion.value);
    return value === null ? null : `${criterion.field} = ${value}`;
  }
  let condition = '';
  for (const part of criterion.parts) {
    const piece = 'text' in part ? part.text : soqlString(part.value);
    if (piece === null) return null;
    condition += piece;
  }
  return condition;
};
