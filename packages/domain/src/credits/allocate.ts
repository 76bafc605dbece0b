import type { Instant } from '../kernel/index.js';
import type { LotAmount } from './events.js';
import { usableAt, type Lot } from './lot.js';

/** What each lot gives, first payer first, and what the lots that live at `instant` had in all. */
export const allocate = (
  burning: readonly Lot[],
  needed: number,
  instant: Instant,
): Readonly<{ allocations: readonly LotAmount[]; available: number }> => {
  const allocations: LotAmount[] = [];
  let available = 0;
  for (const lot of burning) {
    const usable = usableAt(lot, instant);
    if (usable <= 0) continue;
    allocations.push({ lotId: lot.lotId, amount: Math.min(usable, needed - available) });
    available += usable;
    if (available >= needed) break;
  }
  return { allocations, available };
};
