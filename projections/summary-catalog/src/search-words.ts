const WORDS_MAX = 32;

/**
 * What a user typed, as a full-text expression that cannot be malformed: each run of letters and digits is a quoted
 * word, all must occur, and the last one may be unfinished. Quotes, operators and stars never get
 * through. Undefined when no word is left.
 */
export const searchExpression = (typed: string): string | undefined => {
  const words = typed.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)?.slice(0, WORDS_MAX) ?? [];
  if (words.length === 0) return undefined;
  return `${words.map((word) => `"${word}"`).join(' ')} *`;
};
