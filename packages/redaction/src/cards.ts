import type { Span } from './finding.js';
import { acceptedWindows, digitCount, numberRuns, type Window } from './number-runs.js';

/** ISO/IEC 7812: a primary account number has at most 19 digits; the shortest issued have 13. */
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** ISO/IEC 7812-1, annex B. Digits only. */
export const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};

/** A longer string of digits has no known shape: it goes when any part of it could be a card. */
const hidesCard = (digits: string): boolean => {
  for (let size = DIGITS_MIN; size <= DIGITS_MAX; size += 1) {
    for (let from = 0; from + size <= digits.length; from += 1) {
      if (passesLuhn(digits.slice(from, from + size))) return true;
    }
  }
  return false;
};

const isCard = (text: string, window: Window): boolean => {
  const count = digitCount(window.groups);
  if (count < DIGITS_MIN) return false;
  const digits = window.groups.map((group) => text.slice(group.start, group.end)).join('');
  if (count <= DIGITS_MAX) return passesLuhn(digits);
  return window.groups.length === 1 && hidesCard(digits);
};

/** Payment cards by the Luhn check, over every window of whole digit groups (rulebook §4). */
export const cards = (text: string): readonly Span[] => {
  const spans: Span[] = [];
  for (const run of numberRuns(text)) {
    if (digitCount(run) < DIGITS_MIN) continue;
    for (const window of acceptedWindows(run, DIGITS_MAX, (each) => isCard(text, each))) {
      spans.push({ start: window.start, end: window.end, kind: 'card' });
    }
  }
  return spans;
};
