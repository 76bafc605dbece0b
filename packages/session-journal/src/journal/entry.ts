import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { wordOrNothing, type Fault } from '../line-problem.js';
import { closedRecord, faultOf } from './field.js';
import {
  Flag,
  Id,
  IdOrNull,
  InstantText,
  Language,
  Platform,
  SessionText,
  Word,
} from './values.js';

// The published format: what may be written today must be read for ever. The schema in
// schema/session-journal.schema.json says the same, and a test holds the two together.

const common = { session: Id, at: InstantText };

export const AccessControlWord = Word('allowed', 'denied', 'after-confirmation');
export type AccessControlWord = t.TypeOf<typeof AccessControlWord>;

export const SessionStarted = closedRecord(
  'session-started',
  {
    entry: Word('session-started'),
    ...common,
    direction: Word('outgoing', 'incoming', 'both'),
    supporter: IdOrNull,
    signedIn: Flag,
    device: IdOrNull,
    module: Word('full', 'quicksupport'),
    platform: Platform,
    method: Word('id-and-password', 'session-code', 'link', 'managed'),
    attended: Flag,
  },
  {
    accessControl: closedRecord(
      'accessControl',
      {},
      { supporter: AccessControlWord, remote: AccessControlWord },
    ),
  },
);
export type SessionStarted = t.TypeOf<typeof SessionStarted>;

export const PromptAnswered = closedRecord(
  'prompt-answered',
  { entry: Word('prompt-answered'), ...common, answer: Word('allowed', 'refused'), by: Id },
  { method: Id, noticeVersion: Id, language: Language },
);
export type PromptAnswered = t.TypeOf<typeof PromptAnswered>;

export const PromptTimedOut = closedRecord(
  'prompt-timed-out',
  { entry: Word('prompt-timed-out'), ...common },
  {},
);
export type PromptTimedOut = t.TypeOf<typeof PromptTimedOut>;

export const ConsentWithdrawn = closedRecord(
  'consent-withdrawn',
  { entry: Word('consent-withdrawn'), ...common, by: Id },
  { method: Id },
);
export type ConsentWithdrawn = t.TypeOf<typeof ConsentWithdrawn>;

export const Chat = closedRecord(
  'chat',
  {
    entry: Word('chat'),
    ...common,
    speaker: Word('supporter', 'remote-side'),
    text: SessionText,
  },
  { item: Id },
);
export type Chat = t.TypeOf<typeof Chat>;

export const Action = closedRecord(
  'action',
  { entry: Word('action'), ...common, text: SessionText },
  { item: Id },
);
export type Action = t.TypeOf<typeof Action>;

export const AssistantMessage = closedRecord(
  'assistant-message',
  { entry: Word('assistant-message'), ...common, text: SessionText },
  { item: Id },
);
export type AssistantMessage = t.TypeOf<typeof AssistantMessage>;

export const SessionEnded = closedRecord(
  'session-ended',
  { entry: Word('session-ended'), ...common },
  {},
);
export type SessionEnded = t.TypeOf<typeof SessionEnded>;

/** An entry as it is written: `item` may be left out. */
export type WrittenEntry =
  | SessionStarted
  | PromptAnswered
  | PromptTimedOut
  | ConsentWithdrawn
  | Chat
  | Action
  | AssistantMessage
  | SessionEnded;

type Identified<Entry> = Entry & Readonly<{ item: string }>;

/** An entry as it is read: every chat line, action and assistant message has its `item` id. */
export type JournalEntry =
  | SessionStarted
  | PromptAnswered
  | PromptTimedOut
  | ConsentWithdrawn
  | Identified<Chat>
  | Identified<Action>
  | Identified<AssistantMessage>
  | SessionEnded;

type EntryCodec = t.Type<WrittenEntry, unknown, unknown>;

const codecs = {
  'session-started': SessionStarted,
  'prompt-answered': PromptAnswered,
  'prompt-timed-out': PromptTimedOut,
  'consent-withdrawn': ConsentWithdrawn,
  chat: Chat,
  action: Action,
  'assistant-message': AssistantMessage,
  'session-ended': SessionEnded,
};

/** Looked up by name and not tried one after another: the problem then speaks of the entry meant. */
const codecOf: ReadonlyMap<unknown, EntryCodec> = new Map<unknown, EntryCodec>(
  Object.entries(codecs) as readonly [string, EntryCodec][],
);

export const entryTypes: readonly string[] = Object.keys(codecs);

const unknownEntry = (entry: unknown): Fault => {
  const remedy = `use one of: ${entryTypes.join(', ')}`;
  if (entry === undefined) return { field: 'entry', reason: 'is missing', remedy };
  const name = typeof entry === 'string' ? wordOrNothing(entry) : undefined;
  return {
    field: 'entry',
    reason: name === undefined ? 'is not an entry type' : `"${name}" is not an entry type`,
    remedy,
  };
};

/** An entry from a JSON value, or the first thing wrong with it. */
export const decodeEntry = (value: unknown): E.Either<Fault, WrittenEntry> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return E.left({ reason: 'is not a JSON object', remedy: 'write one entry a line' });
  }
  const entry = (value as Readonly<Record<string, unknown>>)['entry'];
  const codec = codecOf.get(entry);
  if (codec === undefined) return E.left(unknownEntry(entry));
  const decoded = codec.decode(value);
  return E.isRight(decoded) ? decoded : E.left(faultOf(decoded.left));
};

/** The line that says an entry, without line feed. Instants are written in UTC. */
export const writeEntry = (entry: WrittenEntry): string =>
  JSON.stringify(codecs[entry.entry].encode(entry as never));

/** Access control of both ends; what is not said is `after-confirmation` (rulebook §1). */
export const accessControlOf = (
  started: SessionStarted,
): Readonly<{ supporter: AccessControlWord; remote: AccessControlWord }> => ({
  supporter: started.accessControl?.supporter ?? 'after-confirmation',
  remote: started.accessControl?.remote ?? 'after-confirmation',
});
