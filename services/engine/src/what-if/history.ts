import {
  chargeOf,
  creditAccount,
  occurredAtOf,
  type CreditAccount,
  type CreditEvent,
  type Lot,
  type LotAmount,
} from '@daybook/domain/credits';
import type { Instant } from '@daybook/domain/kernel';

/** What an account did to a lot, whatever event it was: figures after it less figures before it. */
export type Change = Readonly<{
  lot: Lot;
  granted: number;
  unallocated: number;
  held: number;
  used: number;
  lapsed: number;
  voided: number;
}>;

export type ChargeStatus = NonNullable<ReturnType<typeof chargeOf>>['status'];
export type ChargeChange = Readonly<{ chargeId: string; status: ChargeStatus }>;

/** One event on both time axes. */
export type HistoryEntry = Readonly<{
  occurredAt: Instant;
  recordedAt: Instant;
  changes: readonly Change[];
  charge: ChargeChange | null;
}>;

const hasLotId = (item: unknown): item is Readonly<{ lotId: string }> =>
  typeof item === 'object' && item !== null && 'lotId' in item && typeof item.lotId === 'string';

const lotIdsIn = (data: object): readonly string[] => {
  const named = hasLotId(data) ? [data.lotId] : [];
  for (const part of Object.values(data)) {
    if (!Array.isArray(part)) continue;
    for (const item of part as readonly unknown[]) if (hasLotId(item)) named.push(item.lotId);
  }
  return named;
};

const chargeIdIn = (data: object): string | undefined =>
  'chargeId' in data && typeof data.chargeId === 'string' ? data.chargeId : undefined;

/** A capture names no lots: they are those of its hold. */
const lotIdsOf = (account: CreditAccount, { data }: CreditEvent): ReadonlySet<string> => {
  const ids = new Set(lotIdsIn(data));
  const chargeId = chargeIdIn(data);
  const charge = chargeId === undefined ? undefined : chargeOf(account, chargeId);
  if (charge !== undefined && 'allocations' in charge)
    for (const { lot } of charge.allocations) ids.add(lot.lotId);
  return ids;
};

type Figures = Omit<Change, 'lot'>;

const none: Figures = { granted: 0, unallocated: 0, held: 0, used: 0, lapsed: 0, voided: 0 };

const figuresOf = (lot: Lot | undefined): Figures => {
  if (lot === undefined) return none;
  const { granted, unallocated, held, used, lapsed, voided } = lot;
  return { granted, unallocated, held, used, lapsed, voided };
};

/**
 * Folds an event into the account and says what it did. It reads the difference in the account, so that
 * a new type of event needs no word here.
 */
export const fold = (
  account: CreditAccount,
  event: CreditEvent,
  recordedAt: Instant,
): Readonly<{ account: CreditAccount; entry: HistoryEntry }> => {
  const before = [...lotIdsOf(account, event)].map(
    (lotId) => [lotId, figuresOf(account.lots.get(lotId))] as const,
  );
  const after = creditAccount.evolve(account, event);
  const changes: Change[] = [];
  for (const [lotId, was] of before) {
    const lot = after.lots.get(lotId);
    if (lot === undefined) continue;
    const is = figuresOf(lot);
    changes.push({
      lot,
      granted: is.granted - was.granted,
      unallocated: is.unallocated - was.unallocated,
      held: is.held - was.held,
      used: is.used - was.used,
      lapsed: is.lapsed - was.lapsed,
      voided: is.voided - was.voided,
    });
  }
  const chargeId = chargeIdIn(event.data);
  const status = chargeId === undefined ? undefined : chargeOf(after, chargeId)?.status;
  const charge = chargeId === undefined || status === undefined ? null : { chargeId, status };
  return {
    account: after,
    entry: { occurredAt: occurredAtOf(event), recordedAt, changes, charge },
  };
};

/** What a charge was taken from; it never changes. */
export type ChargeFacts = Readonly<{
  chargeId: string;
  session: string;
  credits: number;
  allocations: readonly LotAmount[];
}>;

export const chargeFactsOf = (event: CreditEvent): ChargeFacts | null => {
  if (event.type !== 'CreditsHeld') return null;
  const { chargeId, sessionId: session, amount: credits, allocations } = event.data;
  return { chargeId, session, credits, allocations };
};
