import type { creditEvents, LotAmount } from '@daybook/domain/credits';
import { assertNever } from '@daybook/domain/kernel';
import type { ProjectedEvent } from '@daybook/projection';
import type { ChargeRow, LotRow } from './rows.js';

export type LedgerEvent = ProjectedEvent<keyof typeof creditEvents>;

/** What one ledger entry does to its lot. The words are stored. */
export type EntryKind =
  | 'granted'
  | 'promotional'
  | 'purchased'
  | 'added'
  | 'deducted'
  | 'voided'
  | 'held'
  | 'used'
  | 'released'
  | 'reversed'
  | 'lapsed';

export type Movement = Readonly<{ kind: EntryKind; lotId: string; amount: number }>;

const each = (kind: EntryKind, ...lists: readonly (readonly LotAmount[])[]): readonly Movement[] =>
  lists.flatMap((list) => list.map(({ lotId, amount }) => ({ kind, lotId, amount })));

const allocationsOf = (charge: ChargeRow | undefined): readonly LotAmount[] =>
  charge === undefined ? [] : (JSON.parse(charge.allocations) as readonly LotAmount[]);

type Opening = Extract<
  LedgerEvent,
  {
    type:
      | 'MonthlyCreditsGranted'
      | 'MonthlyGrantRaised'
      | 'CreditsPurchased'
      | 'PromotionalCreditsGranted'
      | 'CreditsAdded';
  }
>;

const movementsOfExisting = (
  event: Exclude<LedgerEvent, Opening>,
  charge: ChargeRow | undefined,
): readonly Movement[] => {
  switch (event.type) {
    case 'PurchaseRefunded':
    case 'LotVoided':
      return [{ kind: 'voided', lotId: event.data.lotId, amount: event.data.voided }];
    case 'CreditsDeducted':
      return each('deducted', event.data.allocations);
    case 'CreditsHeld':
      return each('held', event.data.allocations);
    case 'HoldCaptured':
      return each('used', allocationsOf(charge));
    case 'HoldReleased':
      return each('released', event.data.returned, event.data.lapsed);
    case 'ChargeReversed':
      return each('reversed', event.data.returned, event.data.lapsed);
    case 'CreditsLapsed':
      return [{ kind: 'lapsed', lotId: event.data.lotId, amount: event.data.amount }];
    case 'StatementIssued':
    case 'CreditThresholdCrossed':
    case 'CreditThresholdRearmed':
      return [];
    default:
      return assertNever(event);
  }
};

/**
 * The lots that an event moves credits of. A release or reversal of credits whose lot has ended counts in both its
 * lists: the lapse itself is the `CreditsLapsed` that follows.
 */
export const movementsOf = (
  event: LedgerEvent,
  charge: ChargeRow | undefined,
): readonly Movement[] => {
  switch (event.type) {
    case 'MonthlyCreditsGranted':
    case 'MonthlyGrantRaised':
      return [{ kind: 'granted', lotId: event.data.lotId, amount: event.data.amount }];
    case 'CreditsPurchased':
      return [{ kind: 'purchased', lotId: event.data.lotId, amount: event.data.amount }];
    case 'PromotionalCreditsGranted':
      return [{ kind: 'promotional', lotId: event.data.lotId, amount: event.data.amount }];
    case 'CreditsAdded':
      return [{ kind: 'added', lotId: event.data.lotId, amount: event.data.amount }];
    default:
      return movementsOfExisting(event, charge);
  }
};
type Figures = Pick<LotRow, 'granted' | 'used' | 'held' | 'voided' | 'lapsed'>;

/** Adds an entry to the figures of its lot; a negative amount takes it away again. */
export const addTo = (figures: Figures, kind: EntryKind, amount: number): void => {
  switch (kind) {
    case 'granted':
    case 'promotional':
    case 'purchased':
    case 'added':
      figures.granted += amount;
      return;
    case 'deducted':
    case 'voided':
      figures.voided += amount;
      return;
    case 'held':
      figures.held += amount;
      return;
    case 'used':
      figures.held -= amount;
      figures.used += amount;
      return;
    case 'released':
      figures.held -= amount;
      return;
    case 'reversed':
      figures.used -= amount;
      return;
    case 'lapsed':
      figures.lapsed += amount;
      return;
    default:
      assertNever(kind);
  }
};
