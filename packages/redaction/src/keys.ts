import type { Span } from './finding.js';

const BEGIN = '-----BEGIN ';
const END = /-----END [A-Z0-9 ]{1,60}-----/g;

/** PEM blocks (RFC 7468). One without an end is secret up to the end of the text. */
export const pemBlocks = (text: string): readonly Span[] => {
  const spans: Span[] = [];
  let start = text.indexOf(BEGIN);
  while (start >= 0) {
    END.lastIndex = start;
    const closing = END.exec(text);
    const end = closing === null ? text.length : closing.index + closing[0].length;
    spans.push({ start, end, kind: 'secret' });
    start = text.indexOf(BEGIN, end);
  }
  return spans;
};

/** Prefixes that issuers put before their tokens so that they can be recognised. */
const ISSUED =
  /(?<![\p{L}\p{N}_])(?:sk-|sk_live_|rk_live_|pk_live_|sk_test_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|npm_|pypi-|hf_|shpat_|dop_v1_|SG\.|ya29\.|AKIA|ASIA|AIza|eyJ)[A-Za-z0-9_.+/=-]{12,}/gu;
const BEARER = /(?<=\b(?:bearer|basic) )[A-Za-z0-9_.+/=-]{16,}/gi;
const LONG_WORD = /(?<![A-Za-z0-9_+=-])[A-Za-z0-9_+=-]{24,}/g;

const count = (word: string, pattern: RegExp): number => word.match(pattern)?.length ?? 0;

/** Long, with capitals, small letters and digits mixed: nobody types that but a machine. */
const looksGenerated = (word: string): boolean =>
  count(word, /[a-z]/g) >= 3 && count(word, /[A-Z]/g) >= 3 && count(word, /[0-9]/g) >= 3;

const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

const matches = (
  text: string,
  pattern: RegExp,
  accepts: (word: string) => boolean,
): readonly Span[] =>
  [...text.matchAll(pattern)]
    .filter((match) => accepts(match[0]))
    .map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      kind: 'secret' as const,
    }));

export const issuedTokens = (text: string): readonly Span[] => matches(text, ISSUED, () => true);
export const bearerTokens = (text: string): readonly Span[] => matches(text, BEARER, () => true);
export const generatedTokens = (text: string): readonly Span[] =>
  matches(text, LONG_WORD, (word) => looksGenerated(word) && !UUID.test(word));
