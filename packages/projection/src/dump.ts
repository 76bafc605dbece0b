import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';

type Column = Readonly<{ name: string; pk: number }>;
type Table = Readonly<{ name: string; type: string; wr: number }>;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const tablesOf = (db: Database.Database): readonly Table[] =>
  (db.pragma('table_list') as readonly (Table & { schema: string })[])
    .filter(({ schema, name }) => schema === 'main' && !name.startsWith('sqlite_'))
    .filter(({ name, type }) => name !== 'projection_checkpoint' && type !== 'shadow')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Rows in the order of their primary key; of the row id, where a virtual table has no key. */
const rowsStatement = (db: Database.Database, table: Table): Database.Statement => {
  const columns = db.pragma(`table_info(${quoted(table.name)})`) as readonly Column[];
  const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  const order = key.length === 0 ? 'rowid' : key.map(({ name }) => quoted(name)).join(', ');
  const selected = key.length === 0 ? 'rowid, *' : '*';
  return db.prepare(`SELECT ${selected} FROM ${quoted(table.name)} ORDER BY ${order}`).raw();
};

/** What the full-text index holds, however its segments happen to lie in the file. */
const vocabularyStatement = (db: Database.Database, table: Table): Database.Statement => {
  const vocabulary = quoted(`dump_${table.name}`);
  db.exec(
    `CREATE VIRTUAL TABLE temp.${vocabulary} USING fts5vocab(main, ${quoted(table.name)}, instance)`,
  );
  return db
    .prepare(
      `SELECT term, doc, col, "offset" FROM temp.${vocabulary} ORDER BY term, doc, col, "offset"`,
    )
    .raw();
};

const LINES_PER_TURN = 5000;

const linesOf = function* (db: Database.Database): Generator<string, void, undefined> {
  for (const table of tablesOf(db)) {
    yield `table ${table.name}`;
    for (const row of rowsStatement(db, table).iterate()) yield JSON.stringify(row);
    if (table.type !== 'virtual') continue;
    yield `index ${table.name}`;
    for (const row of vocabularyStatement(db, table).iterate()) yield JSON.stringify(row);
  }
};

/**
 * Every row of a read model in one canonical order, one line each: equal lines mean equal read models,
 * whatever pages they were filled by. The checkpoint is left out: it also counts events that were only passed over.
 */
export const dump = async function* (
  model: Readonly<{ file: () => string }>,
): AsyncGenerator<string, void, undefined> {
  const db = new Database(model.file(), { readonly: true, fileMustExist: true });
  try {
    db.pragma('temp_store = MEMORY');
    // One snapshot for all tables.
    db.exec('BEGIN');
    let lines = 0;
    for (const line of linesOf(db)) {
      yield line;
      lines += 1;
      if (lines % LINES_PER_TURN === 0) await nextTurn();
    }
  } finally {
    db.close();
  }
};

/** SHA-256 of the lines of a dump, lower-case hex. */
export const digest = async (lines: AsyncIterable<string>): Promise<string> => {
  const hash = createHash('sha256');
  for await (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex');
};
