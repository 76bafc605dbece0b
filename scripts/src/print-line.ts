import { writeSync } from 'node:fs';

const tick = new Int32Array(new SharedArrayBuffer(4));
const isFull = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN';

/**
 * Writes a line to standard output, whole, before anything else happens: what a program has printed, it has
 * printed even if it is killed next. A reader that is behind is waited for.
 */
export const printLine = (line: string): void => {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (thrown) {
      if (!isFull(thrown)) throw thrown;
      Atomics.wait(tick, 0, 0, 1);
    }
  }
};
