import * as E from 'fp-ts/lib/Either.js';

/** The columns that are read, by the name under which they are documented. */
export const columnNames = [
  'order number',
  'purchased at',
  'credits',
  'price',
  'currency',
  'status',
  'invoice number',
] as const;
export type ColumnName = (typeof columnNames)[number];

const required: readonly ColumnName[] = ['order number', 'purchased at', 'credits'];

/** Where each known column stands in a line. */
export type Columns = Readonly<{
  at: ReadonlyMap<ColumnName, number>;
  /** Fields of every line. */
  width: number;
  /** Columns that are not read, by name, without signs that a terminal would obey. */
  ignored: readonly string[];
}>;

export type HeaderProblem =
  | Readonly<{ _tag: 'ColumnsMissing'; missing: readonly ColumnName[] }>
  | Readonly<{ _tag: 'ColumnTwice'; column: ColumnName }>;

/** `Order Number`, `order_number` and `orderNumber` are one name. */
const plainName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const known = new Map<string, ColumnName>(columnNames.map((name) => [plainName(name), name]));

const SHOWN_NAME_MAX = 60;
const shownName = (name: string): string =>
  name.replace(/\p{C}/gu, '').trim().slice(0, SHOWN_NAME_MAX) || '(no name)';

/** Finds the columns in the fields of the first line, in whatever order they stand there. */
export const readHeader = (fields: readonly string[]): E.Either<HeaderProblem, Columns> => {
  const at = new Map<ColumnName, number>();
  const ignored: string[] = [];
  for (const [index, field] of fields.entries()) {
    const column = known.get(plainName(field));
    if (column === undefined) {
      ignored.push(shownName(field));
      continue;
    }
    if (at.has(column)) return E.left({ _tag: 'ColumnTwice', column });
    at.set(column, index);
  }
  const missing = required.filter((column) => !at.has(column));
  return missing.length > 0
    ? E.left({ _tag: 'ColumnsMissing', missing })
    : E.right({ at, width: fields.length, ignored });
};
