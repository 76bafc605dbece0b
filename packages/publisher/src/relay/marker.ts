import type { BrokerSession, Mark } from './broker.js';

/** How often the mark is written while events go on coming. */
const EVERY_MS = 5_000;

/**
 * Keeps the mark beside the stream near its end. It matters when the stream has been quiet for so long that
 * retention took its last message; so it is written a while after the last one, and when the relay stops.
 */
export type Marker = Readonly<{
  note: (mark: Mark) => void;
  /** The stream is up to date: write the mark soon. */
  save: () => void;
  flush: () => Promise<void>;
  /** Forget it: the session is broken. */
  drop: () => void;
}>;

export const makeMarker = (session: Pick<BrokerSession, 'saveMark'>): Marker => {
  let latest: Mark | undefined;
  let timer: NodeJS.Timeout | undefined;
  const write = async (): Promise<void> => {
    const mark = latest;
    latest = undefined;
    // A mark that is not written is an older one: then a person is asked, and nothing goes wrong.
    if (mark !== undefined) await session.saveMark(mark);
  };
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    note: (mark) => {
      latest = mark;
    },
    save: () => {
      if (latest === undefined || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        void write();
      }, EVERY_MS);
    },
    flush: async () => {
      cancel();
      await write();
    },
    drop: cancel,
  };
};
