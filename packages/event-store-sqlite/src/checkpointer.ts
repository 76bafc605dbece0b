import { Worker } from 'node:worker_threads';

/** Frames (4 KiB pages) in the write-ahead log, and how many of them `log.db` has already. */
export type LogFrames = Readonly<{ log: number; checkpointed: number }>;

export type Checkpointer = Readonly<{
  /** To be told after every commit. */
  committed: () => void;
  close: () => Promise<void>;
}>;

export type CheckpointerOptions = Readonly<{
  path: string;
  frames: () => LogFrames;
  /** Keep the writer out of the log for a moment, without blocking its thread. */
  pause: () => void;
  resume: () => void;
  /** The worker is gone: the writer must checkpoint by itself. */
  onLost: () => void;
}>;

type Request = 'PASSIVE' | 'RESTART';
type Report = Readonly<{ request: Request }> & LogFrames;

/** Frames after which pages are moved to log.db beside the writer. */
const PASSIVE_FRAMES = 4_000;
/** Length of the write-ahead log from which the writer pauses so that it can begin again at its start. */
const RESTART_FRAMES = 10_000;
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
  // An idle store does not keep a process alive that has nothing else to do.
  worker.unref();
  let isBusy = false;
  let isClosing = false;
  let isLost = false;

  const ask = (request: Request): void => {
    isBusy = true;
    worker.ref();
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
    worker.unref();
    if (request === 'RESTART') options.resume();
  });
  // Without a handler a failing worker would end the process.
  worker.on('error', lose);
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      lose();
      resolve();
    });
  });

  return {
    committed: () => {
      if (isBusy || isLost) return;
      const { log, checkpointed } = options.frames();
      if (log - checkpointed >= PASSIVE_FRAMES) ask('PASSIVE');
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
