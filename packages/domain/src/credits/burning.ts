import { compareBurnOrder } from './burn-order.js';
import type { OwnedLot } from './lot.js';

/**
 * Where a lot stands, or would stand, in a list in burn order. Halving finds it in 17 steps among
 * 100,000 lots; going through them took 24 s to open that many. What ranks a lot must not change while
 * it stands in the list: it would not be found again.
 */
const placeOf = (burning: readonly OwnedLot[], lot: OwnedLot): number => {
  let from = 0;
  let to = burning.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = burning[middle];
    if (other !== undefined && compareBurnOrder(other, lot) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
};

/** Puts a lot at its place in burn order. */
export const startBurning = (burning: OwnedLot[], lot: OwnedLot): void => {
  burning.splice(placeOf(burning, lot), 0, lot);
};

/** Takes a lot out; one that is not in the list changes nothing. */
export const stopBurning = (burning: OwnedLot[], lot: OwnedLot): void => {
  const place = placeOf(burning, lot);
  if (burning[place] === lot) burning.splice(place, 1);
};
