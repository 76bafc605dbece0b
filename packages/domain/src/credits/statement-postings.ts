import { invariant, type Instant } from '../kernel/index.js';
import type { CreditEvent, LotAmount } from './events.js';

/** Columns of a statement that events move. Opening and closing follow from them. */
export type StatementColumn =
  'grantedFree' | 'purchased' | 'usedFree' | 'usedPaid' | 'lapsed' | 'voided' | 'refunded' | 'held';

/** What one column's amount does to the available credits. */
export const effectOnAvailable: Readonly<Record<StatementColumn, 1 | -1>> = {
  grantedFree: 1,
  purchased: 1,
  usedFree: -1,
  usedPaid: -1,
  lapsed: -1,
  voided: -1,
  refunded: 1,
  held: -1,
};

export type Posting = Readonly<{ lotId: string; column: StatementColumn; amount: number }>;

/** When an event was true: the instant that its own data names, epoch milliseconds. */
export const occurredAtOf = (event: CreditEvent): Instant => {
  switch (event.type) {
    case 'MonthlyCreditsGranted':
    case 'MonthlyGrantRaised':
      return event.data.effectiveAt;
    case 'CreditsPurchased':
      return event.data.purchasedAt;
    case 'PurchaseRefunded':
      return event.data.refundedAt;
    case 'CreditsHeld':
      return event.data.heldAt;
    case 'HoldCaptured':
      return event.data.capturedAt;
    case 'HoldReleased':
      return event.data.releasedAt;
    case 'ChargeReversed':
      return event.data.reversedAt;
    case 'CreditsLapsed':
      return event.data.lapsedAt;
  }
};

/** The order or charge that an event is about; null for free credits. */
export const referenceOf = (event: CreditEvent): string | null => {
  switch (event.type) {
    case 'CreditsPurchased':
    case 'PurchaseRefunded':
      return event.data.orderNumber;
    case 'CreditsHeld':
    case 'HoldCaptured':
    case 'HoldReleased':
    case 'ChargeReversed':
      return event.data.chargeId;
    case 'MonthlyCreditsGranted':
    case 'MonthlyGrantRaised':
    case 'CreditsLapsed':
      return null;
  }
};

const inColumn = (
  column: StatementColumn,
  amounts: readonly LotAmount[],
  sign: 1 | -1,
): readonly Posting[] =>
  amounts.map(({ lotId, amount }) => ({ lotId, column, amount: sign * amount }));

/** Turns events into postings; keeps only lots' kinds and the allocations of holds not settled yet. */
export type PostingSource = (event: CreditEvent) => readonly Posting[];

export const makePostingSource = (): PostingSource => {
  const usedColumn = new Map<string, 'usedFree' | 'usedPaid'>();
  const openHolds = new Map<string, readonly LotAmount[]>();

  const captured = (chargeId: string): readonly Posting[] => {
    const allocations = openHolds.get(chargeId);
    invariant(allocations !== undefined, 'a hold is recorded before its capture');
    openHolds.delete(chargeId);
    return allocations.flatMap(({ lotId, amount }) => {
      const column = usedColumn.get(lotId);
      invariant(column !== undefined, 'a lot is granted before it is used');
      return [
        { lotId, column: 'held' as const, amount: -amount },
        { lotId, column, amount },
      ];
    });
  };

  return (event) => {
    switch (event.type) {
      case 'MonthlyCreditsGranted':
      case 'MonthlyGrantRaised': {
        const { lotId, amount } = event.data;
        usedColumn.set(lotId, 'usedFree');
        return [{ lotId, column: 'grantedFree', amount }];
      }
      case 'CreditsPurchased': {
        const { lotId, amount } = event.data;
        usedColumn.set(lotId, 'usedPaid');
        return [{ lotId, column: 'purchased', amount }];
      }
      case 'PurchaseRefunded':
        return [{ lotId: event.data.lotId, column: 'voided', amount: event.data.voided }];
      case 'CreditsHeld':
        openHolds.set(event.data.chargeId, event.data.allocations);
        return inColumn('held', event.data.allocations, 1);
      case 'HoldCaptured':
        return captured(event.data.chargeId);
      case 'HoldReleased':
        openHolds.delete(event.data.chargeId);
        return inColumn('held', [...event.data.returned, ...event.data.lapsed], -1);
      case 'ChargeReversed':
        return inColumn('refunded', [...event.data.returned, ...event.data.lapsed], 1);
      case 'CreditsLapsed':
        // A lapse is a fact of the date: the statement computes it and would count this one twice.
        return [];
    }
  };
};
