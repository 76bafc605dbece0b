import type { Mark, TransactionalCheckpoint } from './checkpoint.js';

type Statement = Readonly<{
  run: (...values: readonly (string | number)[]) => Readonly<{ changes: number }>;
  get: (...values: readonly (string | number)[]) => unknown;
}>;

/** What is used of a better-sqlite3 database; the package is the service’s own. */
export type SqliteDatabase = Readonly<{
  exec: (sql: string) => unknown;
  prepare: (sql: string) => unknown;
  transaction: <A>(work: () => A) => Readonly<{ immediate: () => A }>;
}>;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS daybook_settled (
    subscriber TEXT PRIMARY KEY, position INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS daybook_marks (
    subscriber TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (subscriber, position)
  ) STRICT, WITHOUT ROWID;
`;

const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value;

/**
 * Marks in two small tables of the service’s own SQLite database. The effect must be synchronous, as
 * transactions of better-sqlite3 are; one that returns a promise is rolled back and thrown.
 */
export const makeSqliteCheckpoint = <Database extends SqliteDatabase>(
  database: Database,
): TransactionalCheckpoint<Database, void> => {
  database.exec(SCHEMA);
  const prepare = (sql: string): Statement => database.prepare(sql) as Statement;
  const settled = prepare('SELECT 1 FROM daybook_settled WHERE subscriber = ? AND position >= ?');
  const mark = prepare(
    'INSERT INTO daybook_marks (subscriber, position) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const raise = prepare(
    `INSERT INTO daybook_settled (subscriber, position) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET position = max(position, excluded.position)`,
  );
  const forget = prepare('DELETE FROM daybook_marks WHERE subscriber = ? AND position <= ?');
  const isNew = ({ subscriber, position }: Mark): boolean =>
    settled.get(subscriber, position) === undefined && mark.run(subscriber, position).changes === 1;
  return {
    runOnce: (one, effect) =>
      new Promise((resolve) => {
        const work = database.transaction(() => {
          if (!isNew(one)) return 'repeated';
          const result: unknown = effect(database);
          if (isThenable(result))
            throw new TypeError('An effect in SQLite is synchronous: its transaction has ended.');
          return 'done';
        });
        resolve(work.immediate());
      }),
    settle: ({ subscriber, position }) =>
      new Promise((resolve) => {
        const work = database.transaction(() => {
          raise.run(subscriber, position);
          forget.run(subscriber, position);
        });
        resolve(work.immediate());
      }),
  };
};
