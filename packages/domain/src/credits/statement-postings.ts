import { invariant, type Instant } from '../kernel/index.js';
import type { CreditEvent, CreditEventData, LotAmount } from './events.js';

/** Columns of a statement that events move. Opening and closing follow from them. */
export type StatementColumn =
  | 'grantedFree'
  | 'promotional'
  | 'purchased'
  | 'adjusted'
  | 'usedFree'
  | 'usedPaid'
  | 'lapsed'
  | 'voided'
  | 'refunded'
  | 'held';

/** What one column's amount does to the available credits. */
export const effectOnAvailable: Readonly<Record<StatementColumn, 1 | -1>> = {
  grantedFree: 1,
  promotional: 1,
  purchased: 1,
  adjusted: 1,
  usedFree: -1,
  usedPaid: -1,
  lapsed: -1,
  voided: -1,
  refunded: 1,
  held: -1,
};

export type Posting = Readonly<{ lotId: string; column: StatementColumn; amount: number }>;

type InstantOf<Data> = (data: Data) => Instant;

const instants: { readonly [Type in keyof CreditEventData]: InstantOf<CreditEventData[Type]> } = {
  MonthlyCreditsGranted: ({ effectiveAt }) => effectiveAt,
  MonthlyGrantRaised: ({ effectiveAt }) => effectiveAt,
  CreditsPurchased: ({ purchasedAt }) => purchasedAt,
  PurchaseRefunded: ({ refundedAt }) => refundedAt,
  CreditsHeld: ({ heldAt }) => heldAt,
  HoldCaptured: ({ capturedAt }) => capturedAt,
  HoldReleased: ({ releasedAt }) => releasedAt,
  ChargeReversed: ({ reversedAt }) => reversedAt,
  CreditsLapsed: ({ lapsedAt }) => lapsedAt,
  PromotionalCreditsGranted: ({ effectiveAt }) => effectiveAt,
  CreditsAdded: ({ effectiveAt }) => effectiveAt,
  CreditsDeducted: ({ deductedAt }) => deductedAt,
  LotVoided: ({ voidedAt }) => voidedAt,
  StatementIssued: ({ issuedAt }) => issuedAt,
  CreditThresholdCrossed: ({ crossedAt }) => crossedAt,
  CreditThresholdRearmed: ({ rearmedAt }) => rearmedAt,
};

const instantOf = <Type extends keyof CreditEventData>(
  event: Readonly<{ type: Type; data: CreditEventData[Type] }>,
): Instant => instants[event.type](event.data);

/** When an event was true: the instant that its own data names, epoch milliseconds. */
export const occurredAtOf = (event: CreditEvent): Instant => instantOf(event);

const idOf = (data: object, key: string): string | null => {
  const id: unknown = Object.entries(data).find(([name]) => name === key)?.[1];
  return typeof id === 'string' ? id : null;
};

/** What names the business behind an event, the first that its data has. */
const references = ['orderNumber', 'chargeId', 'grantId', 'adjustmentId', 'voidId'] as const;

/** The order, charge, promotion, adjustment or void that an event is about; null for free credits. */
export const referenceOf = ({ data }: CreditEvent): string | null => {
  for (const key of references) {
    const id = idOf(data, key);
    if (id !== null) return id;
  }
  return null;
};

const inColumn = (
  column: StatementColumn,
  amounts: readonly LotAmount[],
  sign: 1 | -1,
): readonly Posting[] =>
  amounts.map(({ lotId, amount }) => ({ lotId, column, amount: sign * amount }));

/** Turns events into postings; keeps only lots' kinds and the allocations of holds not settled yet. */
export type PostingSource = (event: CreditEvent) => readonly Posting[];

/** The column in which each kind of grant arrives, and the one in which its use is counted. */
const grantColumns = {
  MonthlyCreditsGranted: ['grantedFree', 'usedFree'],
  MonthlyGrantRaised: ['grantedFree', 'usedFree'],
  PromotionalCreditsGranted: ['promotional', 'usedFree'],
  CreditsAdded: ['adjusted', 'usedFree'],
  CreditsPurchased: ['purchased', 'usedPaid'],
} as const;

type Grant = Extract<CreditEvent, { type: keyof typeof grantColumns }>;

/** Does the event open a lot? */
export const isGrant = (event: CreditEvent): event is Grant => event.type in grantColumns;

/** What events that open no lot and settle no hold post; a lapse by date is the statement's own. */
const plainPostings = (event: CreditEvent): readonly Posting[] => {
  switch (event.type) {
    case 'PurchaseRefunded':
    case 'LotVoided':
      return [{ lotId: event.data.lotId, column: 'voided', amount: event.data.voided }];
    case 'CreditsDeducted':
      return inColumn('adjusted', event.data.allocations, -1);
    case 'CreditsHeld':
      return inColumn('held', event.data.allocations, 1);
    case 'HoldReleased':
      return inColumn('held', [...event.data.returned, ...event.data.lapsed], -1);
    case 'ChargeReversed':
      return inColumn('refunded', [...event.data.returned, ...event.data.lapsed], 1);
    default:
      return [];
  }
};

export const makePostingSource = (): PostingSource => {
  const usedColumn = new Map<string, 'usedFree' | 'usedPaid'>();
  const openHolds = new Map<string, readonly LotAmount[]>();

  const granted = ({ type, data }: Grant): readonly Posting[] => {
    const [column, used] = grantColumns[type];
    usedColumn.set(data.lotId, used);
    return [{ lotId: data.lotId, column, amount: data.amount }];
  };

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
    if (isGrant(event)) return granted(event);
    if (event.type === 'HoldCaptured') return captured(event.data.chargeId);
    if (event.type === 'CreditsHeld') openHolds.set(event.data.chargeId, event.data.allocations);
    if (event.type === 'HoldReleased') openHolds.delete(event.data.chargeId);
    return plainPostings(event);
  };
};
