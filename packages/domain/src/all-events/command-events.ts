import * as t from 'io-ts';
import type { EventOf } from '../kernel/index.js';

/**
 * Answers of commands that changed nothing. A refusal is written into the stream that the command was about, so that the same command gets the
 * same answer for ever and an auditor sees what was tried. `detail` holds the refusal's own data:
 * ids, numbers and reasons, never session text.
 */
export const commandEvents = {
  CommandRefused: t.strict({
    command: t.string,
    refusal: t.string,
    detail: t.record(t.string, t.unknown),
  }),
  /** An accepted command that found everything as it asked: its answer, where later facts would give another. */
  CommandChangedNothing: t.strict({ command: t.string }),
};
export type CommandEvent = EventOf<typeof commandEvents>;
export type CommandRefused = Extract<CommandEvent, { type: 'CommandRefused' }>;

/** Does the event tell of a command alone, and change no state of the domain? It stands in any stream. */
export const isCommandEvent = (type: string): boolean => Object.hasOwn(commandEvents, type);
