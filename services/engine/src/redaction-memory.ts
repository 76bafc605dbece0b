import type { HandlingFailure } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import type { EventStore } from '@daybook/event-store';
import { initialState, redactTurn, replayState, type RedactionState } from '@daybook/redaction';
import * as E from 'fp-ts/lib/Either.js';
import { readSessionContent } from './session-content.js';

/**
 * What earlier turns of each running session mean for the next: people announce a secret in one turn
 * and give it in the next. Kept in memory only; after a restart it follows from the stored turns.
 */
export type RedactionMemory = Readonly<{
  begin: (company: string, sessionId: string) => void;
  redact: (
    company: string,
    sessionId: string,
    turn: Readonly<{ speaker: string; text: string }>,
  ) => Promise<E.Either<HandlingFailure, string>>;
}>;

const SESSIONS_MAX = 10_000;

export const makeRedactionMemory = (store: Pick<EventStore, 'readStream'>): RedactionMemory => {
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
    begin: (company, sessionId) => keep(streamOf('session', company, sessionId), initialState),
    redact: async (company, sessionId, turn) => {
      const stream = streamOf('session', company, sessionId);
      if (!states.has(stream)) {
        const recalled = await recall(stream);
        if (E.isLeft(recalled)) return recalled;
        // Another turn of the session may have come first while the stored ones were read.
        if (!states.has(stream)) keep(stream, recalled.right);
      }
      const { state, text } = redactTurn(states.get(stream) ?? initialState, turn);
      keep(stream, state);
      return E.right(text);
    },
  };
};
