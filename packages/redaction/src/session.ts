import { announcementsIn, expectationOf } from './announcements.js';
import type { Finding } from './finding.js';
import { fold, withoutInvisible } from './fold.js';
import { tokensOf, type Token } from './tokens.js';
import { redactWithin } from './turn.js';
import type { HeadKind } from './vocabulary.js';

export type Turn = Readonly<{ speaker: string; text: string }>;

/** A secret, a user name or a number that somebody was asked for and has not given yet. */
export type OpenQuestion = Readonly<{
  kind: HeadKind;
  sure: boolean;
  by: string;
  /** Turns that may still bring the answer. */
  turnsLeft: number;
}>;

/**
 * What one session's earlier turns mean for the next. Everything but `secretWords` follows from the
 * redacted turns alone (`replayState`), so a restart loses only the memory of words already hidden.
 */
export type RedactionState = Readonly<{
  firstSpeaker: string | null;
  severalSpeakers: boolean;
  openQuestion: OpenQuestion | null;
  hasIdentified: boolean;
  /** Words of secrets already given, to hide their repetition. Never store or log these. */
  secretWords: readonly string[];
}>;

/** The part of the state that may be stored: it holds nothing that was hidden. */
export type StorableState = Omit<RedactionState, 'secretWords'>;

export type RedactedTurn = Readonly<{
  state: RedactionState;
  text: string;
  findings: readonly Finding[];
}>;

/** Turns within which an answer to a question is looked for. */
const ANSWER_TURNS = 2;
const SECRET_WORDS_MAX = 64;

export const initialState: RedactionState = {
  firstSpeaker: null,
  severalSpeakers: false,
  openQuestion: null,
  hasIdentified: false,
  secretWords: [],
};

const mayAnswer = (state: RedactionState, speaker: string): boolean =>
  state.openQuestion !== null && (!state.severalSpeakers || state.openQuestion.by !== speaker);

const ANSWERED_BY: Readonly<Record<HeadKind, readonly string[]>> = {
  password: ['password', 'secret'],
  username: ['username'],
  phone: ['phone'],
  reference: [],
};

const openAfter = (
  state: RedactionState,
  speaker: string,
  seen: Readonly<{ text: string; tokens: readonly Token[] }>,
): OpenQuestion | null => {
  const next = expectationOf(seen.text, seen.tokens);
  if (next !== undefined) return { ...next, by: speaker, turnsLeft: ANSWER_TURNS };
  const open = state.openQuestion;
  if (open === null || !mayAnswer(state, speaker)) return open;
  const isAnswered = seen.tokens.some(
    ({ placeholder }) => placeholder !== undefined && ANSWERED_BY[open.kind].includes(placeholder),
  );
  if (isAnswered || open.turnsLeft <= 1) return null;
  return { ...open, turnsLeft: open.turnsLeft - 1 };
};

const identifies = (tokens: readonly Token[]): boolean =>
  tokens.some(({ placeholder }) => placeholder === 'secret') ||
  (announcementsIn(tokens).length > 0 &&
    tokens.some(({ placeholder }) => placeholder === 'password'));

/** The state after a turn, from the turn as it reads once redacted. */
const observed = (state: RedactionState, turn: Turn): RedactionState => {
  const text = fold(turn.text);
  const tokens = tokensOf(text);
  const severalSpeakers =
    state.severalSpeakers || (state.firstSpeaker !== null && state.firstSpeaker !== turn.speaker);
  return {
    firstSpeaker: state.firstSpeaker ?? turn.speaker,
    severalSpeakers,
    openQuestion: openAfter({ ...state, severalSpeakers }, turn.speaker, { text, tokens }),
    hasIdentified: state.hasIdentified || identifies(tokens),
    secretWords: state.secretWords,
  };
};

/** Takes the secrets out of one turn. Pure: the same state and turn give the same answer. */
export const redactTurn = (state: RedactionState, turn: Turn): RedactedTurn => {
  const severalSpeakers =
    state.severalSpeakers || (state.firstSpeaker !== null && state.firstSpeaker !== turn.speaker);
  const answers = mayAnswer({ ...state, severalSpeakers }, turn.speaker);
  const redacted = redactWithin(withoutInvisible(turn.text), {
    reply: answers ? state.openQuestion : null,
    unseenQuestion: !severalSpeakers && !state.hasIdentified,
    secretWords: new Set(state.secretWords),
  });
  const secretWords = [...new Set([...state.secretWords, ...redacted.secretWords])];
  const next = observed(state, { speaker: turn.speaker, text: redacted.text });
  return {
    state: { ...next, secretWords: secretWords.slice(-SECRET_WORDS_MAX) },
    text: redacted.text,
    findings: redacted.findings,
  };
};

export const storableState = ({ secretWords: _, ...rest }: RedactionState): StorableState => rest;

export const restoredState = (stored: StorableState): RedactionState => ({
  ...stored,
  secretWords: [],
});

/** The state of a session whose turns, already redacted, were read back from a store. */
export const replayState = (redactedTurns: Iterable<Turn>): RedactionState => {
  let state = initialState;
  for (const turn of redactedTurns) state = observed(state, turn);
  return state;
};

export type Redactor = Readonly<{
  redact: (turn: Turn) => Readonly<{ text: string; findings: readonly Finding[] }>;
  state: () => RedactionState;
}>;

/** A redactor of one session's turns, in their order. */
export const makeRedactor = (from: RedactionState = initialState): Redactor => {
  let state = from;
  return {
    redact: (turn) => {
      const { state: next, text, findings } = redactTurn(state, turn);
      state = next;
      return { text, findings };
    },
    state: () => state,
  };
};

/**
 * A whole conversation at once, for what is imported after it took place: a word that turns out to be
 * part of a secret is hidden in the turns before, too.
 */
export const redactConversation = (
  turns: readonly Turn[],
): readonly Readonly<{ text: string; findings: readonly Finding[] }>[] => {
  const first = makeRedactor();
  for (const turn of turns) first.redact(turn);
  const second = makeRedactor({ ...initialState, secretWords: first.state().secretWords });
  return turns.map((turn) => second.redact(turn));
};
