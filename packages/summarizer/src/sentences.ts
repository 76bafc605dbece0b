import type { ItemSentence, ItemToken, ItsFunction } from 'wink-nlp';
import type { SummaryItem } from './summarizer.js';

export type Voice = 'remote-side' | 'supporter' | 'action' | 'assistant';

export type Sentence = Readonly<{
  voice: Voice;
  /** As written, white space collapsed. */
  text: string;
  /** Small letters, apostrophes removed, without the final full stop: what the cues are matched with. */
  plain: string;
  words: readonly string[];
  /** Universal part-of-speech tag of each word; empty where the text was not analysed. */
  tags: readonly string[];
  /** Number of the item it comes from. */
  item: number;
}>;

/** Splits a text into sentences and tags its words; the text is English or was taken for it. */
export type Analyse = (text: string) => readonly Readonly<{
  text: string;
  words: readonly string[];
  tags: readonly string[];
}>[];

/** Characters of one item that are read: a pasted log file is no conversation. */
const ITEM_LENGTH_MAX = 4000;
/** Items that are read, from the start and from the end of a longer session. */
const ITEMS_EACH_END = 400;

const readModel = async (): Promise<Analyse> => {
  const { default: winkNLP } = await import('wink-nlp');
  const { default: model } = await import('wink-eng-lite-web-model');
  const nlp = winkNLP(model, ['sbd', 'pos']);
  const typeOf = Reflect.get(nlp.its, 'type') as ItsFunction<string>;
  const partOfSpeechOf = Reflect.get(nlp.its, 'pos') as ItsFunction<string>;
  return (text) => {
    const read: { text: string; words: string[]; tags: string[] }[] = [];
    nlp
      .readDoc(text)
      .sentences()
      .each((sentence: ItemSentence) => {
        const tokens = sentence.tokens().filter((token: ItemToken) => token.out(typeOf) === 'word');
        read.push({ text: sentence.out(), words: tokens.out(), tags: tokens.out(partOfSpeechOf) });
      });
    return read;
  };
};

let loading: Promise<Analyse> | undefined;

/**
 * The language model takes about a third of a second to load, so it is imported when the first summary
 * is made. Once in a process, whoever asks: reading its dictionaries anew for every summarizer takes
 * memory that is not given back.
 */
export const loadAnalyser = (): Promise<Analyse> => {
  loading ??= readModel();
  return loading;
};

const SUPPORTERS = /^(?:supporter|agent|technician|expert|operator|helpdesk)$/i;
const SYSTEMS = /^(?:system|action)$/i;

const voiceOf = (item: SummaryItem): Voice => {
  if (item.kind === 'assistant') return 'assistant';
  if (item.kind === 'action' || SYSTEMS.test(item.speaker)) return 'action';
  return SUPPORTERS.test(item.speaker) ? 'supporter' : 'remote-side';
};

export const plainOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[\s.!]+$/, '');

const readItems = (items: readonly SummaryItem[]): readonly SummaryItem[] =>
  items.length <= 2 * ITEMS_EACH_END
    ? items
    : [...items.slice(0, ITEMS_EACH_END), ...items.slice(-ITEMS_EACH_END)];

export const sentencesOf = (
  items: readonly SummaryItem[],
  analyse: Analyse,
): readonly Sentence[] => {
  const sentences: Sentence[] = [];
  readItems(items).forEach((item, number) => {
    for (const line of item.text.slice(0, ITEM_LENGTH_MAX).split(/\n+/)) {
      const collapsed = line.replace(/\s+/g, ' ').trim();
      if (collapsed === '') continue;
      const whole = [{ text: collapsed, words: collapsed.split(' '), tags: [] }];
      const voice = voiceOf(item);
      // An action is one line of a log: file names and versions in it end no sentence.
      for (const { text, words, tags } of voice === 'action' ? whole : analyse(collapsed)) {
        const trimmed = text.trim();
        if (!/[\p{L}\p{N}]/u.test(trimmed)) continue;
        sentences.push({
          voice,
          text: trimmed,
          plain: plainOf(trimmed),
          words,
          tags,
          item: number,
        });
      }
    }
  });
  return sentences;
};
