/** Rows that one page touches: each loaded once, changed in memory, written once. */
export type PageRows<Row> = Readonly<{
  /** The row, to be changed in place and written at the end of the page. */
  touch: (company: string, id: string, make: () => Row) => Row;
  /** The row if there is one; not written. */
  find: (company: string, id: string) => Row | undefined;
  /** Writes what was touched and forgets everything. */
  flush: () => void;
}>;

export const pageRows = <Row extends object>(
  storage: Readonly<{
    load: (company: string, id: string) => Row | undefined;
    save: (row: Row) => void;
  }>,
): PageRows<Row> => {
  const known = new Map<string, Row>();
  const touched = new Set<Row>();
  // No id contains an underscore: stream names join ids with it.
  const keyOf = (company: string, id: string): string => `${company}_${id}`;
  const find = (company: string, id: string): Row | undefined => {
    const key = keyOf(company, id);
    const held = known.get(key);
    if (held !== undefined) return held;
    const loaded = storage.load(company, id);
    if (loaded !== undefined) known.set(key, loaded);
    return loaded;
  };
  return {
    find,
    touch: (company, id, make) => {
      let row = find(company, id);
      if (row === undefined) {
        row = make();
        known.set(keyOf(company, id), row);
      }
      touched.add(row);
      return row;
    },
    flush: () => {
      for (const row of touched) storage.save(row);
      touched.clear();
      known.clear();
    },
  };
};
