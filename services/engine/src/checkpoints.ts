import Database from 'better-sqlite3';
import { join } from 'node:path';

/**
 * How far each process has handled the log. Written after the effects, so a crash between the two
 * makes a process handle events again, which its command ids make harmless.
 */
export type Checkpoints = Readonly<{
  read: (name: string) => number;
  write: (name: string, position: number) => void;
  close: () => void;
}>;

export const openCheckpoints = (directory: string): Checkpoints => {
  const db = new Database(join(directory, 'processes.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    'CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  );
  const select = db
    .prepare<[string], number>('SELECT position FROM checkpoints WHERE name = ?')
    .pluck();
  const upsert = db.prepare(
    'INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET position = excluded.position',
  );
  return {
    read: (name) => select.get(name) ?? 0,
    write: (name, position) => void upsert.run(name, position),
    close: () => void db.close(),
  };
};
