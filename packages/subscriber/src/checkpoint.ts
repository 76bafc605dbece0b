/** The effect of one event on one subscriber. */
export type Mark = Readonly<{
  /** The subscriber’s name: two that write into one database do not meet. */
  subscriber: string;
  /** Position of the event in Daybook’s log. It outlives the broker’s own numbers. */
  position: number;
}>;

export type Ran = 'done' | 'repeated';

/**
 * What makes an effect happen once: the mark of the event is written in the transaction of the effect. A
 * redelivered event finds its mark, whatever happened between the effect and the acknowledgement.
 *
 * `Tx` is what the effect works with, `Done` what it returns: `void` where a transaction is synchronous.
 */
export type TransactionalCheckpoint<Tx, Done> = Readonly<{
  /** Runs the effect and writes the mark, both or neither. An effect that throws leaves no mark. */
  runOnce: (mark: Mark, effect: (tx: Tx) => Done) => Promise<Ran>;
  /**
   * Everything up to here has been acknowledged by everybody, so single marks below may be forgotten; a
   * mark at or below it counts as written from now on.
   */
  settle: (mark: Mark) => Promise<void>;
}>;

/** Without a database: the effect runs at each delivery, so it has to bear being repeated. */
export const atLeastOnce: TransactionalCheckpoint<undefined, Promise<void> | void> = {
  runOnce: async (_mark, effect) => {
    await effect(undefined);
    return 'done';
  },
  settle: () => Promise.resolve(),
};
