/**
 * Looks for words that must not have survived in what was stored: in every byte of every file, and in
 * the events of each session. It counts and never prints a word.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { LabelledTurn } from '../labelled-turns.js';
import type { Personal } from './conversations.js';

/** A turn announces a secret in words when it names the kind of secret. Independent of the rules. */
const ANNOUNCES = /\b(?:pass(?:word|code|phrase)?s?|pwd|otp|one[- ]time|pins?|codes?)\b/i;

const WORD = /[\p{L}\p{N}_]+/gu;

/** Ids and numbers that Daybook writes itself: a part of one may spell like a word of a conversation. */
const OWN_WRITING =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|"[a-z]+":\d+|"(?:[a-z]+id|stream)":"[^"]*"/gi;

const wordsIn = (text: string): ReadonlySet<string> =>
  new Set(text.toLowerCase().match(WORD) ?? []);

const filesUnder = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** One or two characters stand in any binary file by chance: such a word is looked for in all stored text. */
const BYTES_LENGTH_MIN = 3;

/** A secret of several kinds of characters (`a@b!1`) is looked for as it was written. */
const holds = (content: Readonly<{ text: string; words: ReadonlySet<string> }>, secret: string) => {
  const parts = secret.toLowerCase().match(WORD) ?? [];
  if (parts.length === 1 && parts[0] === secret.toLowerCase())
    return content.words.has(secret.toLowerCase());
  return content.text.includes(secret.toLowerCase());
};

type Announced = Readonly<{ conversationId: string; word: string }>;

const announcedIn = (turns: readonly LabelledTurn[]): readonly Announced[] =>
  turns
    .filter(({ text }) => ANNOUNCES.test(text))
    .flatMap(({ conversationId, words, labels }) =>
      words
        .filter((_, index) => labels[index] === 'password')
        .map((word) => ({ conversationId, word })),
    );

export type SurvivalReport = Readonly<{
  files: number;
  bytes: number;
  announcedTurns: number;
  announcedWords: number;
  /** Secret words in the stored events of the conversation that announced them. Must be 0. */
  inOwnSession: number;
  /** Secret words in no byte of any file. */
  nowhere: number;
  /** Secret words that another conversation says as something that is no secret there. */
  saidElsewhere: number;
  /** Secret words in some byte that no other conversation explains. Must be 0. */
  unexplained: number;
  personalValues: number;
  /** E-mail addresses and phone numbers of the personal blocks in some byte. Must be 0. */
  personalSurviving: number;
}>;

/** The session text of an event: what stands in its protected fields. */
const protectedText = (data: unknown): string => {
  if (typeof data !== 'object' || data === null) return '';
  if ('form' in data && 'value' in data) return JSON.stringify(data.value).toLowerCase();
  return Object.values(data).map(protectedText).join('\n');
};

const storedTexts = async (
  reader: Pick<EventStore, 'readAll'>,
): Promise<ReadonlyMap<string, string>> => {
  const texts = new Map<string, string>();
  for await (const page of reader.readAll({ filter: { categories: ['session', 'summary'] } })) {
    if (E.isLeft(page)) throw new Error(page.left.message);
    for (const { stream, data } of page.right.events) {
      const sessionId = stream.slice(stream.indexOf('_') + 1);
      const text = protectedText(JSON.parse(data) as unknown);
      texts.set(sessionId, `${texts.get(sessionId) ?? ''}\n${text}`);
    }
  }
  return texts;
};

/** Digits and letters only, so that another way of writing a phone number is found, too. */
const bare = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}@.]/gu, '');

export const survivalReport = async (
  directory: string,
  reader: Pick<EventStore, 'readAll'>,
  input: Readonly<{ labelled: readonly LabelledTurn[]; personal: readonly Personal[] }>,
): Promise<SurvivalReport> => {
  const files = filesUnder(directory);
  const contents = files.map((file) => readFileSync(file, 'latin1').toLowerCase());
  const raw = contents.map((content) => {
    const text = content.replace(OWN_WRITING, ' ');
    return { text, words: wordsIn(text) };
  });
  const stored = new Map(
    [...(await storedTexts(reader))].map(([id, text]) => [id, { text, words: wordsIn(text) }]),
  );
  const announced = announcedIn(input.labelled);
  const inOwn = ({ conversationId, word }: Announced): boolean => {
    const own = stored.get(conversationId);
    return own !== undefined && holds(own, word);
  };
  const texts = [...stored.values()];
  const somewhere = announced.filter(({ word }) =>
    (word.length < BYTES_LENGTH_MIN ? texts : raw).some((content) => holds(content, word)),
  );
  const elsewhere = somewhere.filter(({ conversationId, word }) =>
    [...stored].some(([id, content]) => id !== conversationId && holds(content, word)),
  );
  const personal = input.personal.flatMap(({ email, phone }) =>
    [email, phone].filter((value) => value !== undefined),
  );
  const surviving = personal.filter((value) =>
    contents.some(
      (content) => content.includes(value.toLowerCase()) || bare(content).includes(bare(value)),
    ),
  );
  return {
    files: files.length,
    bytes: contents.reduce((sum, content) => sum + content.length, 0),
    announcedTurns: new Set(
      input.labelled.filter(
        ({ text, labels }) => ANNOUNCES.test(text) && labels.includes('password'),
      ),
    ).size,
    announcedWords: announced.length,
    inOwnSession: announced.filter(inOwn).length,
    nowhere: announced.length - somewhere.length,
    saidElsewhere: elsewhere.length,
    unexplained: somewhere.length - elsewhere.length,
    personalValues: personal.length,
    personalSurviving: surviving.length,
  };
};
