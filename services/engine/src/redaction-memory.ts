import type { HandlingFailure } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import type { EventStore } from '@daybook/event-store';
import {
  initialState,
  makeRedactor,
  redactTurn,
  replayState,
  type RedactionState,
} from '@daybook/redaction';
import * as E from 'fp-ts/lib/Either.js';
import { readSessionContent } from './session-content.js';

/**
 * What earlier turns of each running session mean for the next: people announce a secret in one turn
 * and give it in the next. Kept in memory only; after a restart it follows from the stored turns.
 */
export type RedactionMemory = Readonly<{
  begin: (company: string, sessionId: string) => void;
  /**
   * Looks at turns that are about to come, where they are known beforehand: a word that becomes a
   * secret in one of them is then hidden in those before it, too.
   */
  foresee: (ahead: TurnsAhead) => Promise<E.Either<HandlingFailure, void>>;
  /** The session is over: the words that were hidden are forgotten. */
  end: (company: string, sessionId: string) => void;
  redact: (
    company: string,
    sessionId: string,
    turn: Readonly<{ speaker: string; text: string }>,
  ) => Promise<E.Either<HandlingFailure, string>>;
}>;

export type TurnsAhead = Readonly<{
  company: string;
  sessionId: string;
  /** The session starts among what is ahead, so that nothing of it is stored yet. */
  startsHere: boolean;
  turns: readonly Readonly<{ speaker: string; text: string }>[];
}>;

const SESSIONS_MAX = 10_000;

export type RedactionMemoryOptions = Readonly<{
  /** Other nodes take turns of the same session: what they stored is read before each turn. Default: false. */
  manyWriters?: boolean;
}>;

/**
 * What the log says of a session, and what only this node knows: the words that it hid stand in no log, and
 * a turn that asked for a secret may still be on its way there. Too much is hidden rather than too little.
 */
const joined = (stored: RedactionState, here: RedactionState): RedactionState => ({
  ...stored,
  openQuestion: stored.openQuestion ?? here.openQuestion,
  secretWords: here.secretWords,
});

export const makeRedactionMemory = (
  store: Pick<EventStore, 'readStream'>,
  { manyWriters = false }: RedactionMemoryOptions = {},
): RedactionMemory => {
  const states = new Map<string, RedactionState>();
  const keep = (stream: string, state: RedactionState): void => {
    states.delete(stream);
    states.set(stream, state);
    if (states.size <= SESSIONS_MAX) return;
    const oldest = states.keys().next();
    if (oldest.done !== true) states.delete(oldest.value);
  };
  const recall = async (stream: string): Promise<E.Either<HandlingFailure, RedactionState>> => {
    const content = await readSessionContent(store, stream);
    return E.isLeft(content) ? content : E.right(replayState(content.right));
  };
  return {
    begin: (company, sessionId) => {
      const stream = streamOf('session', company, sessionId);
      const secretWords = states.get(stream)?.secretWords ?? [];
      keep(stream, { ...initialState, secretWords });
    },
    foresee: async ({ company, sessionId, startsHere, turns }) => {
      const stream = streamOf('session', company, sessionId);
      const recalled = startsHere ? E.right(initialState) : await recall(stream);
      if (E.isLeft(recalled)) return recalled;
      const before = states.get(stream) ?? recalled.right;
      const ahead = makeRedactor(before);
      for (const turn of turns) ahead.redact(turn);
      keep(stream, { ...before, secretWords: ahead.state().secretWords });
      return E.right(undefined);
    },
    end: (company, sessionId) => void states.delete(streamOf('session', company, sessionId)),
    redact: async (company, sessionId, turn) => {
      const stream = streamOf('session', company, sessionId);
      if (manyWriters || !states.has(stream)) {
        const recalled = await recall(stream);
        if (E.isLeft(recalled)) return recalled;
        // Another turn of the session may have come first while the stored ones were read.
        const here = states.get(stream);
        if (here === undefined) keep(stream, recalled.right);
        else if (manyWriters) keep(stream, joined(recalled.right, here));
      }
      const { state, text } = redactTurn(states.get(stream) ?? initialState, turn);
      keep(stream, state);
      return E.right(text);
    },
  };
};
