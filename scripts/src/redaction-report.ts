/**
 * How well the redaction rules find the passwords of conversations whose words people have labelled.
 * The rules never see a label. Nothing here returns or prints a word of the conversations: only counts
 * and the ids of turns.
 */
import { readFileSync } from 'node:fs';
import { makeRedactor, redactConversation } from '@daybook/redaction';
import { labelledTurns, type LabelledTurn } from './labelled-turns.js';

/** A turn announces a secret in words when it names the kind of secret. Independent of the rules. */
const ANNOUNCES = /\b(?:pass(?:word|code|phrase)?s?|pwd|otp|pins?|codes?|secret|token)\b/i;

export type SurvivingSecret = Readonly<{
  conversationId: string;
  turnNumber: string;
  /** How many of the secret's words are readable in this turn or a later one of its conversation. */
  words: number;
}>;

export type RedactionReport = Readonly<{
  conversations: number;
  turns: number;
  announcedTurns: number;
  announcedWords: number;
  /** Turn by turn, as a live session is stored. */
  survivingAnnounced: readonly SurvivingSecret[];
  /** Words that an earlier turn had said as something else (a name) before they became a secret. */
  announcedWordsSaidBefore: number;
  /** Anywhere in the conversation, when it is redacted as a whole, as an import does. */
  survivingInWhole: readonly SurvivingSecret[];
  /** Words with a digit, announced in one conversation, that other conversations' redacted turns contain. */
  announcedWordsElsewhere: number;
  labelledWords: number;
  hiddenLabelledWords: number;
  hiddenWords: number;
  /** Hidden words that another label shows to identify someone: account number, name, company. */
  hiddenIdentifyingWords: number;
  /** Hidden words labelled as an amount or a quantity. */
  hiddenAmountWords: number;
  amountWords: number;
  recall: number;
  precision: number;
  /** The same where hiding an account number, a name or a company counts as right. */
  precisionOnIdentifiers: number;
}>;

type Redacted = Readonly<{ turn: LabelledTurn; text: string; whole: string }>;

/** Which words of the original are missing: those outside a longest common subsequence. */
export const hiddenWords = (
  original: readonly string[],
  redacted: readonly string[],
): readonly boolean[] => {
  const width = redacted.length + 1;
  const common = new Array<number>((original.length + 1) * width).fill(0);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = original.length - 1; i >= 0; i -= 1) {
    for (let j = redacted.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        original[i] === redacted[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let j = 0;
  return original.map((word, i) => {
    while (j < redacted.length && word !== redacted[j] && at(i, j) === at(i, j + 1)) j += 1;
    if (j >= redacted.length || word !== redacted[j]) return true;
    j += 1;
    return false;
  });
};

const byConversation = (turns: readonly LabelledTurn[]): readonly (readonly LabelledTurn[])[] => {
  const groups = new Map<string, LabelledTurn[]>();
  for (const turn of turns) {
    const group = groups.get(turn.conversationId);
    if (group === undefined) groups.set(turn.conversationId, [turn]);
    else group.push(turn);
  }
  return [...groups.values()];
};

const redacted = (conversation: readonly LabelledTurn[]): readonly Redacted[] => {
  const said = conversation.map(({ text }) => ({ speaker: 'customer', text }));
  const redactor = makeRedactor();
  const live = said.map((turn) => redactor.redact(turn).text);
  const whole = redactConversation(said);
  return conversation.map((turn, index) => ({
    turn,
    text: live[index] ?? '',
    whole: whole[index]?.text ?? '',
  }));
};

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const contains = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(word)}(?![\\p{L}\\p{N}_])`, 'iu').test(text);

const secretWordsOf = (turn: LabelledTurn): readonly string[] =>
  turn.words.filter((_, index) => turn.labels[index] === 'password');

const countWords = (
  all: readonly Redacted[],
  counts: (label: string, hidden: boolean) => boolean,
): number => {
  let count = 0;
  for (const { turn, text } of all) {
    const hidden = hiddenWords(turn.words, text.split(/\s+/));
    turn.words.forEach((_, index) => {
      if (counts(turn.labels[index] ?? 'O', hidden[index] === true)) count += 1;
    });
  }
  return count;
};

const IDENTIFYING = new Set(['account_number', 'name', 'company_name', 'address']);
const AMOUNTS = new Set(['cost', 'quantity']);

const isAnnounced = ({ turn }: Redacted): boolean =>
  ANNOUNCES.test(turn.text) && secretWordsOf(turn).length > 0;

/** For each announced secret of a conversation, how many of its words `readable` still shows. */
const survivors = (
  conversation: readonly Redacted[],
  readable: (index: number) => string,
): readonly SurvivingSecret[] => {
  const found: SurvivingSecret[] = [];
  conversation.forEach((each, index) => {
    if (!isAnnounced(each)) return;
    const text = readable(index);
    const words = secretWordsOf(each.turn).filter((word) => contains(text, word)).length;
    const { conversationId, turnNumber } = each.turn;
    if (words > 0) found.push({ conversationId, turnNumber, words });
  });
  return found;
};

const joined = (turns: readonly Redacted[], part: 'text' | 'whole'): string =>
  turns.map((each) => each[part]).join('\n');

const announcedOf = (
  conversations: readonly (readonly Redacted[])[],
): Pick<
  RedactionReport,
  | 'announcedTurns'
  | 'announcedWords'
  | 'survivingAnnounced'
  | 'announcedWordsSaidBefore'
  | 'survivingInWhole'
  | 'announcedWordsElsewhere'
> => {
  const announced = conversations.flat().filter(isAnnounced);
  const words = announced.flatMap(({ turn }) => secretWordsOf(turn));
  const everything = joined(conversations.flat(), 'text');
  return {
    announcedTurns: announced.length,
    announcedWords: words.length,
    survivingAnnounced: conversations.flatMap((turns) =>
      survivors(turns, (index) => joined(turns.slice(index), 'text')),
    ),
    announcedWordsSaidBefore: conversations
      .flatMap((turns) => survivors(turns, (index) => joined(turns.slice(0, index), 'text')))
      .reduce((sum, each) => sum + each.words, 0),
    survivingInWhole: conversations.flatMap((turns) =>
      survivors(turns, () => joined(turns, 'whole')),
    ),
    announcedWordsElsewhere: [...new Set(words)].filter(
      (word) => /\d/.test(word) && contains(everything, word),
    ).length,
  };
};

/** The report over a file of labelled turns, whose path is given. Throws if the file cannot be read. */
export const redactionReport = (path: string): RedactionReport => {
  const turns = labelledTurns(readFileSync(path, 'utf8'));
  const conversations = byConversation(turns).map(redacted);
  const all = conversations.flat();
  const labelledWords = countWords(all, (label) => label === 'password');
  const hiddenLabelledWords = countWords(all, (label, hidden) => hidden && label === 'password');
  const hidden = countWords(all, (_, isHidden) => isHidden);
  const identifying = countWords(all, (label, isHidden) => isHidden && IDENTIFYING.has(label));
  return {
    conversations: conversations.length,
    turns: turns.length,
    ...announcedOf(conversations),
    labelledWords,
    hiddenLabelledWords,
    hiddenWords: hidden,
    hiddenIdentifyingWords: identifying,
    hiddenAmountWords: countWords(all, (label, isHidden) => isHidden && AMOUNTS.has(label)),
    amountWords: countWords(all, (label) => AMOUNTS.has(label)),
    recall: hiddenLabelledWords / labelledWords,
    precision: hiddenLabelledWords / hidden,
    precisionOnIdentifiers: (hiddenLabelledWords + identifying) / hidden,
  };
};
