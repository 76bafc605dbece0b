/**
 * Turns conversations that none of us wrote into a session journal: each one an outgoing session whose
 * remote side allowed the summary. All on one day, one after another.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeEntry, type WrittenEntry } from '@daybook/session-journal';
import { labelledTurns, type LabelledTurn } from '../labelled-turns.js';

export type Said = Readonly<{ speaker: 'supporter' | 'remote-side' | 'action'; text: string }>;
export type Conversation = Readonly<{ sessionId: string; turns: readonly Said[] }>;

export type Personal = Readonly<{ email?: string; phone?: string }>;
export type RealInput = Readonly<{
  conversations: readonly Conversation[];
  labelled: readonly LabelledTurn[];
  personal: readonly Personal[];
}>;

/** The day of all sessions, 00:00 UTC. */
export const DAY = Date.UTC(2026, 2, 10);
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** 239 sessions of five minutes fit into one day. */
const SESSION_MINUTES = 5;

type Abcd = Readonly<{
  convo_id: number;
  scenario: Readonly<{ personal: Personal }>;
  original: readonly (readonly [string, string])[];
}>;

const speakers: Readonly<Record<string, Said['speaker']>> = {
  agent: 'supporter',
  customer: 'remote-side',
  action: 'action',
};

const fromLabelled = (turns: readonly LabelledTurn[]): readonly Conversation[] => {
  const conversations = new Map<string, Said[]>();
  for (const { conversationId, text } of turns) {
    const said = conversations.get(conversationId) ?? [];
    conversations.set(conversationId, said);
    if (text.trim() !== '') said.push({ speaker: 'remote-side', text });
  }
  return [...conversations].map(([sessionId, said]) => ({ sessionId, turns: said }));
};

const fromAbcd = (conversations: readonly Abcd[]): readonly Conversation[] =>
  conversations.map(({ convo_id, original }) => ({
    sessionId: `abcd-${convo_id}`,
    turns: original.map(([speaker, text]) => ({
      speaker: speakers[speaker] ?? 'remote-side',
      text,
    })),
  }));

/** Reads both data sets from the folder that holds them. Throws when a file is missing. */
export const readRealInput = (folder: string): RealInput => {
  const labelled = labelledTurns(readFileSync(join(folder, 'multidogo-software/dev.tsv'), 'utf8'));
  const abcd = JSON.parse(
    readFileSync(join(folder, 'abcd/abcd_sample.json'), 'utf8'),
  ) as readonly Abcd[];
  return {
    conversations: [...fromLabelled(labelled), ...fromAbcd(abcd)],
    labelled,
    personal: abcd.map(({ scenario }) => scenario.personal),
  };
};

const entriesOf = (conversation: Conversation, startedAt: number): readonly WrittenEntry[] => {
  const { sessionId: session, turns } = conversation;
  const after = (seconds: number): number => startedAt + seconds * SECOND_MS;
  return [
    {
      entry: 'session-started',
      session,
      at: startedAt,
      direction: 'outgoing',
      supporter: 'u-lena',
      signedIn: true,
      device: null,
      module: 'full',
      platform: 'windows',
      method: 'session-code',
      attended: true,
    },
    {
      entry: 'prompt-answered',
      session,
      at: after(5),
      answer: 'allowed',
      by: 'remote-side',
      method: 'pop-up',
    },
    ...turns.map(({ speaker, text }, index): WrittenEntry => {
      const at = after(6 + index);
      return speaker === 'action'
        ? { entry: 'action', session, at, text }
        : { entry: 'chat', session, at, speaker, text };
    }),
    { entry: 'session-ended', session, at: after(SESSION_MINUTES * 60 - 1) },
  ];
};

/** The journal of all conversations, a line each entry, as a file would hold it. */
export async function* journalOf(conversations: readonly Conversation[]): AsyncGenerator<string> {
  for (const [index, conversation] of conversations.entries()) {
    const startedAt = DAY + MINUTE_MS + index * SESSION_MINUTES * MINUTE_MS;
    const lines = entriesOf(conversation, startedAt).map(writeEntry);
    yield await Promise.resolve(`${lines.join('\n')}\n`);
  }
}
