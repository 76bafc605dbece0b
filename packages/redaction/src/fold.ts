/**
 * Folding makes one plain spelling of what a reader sees as the same: full-width letters, the digits of
 * other scripts, typographic dashes and spaces. It keeps every position, so a range found in the folded
 * text is the same range of the original.
 */
const DASHES = /[\u2010-\u2015\u2212]/g;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const OTHER_DIGITS = /(?![0-9])[\u0080-\ud7ff\uf900-\uffff]/g;
const DECIMAL_DIGIT = /\p{Nd}/u;

/** Characters that show nothing and would cut a secret into harmless-looking halves. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
};

/** Decimal digits come in runs of ten that start at a code ending in 0 or 6 (Unicode, category Nd). */
const digitOf = (character: string): string => {
  if (!DECIMAL_DIGIT.test(character)) return character;
  const code = character.charCodeAt(0);
  const low = code & 0xf;
  const startsAtZero = DECIMAL_DIGIT.test(String.fromCharCode(code - low));
  return String(startsAtZero ? low : low - 6);
};

export const withoutInvisible = (text: string): string =>
  isAscii(text) ? text : text.replace(INVISIBLE, '');

export const fold = (text: string): string =>
  isAscii(text)
    ? text
    : text
        .replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
        .replace(DASHES, '-')
        .replace(SPACES, ' ')
        .replace(OTHER_DIGITS, digitOf);
