/**
 * The place of the last row of a page in its order: `[created, doc]` of a list, `[rank, doc]` of a search. Callers
 * keep it as an opaque word.
 */
export type Place = readonly [key: number, doc: number];
export type Cursor = string;

export const toCursor = (place: Place): Cursor =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

const isPlace = (value: unknown): value is Place =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => typeof part === 'number' && Number.isFinite(part));

/** Undefined for a word that no page ever gave: the border refuses it before it asks. */
export const fromCursor = (cursor: Cursor): Place | undefined => {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return isPlace(place) ? place : undefined;
  } catch {
    return undefined;
  }
};

/** A page; `next` is null on the last one. */
export type PageOf<Item> = Readonly<{ items: readonly Item[]; next: Cursor | null }>;

/** Makes a page of rows that were read with one more than the limit, to know whether others follow. */
export const toPage = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  shape: Readonly<{ item: (row: Row) => Item; place: (row: Row) => Place }>,
): PageOf<Item> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(shape.item),
    next: rows.length > limit && last !== undefined ? toCursor(shape.place(last)) : null,
  };
};

/** A cursor that cannot be read, as a refusal. */
export type CursorUnreadable = Readonly<{ _tag: 'CursorUnreadable' }>;
