import type { Span } from './finding.js';

/** Everything but what ends an address in running text. */
const LOCAL = /[^\s@<>()[\]{},;:"|]/;
const DOMAIN = /[\p{L}\p{N}.\-_]/u;

const reach = (text: string, from: number, step: 1 | -1): number => {
  const allowed = step === 1 ? DOMAIN : LOCAL;
  let at = from;
  while (at >= 0 && at < text.length && allowed.test(text.charAt(at))) at += step;
  return at;
};

const isDomain = (domain: string): boolean =>
  /\p{L}{2}/u.test(domain) || /^\d+(?:\.\d+)+$/.test(domain);

/** E-mail addresses, also without a dot in the domain (`root@server`); `@` alone is no address. */
const emails = (text: string): readonly Span[] => {
  const spans: Span[] = [];
  let at = text.indexOf('@');
  while (at >= 0) {
    const previousEnd = spans.at(-1)?.end ?? 0;
    const start = Math.max(reach(text, at - 1, -1) + 1, previousEnd);
    let end = reach(text, at + 1, 1);
    while (end > at + 1 && /[.\-_]/.test(text.charAt(end - 1))) end -= 1;
    if (start < at && isDomain(text.slice(at + 1, end))) spans.push({ start, end, kind: 'email' });
    at = text.indexOf('@', Math.max(end, at + 1));
  }
  return spans;
};

const TOP_LEVEL =
  'com|org|net|edu|gov|mil|int|info|biz|dev|app|cloud|online|site|tech|shop|xyz|io|ai|co|de|uk|fr|es|nl|eu|ca|au|ch|pl|se|dk|fi|jp|cn|br|ru|nz|ie|pt|cz|gr|hu|ro|tr|mx|za|kr';
/** "john dot doe at mail dot com", "john (at) mail (dot) com": said aloud, or hidden from machines. */
const SPOKEN = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:[\p{L}\p{N}_+-]{1,40} ?[ ([{]dot[ )\]}] ?){0,4}([\p{L}\p{N}_+.-]{1,40}) ?[ ([{]at[ )\]}] ?([\p{L}\p{N}-]{1,40}(?: ?[ ([{]dot[ )\]}] ?[\p{L}\p{N}-]{1,40}){0,3} ?(?:[ ([{]dot[ )\]}] ?|\.)(?:${TOP_LEVEL}))(?![\p{L}\p{N}])`,
  'giu',
);
/** "have a look at example dot com" names a place, not a person. */
const NOT_A_NAME =
  /^(?:look|looking|looks|meet|found|find|available|is|was|be|it|me|us|them|up|in|are)$/i;

const spokenEmails = (text: string): readonly Span[] => {
  if (!/dot/i.test(text)) return [];
  const spans: Span[] = [];
  for (const match of text.matchAll(SPOKEN)) {
    if (!/dot/i.test(match[0])) continue;
    const isPlace = NOT_A_NAME.test(match[1] ?? '');
    const end = match.index + match[0].length;
    const start = isPlace ? end - (match[2] ?? '').length : match.index;
    spans.push({ start, end, kind: isPlace ? 'url' : 'email' });
  }
  return spans;
};

const SCHEME_CHARACTER = /[A-Za-z0-9+.-]/;
const trimEnd = (text: string, start: number, end: number): number => {
  let last = end;
  while (last > start && '.,;:!?)]}>\'"'.includes(text.charAt(last - 1))) last -= 1;
  return last;
};

const nonSpaceEnd = (text: string, from: number): number => {
  let end = from;
  while (end < text.length && !/[\s<>"]/.test(text.charAt(end))) end += 1;
  return end;
};

const schemeUrls = (text: string): readonly Span[] => {
  const spans: Span[] = [];
  let at = text.indexOf('://');
  while (at >= 0) {
    let start = at;
    const floor = spans.at(-1)?.end ?? 0;
    while (start > floor && SCHEME_CHARACTER.test(text.charAt(start - 1))) start -= 1;
    const end = trimEnd(text, at + 3, nonSpaceEnd(text, at + 3));
    if (start < at && end > at + 3) spans.push({ start, end, kind: 'url' });
    at = text.indexOf('://', Math.max(end, at + 3));
  }
  return spans;
};

const DOMAIN_WORD =
  /(?<![\p{L}\p{N}@._-])[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}(?![\p{L}\p{N}_-])(?:(?::\d{1,5})?[/?#][^\s<>"]*)?/gu;
const KNOWN_DOMAIN = new RegExp(String.raw`^[^/?#:]*\.(?:${TOP_LEVEL})(?:[/?#:]|$)`, 'i');
/** Web addresses that are also names of software. */
const PRODUCT_NAME = /^(?:asp|vb|ado|ml)\.net$/i;

/** Bare domains: `www.` first, a well-known ending, or a path behind at least one dot. */
const bareUrls = (text: string): readonly Span[] => {
  const spans: Span[] = [];
  for (const match of text.matchAll(DOMAIN_WORD)) {
    const word = match[0];
    const isUrl = /^www\./i.test(word) || (KNOWN_DOMAIN.test(word) && !PRODUCT_NAME.test(word));
    if (!isUrl) continue;
    const end = trimEnd(text, match.index, match.index + word.length);
    spans.push({ start: match.index, end, kind: 'url' });
  }
  return spans;
};

/** Whole URLs go before e-mail addresses, which they may contain; bare domains after. */
export const addressStages = [schemeUrls, emails, spokenEmails, bareUrls] as const;
