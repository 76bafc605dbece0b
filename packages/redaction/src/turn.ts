import { addressStages } from './addresses.js';
import { announcementsIn, valueOf } from './announcements.js';
import { cards } from './cards.js';
import { replaceSpans, type Finding, type Span, type Stage } from './finding.js';
import { fold } from './fold.js';
import { bearerTokens, generatedTokens, issuedTokens, pemBlocks } from './keys.js';
import { ipAddresses } from './network-addresses.js';
import { phones } from './phones.js';
import { qualifiersIn } from './qualifiers.js';
import { identifyingNumber, passwordReply, usernameReply } from './replies.js';
import { tokensOf, type Token } from './tokens.js';
import { isOrdinary } from './vocabulary.js';
import type { HeadKind } from './vocabulary.js';

/** What the turns before lead one to expect of this one. */
export type Anticipation = Readonly<{
  reply: Readonly<{ kind: HeadKind; sure: boolean }> | null;
  /** The question may be unseen: only one side is on record and nobody has identified himself yet. */
  unseenQuestion: boolean;
  secretWords: ReadonlySet<string>;
}>;

export type Redacted = Readonly<{
  text: string;
  findings: readonly Finding[];
  /** The words of the secrets given in this turn, in small letters. */
  secretWords: readonly string[];
}>;

/** What is replaced can bring its neighbour into view; each pass hides something or is the last. */
const PASSES_MAX = 16;

const stagesFor = (anticipation: Anticipation): readonly Stage[] => [
  pemBlocks,
  ...addressStages,
  issuedTokens,
  bearerTokens,
  ipAddresses,
  cards,
  phones({
    phone: anticipation.reply?.kind === 'phone',
    reference: anticipation.reply?.kind === 'reference',
  }),
  generatedTokens,
];

const announcedValues = (text: string, tokens: readonly Token[]): readonly Span[] => {
  const spans: Span[] = [];
  for (const announcement of announcementsIn(tokens)) {
    const { kind } = announcement.head;
    if (kind === 'phone' || kind === 'reference') continue;
    const value = valueOf(text, tokens, announcement);
    if (value !== undefined && value !== 'filled') spans.push(value);
  }
  return spans;
};

const replyValues = (
  text: string,
  tokens: readonly Token[],
  { reply }: Anticipation,
): readonly Span[] => {
  if (reply?.kind === 'password') {
    const qualifiers = qualifiersIn(text, tokens);
    return passwordReply(
      tokens.filter((token) => !qualifiers.has(token)),
      reply.sure,
    );
  }
  if (reply?.kind === 'username') return usernameReply(tokens);
  return [];
};

/** Of the rest of its own turn a secret's word goes from two characters on, of later turns from three. */
const REPEATED_LENGTH_MIN = 2;
const REMEMBERED_LENGTH_MIN = 3;

/** `spans` are in order and apart, so one walk over both suffices. */
const wordsWithin = (tokens: readonly Token[], spans: readonly Span[]): readonly string[] => {
  const words: string[] = [];
  let at = 0;
  for (const token of tokens) {
    while (at < spans.length && (spans[at]?.end ?? 0) <= token.start) at += 1;
    const span = spans[at];
    if (span === undefined || span.kind !== 'password' || token.start < span.start) continue;
    const isTelling = token.word.length >= REPEATED_LENGTH_MIN && !isOrdinary(token.word);
    if (isTelling && token.placeholder === undefined) words.push(token.word);
  }
  return words;
};

const repeats = (tokens: readonly Token[], words: ReadonlySet<string>): readonly Span[] =>
  tokens
    .filter((token) => words.has(token.word))
    .map((token) => ({ start: token.start, end: token.end, kind: 'password' as const }));

/** In order and apart; of two that overlap one remains, wide enough for both. */
const merged = (spans: readonly Span[]): readonly Span[] => {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const result: { start: number; end: number; kind: Span['kind'] }[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
};

type Pass = Readonly<{ text: string; found: readonly Span[]; secretWords: readonly string[] }>;

const patternPass = (text: string, stages: readonly Stage[]): Pass => {
  let current = text;
  const found: Span[] = [];
  for (const stage of stages) {
    const spans = stage(fold(current));
    if (spans.length === 0) continue;
    current = replaceSpans(current, spans);
    for (const span of spans) found.push(span);
  }
  return { text: current, found, secretWords: [] };
};

const wordPass = (text: string, anticipation: Anticipation): Pass => {
  const folded = fold(text);
  const tokens = tokensOf(folded);
  const announced = announcedValues(folded, tokens);
  const replied = announced.length > 0 ? [] : replyValues(folded, tokens, anticipation);
  const given = merged([...announced, ...replied]);
  const isSilent = given.length === 0 && announcementsIn(tokens).length === 0;
  const identifying = isSilent && anticipation.unseenQuestion ? identifyingNumber(tokens) : [];
  const secretWords = wordsWithin(tokens, given);
  const known = new Set([...anticipation.secretWords, ...secretWords]);
  const found = merged([
    ...given,
    ...identifying,
    ...(known.size > 0 ? repeats(tokens, known) : []),
  ]);
  return { text: replaceSpans(text, found), found, secretWords };
};

/** One turn without its secrets, given what the turns before made likely. */
export const redactWithin = (text: string, anticipation: Anticipation): Redacted => {
  const stages = stagesFor(anticipation);
  const findings: Finding[] = [];
  const secretWords: string[] = [];
  let current = text;
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const patterns = patternPass(current, stages);
    const words = wordPass(patterns.text, anticipation);
    for (const span of [...patterns.found, ...words.found]) findings.push({ kind: span.kind });
    for (const word of words.secretWords)
      if (word.length >= REMEMBERED_LENGTH_MIN) secretWords.push(word);
    current = words.text;
    if (patterns.found.length === 0 && words.found.length === 0) break;
  }
  return { text: current, findings, secretWords };
};
