import { Worker } from 'node:worker_threads';

export type Checkpointer = Readonly<{
  /** Frames that one commit may have added to the write-ahead log; an estimate is enough. */
  committed: (frames: number) => void;
  close: () => Promise<void>;
}>;

export type CheckpointerOptions = Readonly<{
  path: string;
  /** Keep the writer out of the log for a moment, without blocking its thread. */
  pause: () => void;
  resume: () => void;
  /** The worker is gone: the writer must checkpoint by itself. */
  onLost: () => void;
}>;

type Report = Readonly<{ request: 'PASSIVE' | 'RESTART'; log: number; checkpointed: number }>;

/** Frames (4 KiB each) after which pages are moved to log.db beside the writer. */
const PASSIVE_FRAMES = 4_000;
/** Length of the write-ahead log from which the writer pauses so that it can begin again at its start. */
const RESTART_FRAMES = 12_000;
/** Longest wait for readers that are in the middle of a page. */
const RESTART_WAIT_MS = 20;

/**
 * A passive checkpoint never waits, but under constant load it never reaches the end either, and the
 * write-ahead log would grow without bound. So when the log is long, and a passive checkpoint has just moved
 * most of it, appends wait in line while the rest is moved and the log restarts.
 */
export const startCheckpointer = (options: CheckpointerOptions): Checkpointer => {
  const worker = new Worker(new URL('../worker/checkpointer.mjs', import.meta.url), {
    workerData: { path: options.path, restartWaitMs: RESTART_WAIT_MS },
  });
  let isBusy = false;
  let isClosing = false;
  let isLost = false;
  let framesSince = 0;

  const ask = (request: Report['request']): void => {
    isBusy = true;
    worker.postMessage(request);
  };

  const lose = (): void => {
    if (isLost || isClosing) return;
    isLost = true;
    options.resume();
    options.onLost();
  };

  worker.on('message', ({ request, log }: Report) => {
    isBusy = false;
    if (request === 'PASSIVE' && log >= RESTART_FRAMES && !isClosing) {
      options.pause();
      ask('RESTART');
      return;
    }
    if (request === 'RESTART') options.resume();
  });
  // Without its own handlers a failing worker would end the process.
  worker.on('error', lose);
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      lose();
      resolve();
    });
  });
  // The store does not keep a process alive that has nothing else to do.
  worker.unref();

  return {
    committed: (frames) => {
      framesSince += frames;
      if (framesSince < PASSIVE_FRAMES || isBusy || isLost) return;
      framesSince = 0;
      ask('PASSIVE');
    },
    close: async () => {
      isClosing = true;
      if (isLost) return;
      worker.ref();
      worker.postMessage('stop');
      await ended;
    },
  };
};
