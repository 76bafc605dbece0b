import type { Consumer } from 'nats';
import type { TransactionalCheckpoint } from './checkpoint.js';

type Done = Readonly<{ sequence: number; position: number }>;

/** Marks that are kept before it is asked which of them may go. */
const EVERY = 1_000;

export type SettledFloor = Readonly<{
  settled: (done: Done) => void;
  /** Was the message with this sequence settled in this session, as far as it could come again? */
  has: (sequence: number) => boolean;
  /** Forgets the marks that nothing can ask for any more. A failure is no harm: marks stay. */
  lower: () => Promise<void>;
}>;

/**
 * Keeps the marks of a checkpoint few. What the server holds for acknowledged up to some sequence is never
 * delivered again, to nobody; the highest position below it is where single marks end.
 */
export const makeSettledFloor = (
  consumer: Consumer,
  checkpoint: Pick<TransactionalCheckpoint<never, never>, 'settle'>,
  subscriber: string,
): SettledFloor => {
  const kept = new Map<number, number>();
  let lowering: Promise<void> | undefined;
  const lower = async (): Promise<void> => {
    try {
      const { ack_floor: floor } = await consumer.info();
      let position = 0;
      for (const [sequence, at] of kept)
        if (sequence <= floor.stream_seq) {
          position = Math.max(position, at);
          kept.delete(sequence);
        }
      if (position > 0) await checkpoint.settle({ subscriber, position });
    } catch {
      // The next thousand bring it up again.
    }
  };
  return {
    has: (sequence) => kept.has(sequence),
    settled: ({ sequence, position }) => {
      kept.set(sequence, position);
      if (kept.size % EVERY !== 0 || lowering !== undefined) return;
      lowering = lower().finally(() => {
        lowering = undefined;
      });
    },
    lower: async () => {
      await lowering;
      await lower();
    },
  };
};
