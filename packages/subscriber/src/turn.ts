/** What of a message decides its turn. */
export type Numbered = Readonly<{ seq: number; redelivered: boolean }>;

export type Turn<Message extends Numbered> = Readonly<{
  /** Messages whose turn it is now that this one has come, in order. */
  take: (message: Message) => readonly Message[];
  /** No more is waited for: everything that was held back, in order. */
  lift: () => readonly Message[];
}>;

/**
 * Puts redelivered messages before new ones. After a crash the server hands out new messages at once and
 * those that were under way only when their wait is over; handled as they come, a company's events would
 * change places. So while `outstanding` old messages (up to `delivered`) are expected, new ones wait.
 */
export const makeTurn = <Message extends Numbered>(
  start: Readonly<{ outstanding: number; delivered: number }>,
): Turn<Message> => {
  const waiting = new Map<number, Message>();
  let isLifted = start.outstanding === 0;
  let missing = start.outstanding;
  const lift = (): readonly Message[] => {
    isLifted = true;
    const ready = [...waiting.values()].sort((left, right) => left.seq - right.seq);
    waiting.clear();
    return ready;
  };
  return {
    lift,
    take: (message) => {
      if (isLifted) return [message];
      const isNew = !waiting.has(message.seq);
      waiting.set(message.seq, message);
      if (isNew && (message.redelivered || message.seq <= start.delivered)) missing -= 1;
      return missing > 0 ? [] : lift();
    },
  };
};
