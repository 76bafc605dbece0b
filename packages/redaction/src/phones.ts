import type { Span } from './finding.js';
import { acceptedWindows, digitCount, numberRuns, type Window } from './number-runs.js';

const DATE = /^(?:\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d{2}|(?:19|20)\d{2}([./-])\d{2}\2\d{2})(?!\d)/;
const NORTH_AMERICAN = /^(?:1[ .\-/]{1,2})?\(?[2-9]\d{2}\)?[ .\-/]{0,3}\d{3}[ .\-/]{1,2}\d{4}$/;
const UNGROUPED = /^(?:1?[2-9]\d{2}[2-9]\d{6}|[6-9]\d{9}|0[1-9]\d{8,10})$/;
const NATIONAL = /^\(?0\d{1,4}\)?[ .\-/]{1,3}\d[\d ().\-/]*$/;
const ANNOUNCED =
  /\b(?:phone|mobile|cell|tel|telephone|fax|whatsapp|handy|telefon|t[eé]l[eé]phone|tel[eé]fono|call|reach|ring|text|dial)\b[^\n\d]{0,30}$/i;
const REFERENCE =
  /\b(?:order|ticket|case|invoice|account|acc|customer|serial|reference|ref|tracking|incident|request|teamviewer|device|partner|session|id|part|model|item|version|build)\b[\w\s#:.]{0,25}$/i;
/** Characters looked at before a number for the word that says what it is. */
const CONTEXT_CHARACTERS = 48;
const DIGITS_MIN = 7;
/** ITU-T E.164: at most 15 digits. */
const DIGITS_MAX = 15;
const GROUPS_MAX = 8;

const opening = (text: string, start: number): number => {
  let from = start;
  while (from > 0 && '(+'.includes(text.charAt(from - 1)) && start - from < 3) from -= 1;
  return from;
};

const isShapedLikePhone = (written: string, count: number, isReference: boolean): boolean => {
  if (written.includes('+')) return count >= 8;
  if (NORTH_AMERICAN.test(written)) return true;
  if (UNGROUPED.test(written)) return !isReference;
  return count >= 9 && NATIONAL.test(written) && !isReference;
};

type Expectation = Readonly<{ phone: boolean; reference: boolean }>;

const isPhone = (text: string, window: Window, expected: Expectation): boolean => {
  const count = digitCount(window.groups);
  if (count < 6 || count > DIGITS_MAX) return false;
  const start = opening(text, window.start);
  const written = text.slice(start, window.end);
  if (/[\p{L}\p{N}_#]/u.test(text.charAt(start - 1)) || /[\p{L}_]/u.test(text.charAt(window.end)))
    return false;
  if (DATE.test(written)) return false;
  const before = text.slice(Math.max(0, start - CONTEXT_CHARACTERS), start);
  const isReference = REFERENCE.test(before) || expected.reference;
  if (count >= DIGITS_MIN && isShapedLikePhone(written, count, isReference)) return true;
  return (ANNOUNCED.test(before) || expected.phone) && !isReference;
};

/**
 * Telephone numbers: international (`+`, E.164 lengths), North American, national with a leading 0,
 * ten ungrouped digits, and any 6–15 digits that the words before announce as one. A number announced
 * as something else (order, ticket, serial, …) is kept unless its grouping is that of a telephone.
 */
export const phones =
  (expected: Expectation) =>
  (text: string): readonly Span[] => {
    const spans: Span[] = [];
    for (const run of numberRuns(text)) {
      for (const window of acceptedWindows(run, GROUPS_MAX, (each) =>
        isPhone(text, each, expected),
      ))
        spans.push({ start: opening(text, window.start), end: window.end, kind: 'phone' });
    }
    return spans;
  };
