/** The company first, then the ids that name the row within it. */
export type RowKey = readonly [company: string, ...ids: string[]];

/** Rows that one page touches: each loaded once, changed in memory, written once. */
export type PageRows<Row> = Readonly<{
  /** The row, to be changed in place and written at the end of the page. */
  touch: (key: RowKey, make: () => Row) => Row;
  /** Puts a whole row in the place of whatever was there. */
  put: (key: RowKey, row: Row) => void;
  /** The row if there is one; not written. */
  find: (key: RowKey) => Row | undefined;
  /** Writes what was touched and forgets everything. */
  flush: () => void;
}>;

export const pageRows = <Row extends object>(
  storage: Readonly<{ load: (key: RowKey) => Row | undefined; save: (row: Row) => void }>,
): PageRows<Row> => {
  const known = new Map<string, Row>();
  const touched = new Map<string, Row>();
  // No id contains an underscore: stream names join ids with it.
  const nameOf = (key: RowKey): string => key.join('_');
  const load = (name: string, key: RowKey): Row | undefined => {
    const held = known.get(name);
    if (held !== undefined) return held;
    const loaded = storage.load(key);
    if (loaded !== undefined) known.set(name, loaded);
    return loaded;
  };
  const keep = (name: string, row: Row): Row => {
    known.set(name, row);
    touched.set(name, row);
    return row;
  };
  return {
    find: (key) => load(nameOf(key), key),
    touch: (key, make) => {
      const name = nameOf(key);
      return touched.get(name) ?? keep(name, load(name, key) ?? make());
    },
    put: (key, row) => {
      keep(nameOf(key), row);
    },
    flush: () => {
      for (const row of touched.values()) storage.save(row);
      touched.clear();
      known.clear();
    },
  };
};
