import type { Instant } from '../kernel/index.js';

/** Only purchased credits are paid for. */
export type LotKind = 'free' | 'promotional' | 'adjustment' | 'purchased';

/** What decides which lot pays first. */
export type BurnRank = Readonly<{
  priority: number;
  expiresAt: Instant;
  kind: LotKind;
  effectiveAt: Instant;
  /** Ordinal of the lot in its account's stream: earlier recorded is lower. */
  recorded: number;
  lotId: string;
}>;

const rankOfKind = { free: 0, promotional: 1, adjustment: 2, purchased: 3 } as const;

const compareText = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/**
 * Which lot pays first (rulebook §5): priority, low first → soonest expiry → free before paid →
 * earlier effective → earlier recorded → lot id. Free are the month's credits, then promotions, then
 * adjustments: their order among each other is ours. A total order over lots with different ids. Stored
 * holds record what it gave, so changing it never changes a booked charge, only the next one.
 */
export const compareBurnOrder = (a: BurnRank, b: BurnRank): number =>
  a.priority - b.priority ||
  a.expiresAt - b.expiresAt ||
  rankOfKind[a.kind] - rankOfKind[b.kind] ||
  a.effectiveAt - b.effectiveAt ||
  a.recorded - b.recorded ||
  compareText(a.lotId, b.lotId);
