import type { JetStreamManager } from 'nats';
import { isNotFound } from './message-of.js';

/** Position in the log of the message with this sequence; undefined when it was removed. */
const positionAt = async (
  manager: JetStreamManager,
  stream: string,
  seq: number,
): Promise<number | undefined> => {
  try {
    const { header } = await manager.streams.getMessage(stream, { seq });
    return Number(header.get('Nats-Msg-Id'));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};

/**
 * Sequence of the first message after a position of the log, found by halving: both grow together. What
 * retention has removed lies before every position that is still there.
 */
export const sequenceAfter = async (
  manager: JetStreamManager,
  stream: string,
  position: number,
): Promise<number> => {
  const { state } = await manager.streams.info(stream);
  let low = Math.max(1, state.first_seq);
  let high = state.last_seq + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await positionAt(manager, stream, middle);
    if (found === undefined || found <= position) low = middle + 1;
    else high = middle;
  }
  return low;
};
