import * as t from 'io-ts';
import type { EventOf } from '../kernel/index.js';

/**
 * A refusal, written into the stream that the command was about, so that the same command gets the
 * same answer for ever and an auditor sees what was tried. `detail` holds the refusal's own data:
 * ids, numbers and reasons, never session text.
 */
export const commandEvents = {
  CommandRefused: t.strict({
    command: t.string,
    refusal: t.string,
    detail: t.record(t.string, t.unknown),
  }),
};
export type CommandRefused = EventOf<typeof commandEvents>;
