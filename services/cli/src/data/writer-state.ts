import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../error-code.js';

/** Who writes the log, by the note that a writer leaves beside its lock. */
export type WriterState = Readonly<{ pid: number; since: string; isAlive: boolean }> | null;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // A process of somebody else is alive, too.
    return errorCode(thrown) === 'EPERM';
  }
};

/** The lock itself is left alone: to open it would take it from a writer in this process. */
export const writerOf = (logDirectory: string): WriterState => {
  const note = join(logDirectory, 'writer.json');
  if (!existsSync(note)) return null;
  try {
    const { pid, since } = Object(JSON.parse(readFileSync(note, 'utf8'))) as Record<
      string,
      unknown
    >;
    return typeof pid === 'number' && typeof since === 'string'
      ? { pid, since, isAlive: isAlive(pid) }
      : null;
  } catch {
    return null;
  }
};
