import * as t from 'io-ts';

const isWhole = (u: unknown): u is number => Number.isSafeInteger(u);

/** A whole number that is kept exactly; credits and counts are made of it. */
export const Whole = new t.Type<number>(
  'Whole',
  isWhole,
  (u, context) => (isWhole(u) ? t.success(u) : t.failure(u, context, 'expected a whole number')),
  t.identity,
);
