import * as E from 'fp-ts/lib/Either.js';
import { fieldProblem, type Problem } from './problem.js';

type Part = string | number;
type KindOf<P extends Part> = P extends string ? 'string' : 'number';

/** The place of the last item of a page; for callers an opaque word. */
export const toCursor = (place: readonly Part[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

const parsed = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};

export const unreadableCursor = (): Problem =>
  fieldProblem(400, { field: 'cursor', reason: 'is not one that a page gave' });

/** The place that a cursor means, when its parts are of the kinds given; undefined for no cursor. */
export const fromCursor = <Place extends readonly Part[]>(
  cursor: string | undefined,
  kinds: { readonly [I in keyof Place]: KindOf<Place[I]> },
): E.Either<Problem, Place | undefined> => {
  if (cursor === undefined) return E.right(undefined);
  const place = parsed(cursor);
  const fits =
    Array.isArray(place) &&
    place.length === kinds.length &&
    place.every((part, index) => typeof part === kinds[index]);
  return fits ? E.right(place as unknown as Place) : E.left(unreadableCursor());
};

/** A page out of rows that were read with one more than the limit, to know whether others follow. */
export const pageOf = <Row>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => readonly Part[],
): Readonly<{ items: readonly Row[]; next: string | null }> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: rows.length > limit && last !== undefined ? toCursor(place(last)) : null,
  };
};
