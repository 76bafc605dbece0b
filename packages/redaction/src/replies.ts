import type { FindingKind, Span } from './finding.js';
import type { Token } from './tokens.js';
import { isAmountWord, isOrdinary } from './vocabulary.js';

/** A reply of more words than this is a sentence: only what looks like a credential goes. */
const REPLY_WORDS_MAX = 6;
const VALUE_WORDS_MAX = 4;

const spansOf = (tokens: readonly Token[], kind: FindingKind): readonly Span[] => {
  const spans: { start: number; end: number; kind: FindingKind }[] = [];
  let previous: Token | undefined;
  for (const token of tokens) {
    const last = spans.at(-1);
    if (last !== undefined && previous !== undefined && token.start - previous.end === 1)
      last.end = token.end;
    else spans.push({ start: token.start, end: token.end, kind });
    previous = token;
  }
  return spans;
};

const isPlain = (token: Token): boolean => token.placeholder === undefined;

/** Letters and digits together, or at least four digits. */
const looksLikeCredential = (word: string): boolean =>
  /^\d{4,12}$/.test(word) || (word.length >= 4 && /\p{L}/u.test(word) && /\d/.test(word));

/** The answer to a question for a password: all of a short reply, the credential of a long one. */
export const passwordReply = (tokens: readonly Token[], sure: boolean): readonly Span[] => {
  const telling = tokens.filter((token) => isPlain(token) && !isOrdinary(token.word));
  const isShort = tokens.length <= REPLY_WORDS_MAX && telling.length <= VALUE_WORDS_MAX;
  const values = sure && isShort ? telling : telling.filter((t) => looksLikeCredential(t.word));
  return spansOf(values, 'password');
};

/** The answer to a question for a user name: a word that mixes letters with digits. */
export const usernameReply = (tokens: readonly Token[]): readonly Span[] =>
  spansOf(
    tokens.filter((t) => isPlain(t) && /\p{L}/u.test(t.word) && looksLikeCredential(t.word)),
    'username',
  );

const INTRODUCTION = /(?:^| )(?:name is|this is|i am|im)(?: |$)/;
/** "My account number is …" says what it is, and that it is no secret. */
const REFERENCE = /\b(?:account|acc|order|ticket|case|customer|invoice|serial|number|no)\b/;
const JOINING = new Set([
  'and',
  'is',
  'my',
  'name',
  'company',
  'i',
  'am',
  'im',
  'this',
  'its',
  'it',
]);

/** "1000", "5000": people identify themselves with round numbers seldom, and pay them often. */
const isRound = (word: string): boolean => /^\d0+$/.test(word) || /00$/.test(word);

const isIdentifying = (word: string, isIntroduction: boolean): boolean =>
  /^\d+$/.test(word) &&
  word.length >= (isIntroduction ? 3 : 4) &&
  word.length <= 12 &&
  !isRound(word);

/**
 * Where only one side of a conversation is on record, the question cannot be seen. A turn that is nothing
 * but a name and one number of 4–12 digits (or the number alone) identifies the person: account number,
 * one-time code or password look the same there, so the number goes. Amounts and round numbers stay.
 */
export const identifyingNumber = (tokens: readonly Token[]): readonly Span[] => {
  const numbers = tokens.filter((token) => /\d/.test(token.word));
  const number = numbers[0];
  if (numbers.length !== 1 || number === undefined || tokens.at(-1) !== number) return [];
  if (tokens.some((token) => !isPlain(token) || isAmountWord(token.word))) return [];
  const words = tokens.slice(0, -1).map((token) => token.word);
  if (REFERENCE.test(words.join(' '))) return [];
  const isIntroduction = INTRODUCTION.test(words.join(' '));
  if (!isIdentifying(number.word, isIntroduction)) return [];
  const isShort = words.length <= 3;
  if (!isShort && !isIntroduction) return [];
  if (words.some((word) => isOrdinary(word) && !JOINING.has(word))) return [];
  return spansOf([number], 'secret');
};

/** A turn that already identified the person, as it reads after redaction. */
export const hasIdentified = (tokens: readonly Token[]): boolean =>
  tokens.some((token) => token.placeholder === 'secret' || token.placeholder === 'password');
