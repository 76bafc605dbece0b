import type { CommitSignal } from '@daybook/event-store';
import type Database from 'better-sqlite3';
import type { LogReader } from './log-reader.js';
import { sqliteCode } from './sqlite-error.js';

export type Tail = Readonly<{
  /** Looks for commits for as long as somebody waits for one. */
  watch: () => void;
  stop: () => void;
}>;

export type TailOptions = Readonly<{
  db: Database.Database;
  reader: LogReader;
  commits: CommitSignal;
  pollMs: number;
}>;

/**
 * Finds out about another process's commits by asking for `data_version`, a look at shared memory that costs
 * microseconds. A watch on the file would fire before the commit can be seen.
 */
export const makeTail = ({ db, reader, commits, pollMs }: TailOptions): Tail => {
  const selectVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  let timer: NodeJS.Timeout | undefined;
  let seen: number | undefined;

  const look = (): void => {
    const version = selectVersion.get();
    if (version === seen) return;
    seen = version;
    commits.announce(reader.head());
  };

  const tick = (): void => {
    timer = undefined;
    try {
      look();
    } catch (thrown) {
      if (sqliteCode(thrown) === undefined) throw thrown;
      // Whoever waits reads again and gets the failure as a value.
      commits.wakeAll();
    }
    watch();
  };

  const watch = (): void => {
    if (timer !== undefined || commits.waiting() === 0) return;
    timer = setTimeout(tick, pollMs);
  };

  return { watch, stop: () => clearTimeout(timer) };
};
