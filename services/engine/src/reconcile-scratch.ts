import Database from 'better-sqlite3';

/** What was said under one key: each different text once, with the first number that came with it. */
export type Group = Readonly<{
  key: string;
  items: readonly Readonly<{ text: string; first: number; times: number }>[];
}>;

/** A sorter of any size: what does not fit in memory lies in a temporary file without a name. */
export type Scratch = Readonly<{
  add: (key: string, text: string, number: number) => void;
  /** The groups by key, each complete. Nothing is added while this is read. */
  groups: () => Generator<Group>;
  close: () => void;
}>;

type Row = Readonly<{ key: string; text: string; first: number; times: number }>;

const CACHE_KIB = 16_384;

/**
 * An empty file name gives SQLite a private database that it deletes when it is closed, or when the
 * process dies, in the system's temporary directory: nothing of it is ever in the data directory.
 */
export const openScratch = (): Scratch => {
  const db = new Database('');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('temp_store = FILE');
  db.exec('CREATE TABLE said (key TEXT, text TEXT, number INTEGER)');
  db.exec('BEGIN');
  const insert = db.prepare('INSERT INTO said VALUES (?, ?, ?)');
  const sorted = db.prepare<[], Row>(
    'SELECT key, text, min(number) AS first, count(*) AS times FROM said GROUP BY key, text',
  );
  return {
    add: (key, text, number) => void insert.run(key, text, number),
    groups: function* () {
      let key: string | null = null;
      let items: Row[] = [];
      for (const row of sorted.iterate()) {
        if (key !== null && row.key !== key) {
          yield { key, items };
          items = [];
        }
        key = row.key;
        items.push(row);
      }
      if (key !== null) yield { key, items };
    },
    close: () => void db.close(),
  };
};
