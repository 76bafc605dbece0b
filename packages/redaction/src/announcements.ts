import type { FindingKind, Span } from './finding.js';
import type { Token } from './tokens.js';
import {
  asksFor,
  headAt,
  isAmountWord,
  isFiller,
  isOrdinary,
  speaksOfLoss,
  type Head,
  type HeadKind,
} from './vocabulary.js';

/** A secret of words: at most this many. */
const VALUE_WORDS_MAX = 4;
/** "The password for my mail account is …": words between the head and its verb. */
const DETOUR_WORDS_MAX = 6;
const NUMBER_WITHIN_WORDS = 5;

export type Announcement = Readonly<{ head: Head; at: number; after: number }>;

/** The heads of a turn, in order. */
export const announcementsIn = (tokens: readonly Token[]): readonly Announcement[] => {
  const found: Announcement[] = [];
  const word = (at: number): string => tokens[at]?.word ?? '';
  let at = 0;
  while (at < tokens.length) {
    const around = { previous: word(at - 1), next: word(at + 1), third: word(at + 2) };
    const head = headAt(word(at), around);
    if (head !== undefined) found.push({ head, at, after: at + head.words });
    at += head?.words ?? 1;
  }
  return found;
};

const hasDigit = (word: string): boolean => /\p{N}/u.test(word);

/** `strong`: a verb or a sign binds the value to the head. */
type Slot = Readonly<{ at: number; strong: boolean }>;

/** A verb a few words after the head, in the same sentence: "password for the laptop is …". */
const detour = (tokens: readonly Token[], from: number): number | undefined => {
  if (!/^(?:for|of|on|to|in|at|we|i|you|that)$/.test(tokens[from]?.word ?? '')) return undefined;
  for (let at = from; at < Math.min(tokens.length, from + DETOUR_WORDS_MAX); at += 1) {
    const token = tokens[at];
    if (token === undefined || (token.opensSentence && at > from)) return undefined;
    if (/^(?:is|was|are|:|=)$/.test(token.word)) return at;
    if (token.introduces) return at + 1;
  }
  return undefined;
};

const slotAfter = (tokens: readonly Token[], announcement: Announcement): Slot => {
  const last = tokens[announcement.after - 1];
  let at = announcement.after;
  let strong = last?.introduces === true;
  if (!strong) {
    const verb = detour(tokens, at);
    strong = verb !== undefined;
    at = verb ?? at;
  }
  if (isChangeTo(tokens, at)) return { at: at + 1, strong: true };
  while (at < tokens.length && isSlotFiller(tokens[at])) {
    strong = true;
    at += 1;
  }
  return { at, strong };
};

/** "I changed my password to Winter25": what follows "to" must look like one. */
const isChangeTo = (tokens: readonly Token[], at: number): boolean => {
  const next = tokens[at + 1];
  const looksWritten = next !== undefined && /[\p{L}].*[\p{N}!$%&*#]|\p{N}.*\p{L}/u.test(next.word);
  return tokens[at]?.word === 'to' && looksWritten && next.placeholder === undefined;
};

const isSlotFiller = (token: Token | undefined): boolean =>
  token !== undefined &&
  token.placeholder === undefined &&
  (isFiller(token.word) || token.word === '');

const startsValue = (token: Token, head: Head, strong: boolean): boolean => {
  if (token.placeholder !== undefined) return strong && head.kind === 'password';
  if (isOrdinary(token.word)) return false;
  if (head.strength === 'strong') return true;
  if (head.kind === 'username' && strong) return true;
  return hasDigit(token.word) && token.word.length >= (strong ? 2 : 3);
};

const continuesValue = (token: Token, head: Head): boolean => {
  if (token.opensSentence || token.placeholder === 'password' || token.placeholder === 'secret')
    return false;
  if (token.placeholder !== undefined) return true;
  if (head.kind === 'username') return false;
  return head.strength === 'strong' ? !isOrdinary(token.word) : hasDigit(token.word);
};

const quotedEnd = (text: string, token: Token): number | undefined => {
  const opening = text.charAt(token.start - 1);
  const closing = { '"': '"', "'": "'", '“': '”', '„': '“', '«': '»', '`': '`' }[opening];
  if (closing === undefined) return undefined;
  const end = text.slice(token.start, token.start + 120).indexOf(closing);
  return end > 0 ? token.start + end : undefined;
};

const isFilled = (token: Token): boolean =>
  token.placeholder === 'password' ||
  token.placeholder === 'secret' ||
  token.placeholder === 'username';

export type Value = Span | 'filled' | undefined;

/** The words that end at `end`, back to the first ordinary one or to the start of their sentence. */
const tellingWordsUpTo = (tokens: readonly Token[], end: number): readonly Token[] => {
  const words: Token[] = [];
  for (let i = end - 1; i >= Math.max(0, end - VALUE_WORDS_MAX); i -= 1) {
    const token = tokens[i];
    if (token === undefined || isOrdinary(token.word)) break;
    words.unshift(token);
    if (token.opensSentence || isFilled(token)) break;
  }
  return words;
};

/** Where a value before its head would end: `hasVerb` in "4711 is the pin", not in "2 rsv my password". */
const endBefore = (
  tokens: readonly Token[],
  { at, after }: Announcement,
): Readonly<{ end: number; hasVerb: boolean }> | undefined => {
  const isLast = tokens[after]?.opensSentence ?? true;
  const owner = tokens[at - 1]?.word ?? '';
  if (!isLast || !/^(?:my|the|our|his|her|their)$/.test(owner)) return undefined;
  const hasVerb = /^(?:is|was|as|=)$/.test(tokens[at - 2]?.word ?? '');
  return { end: hasVerb ? at - 2 : at - 1, hasVerb };
};

const valueBefore = (tokens: readonly Token[], announcement: Announcement): Value => {
  const place = endBefore(tokens, announcement);
  const values = place === undefined ? [] : tellingWordsUpTo(tokens, place.end);
  const first = values[0];
  const last = values.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (isFilled(last)) return 'filled';
  const isSaid = place?.hasVerb === true || values.some((token) => hasDigit(token.word));
  const kind = kindOf(announcement.head.kind);
  return isSaid ? { start: first.start, end: last.end, kind } : undefined;
};

/** "pin number 4711", "pass anna and 145": a number a few words after the head, in its sentence. */
const numberAfter = (tokens: readonly Token[], { after, head }: Announcement): Value => {
  if (head.kind !== 'password') return undefined;
  for (const token of tokens.slice(after, after + NUMBER_WITHIN_WORDS)) {
    if (token.opensSentence || isAmountWord(token.word)) return undefined;
    if (isFilled(token)) return 'filled';
    if (/^\p{N}{3,12}$/u.test(token.word))
      return { start: token.start, end: token.end, kind: 'password' };
  }
  return undefined;
};

/** The value right after the head, or after the verb that binds it to the head. */
const valueInSlot = (text: string, tokens: readonly Token[], announcement: Announcement): Value => {
  const { head } = announcement;
  const { at, strong } = slotAfter(tokens, announcement);
  const first = tokens[at];
  if (first === undefined || (first.opensSentence && !strong)) return undefined;
  if (isFilled(first)) return 'filled';
  const quoted = strong || head.strength === 'strong' ? quotedEnd(text, first) : undefined;
  if (quoted !== undefined) return { start: first.start, end: quoted, kind: kindOf(head.kind) };
  if (!startsValue(first, head, strong)) return undefined;
  let last = first;
  for (const token of tokens.slice(at + 1, at + VALUE_WORDS_MAX)) {
    if (!continuesValue(token, head)) break;
    last = token;
  }
  return { start: first.start, end: last.end, kind: kindOf(head.kind) };
};

/** Where the value stands that an announcement gives; `filled` if a placeholder stands there already. */
export const valueOf = (
  text: string,
  tokens: readonly Token[],
  announcement: Announcement,
): Value =>
  valueInSlot(text, tokens, announcement) ??
  numberAfter(tokens, announcement) ??
  valueBefore(tokens, announcement);

const kindOf = (kind: HeadKind): FindingKind => (kind === 'username' ? 'username' : 'password');

/** "Never tell anyone your password": advice that asks for none. */
const FORBIDS =
  /\b(?:never|not|dont) (?:ever )?(?:tell|give|send|share|say|type|write|enter|disclose|reveal|use)\b/;

/** What a turn leads one to expect of the next ones. */
export type Expected = Readonly<{ kind: HeadKind; sure: boolean }>;

/**
 * Does the turn ask for a secret, or announce one without giving it ("my password:", "the passcode?")?
 * Talk of a forgotten or expired password asks for nothing.
 */
export const expectationOf = (text: string, tokens: readonly Token[]): Expected | undefined => {
  const open = announcementsIn(tokens).filter(
    (each) => valueOf(text, tokens, each) === undefined || each.head.kind === 'reference',
  );
  const last = open.at(-1);
  if (last === undefined) return undefined;
  const before = tokens.slice(Math.max(0, last.at - 8), last.at);
  if (before.some((token) => speaksOfLoss(token.word))) return undefined;
  const isDirect = tokens.some((token) => token.asks);
  if (!isDirect && FORBIDS.test(before.map(({ word }) => word).join(' '))) return undefined;
  const isQuestion = isDirect || before.some((t) => asksFor(t.word));
  const isTrailing = last.after >= tokens.length;
  if (!isQuestion && !isTrailing) return undefined;
  return { kind: last.head.kind, sure: last.head.strength === 'strong' };
};
