import type { CreditEvent, LotAmount } from '@daybook/domain/credits';
import type { Instant } from '@daybook/domain/kernel';
import {
  found,
  isAlive,
  lotNamed,
  moveOut,
  mustLive,
  once,
  sessionIn,
  sharedList,
  sumOf,
  takeLeft,
  type AuditCharge,
  type Looking,
} from './book.js';

type DataOf<Type extends CreditEvent['type']> = Extract<CreditEvent, { type: Type }>['data'];
type Opening = Readonly<{
  lotId: string;
  effectiveAt: Instant;
  expiresAt: Instant;
  amount: number;
}>;

const open = (looking: Looking, { lotId, effectiveAt, expiresAt, amount }: Opening): void => {
  const { account, event } = looking;
  const known = account.lots.get(lotId);
  if (known !== undefined) {
    const detail = 'came before';
    found(looking, { class: 'lot-granted-twice', subject: lotId, detail, beside: known.opened });
    return;
  }
  const figures = { used: 0, held: 0, voided: 0, lapsed: 0 };
  account.lots.set(lotId, { effectiveAt, expiresAt, granted: amount, opened: event, ...figures });
};

const openMonth = (looking: Looking, data: DataOf<'MonthlyCreditsGranted'>): void => {
  once(looking, looking.account.months, { class: 'month-granted-twice', subject: data.month });
  open(looking, data);
};

const openOrder = (looking: Looking, data: DataOf<'CreditsPurchased'>): void => {
  once(looking, looking.account.orders, { class: 'order-twice', subject: data.orderNumber });
  open(looking, data);
};

const voidLeft = (
  looking: Looking,
  { lotId, voided, at }: Readonly<{ lotId: string; voided: number; at: Instant }>,
): void => {
  if (voided > 0) mustLive(looking, lotId, at);
  takeLeft(looking, { lotId, amount: voided, figure: 'voided', broken: 'lot-overdrawn' });
};

const mustAddUp = (
  looking: Looking,
  what: Readonly<{ subject: string; amount: number; allocations: readonly LotAmount[] }>,
): void => {
  const sum = sumOf(what.allocations);
  if (sum === what.amount) return;
  const detail = `the lots give ${sum} of ${what.amount}`;
  found(looking, { class: 'conservation-broken', subject: what.subject, detail });
};

const deduct = (looking: Looking, data: DataOf<'CreditsDeducted'>): void => {
  const { adjustmentId: subject, amount, allocations, deductedAt } = data;
  mustAddUp(looking, { subject, amount, allocations });
  for (const taken of allocations) {
    mustLive(looking, taken.lotId, deductedAt);
    takeLeft(looking, { ...taken, figure: 'voided', broken: 'lot-overdrawn' });
  }
};

const isLive = ({ status }: AuditCharge): boolean => status === 'held' || status === 'captured';

const hold = (looking: Looking, data: DataOf<'CreditsHeld'>): void => {
  const { account, event } = looking;
  const { chargeId, sessionId, amount, allocations, heldAt, tariff } = data;
  mustAddUp(looking, { subject: chargeId, amount, allocations });
  for (const taken of allocations) {
    mustLive(looking, taken.lotId, heldAt);
    takeLeft(looking, { ...taken, figure: 'held', broken: 'lot-overdrawn' });
  }
  const session = sessionIn(account, sessionId);
  const same = account.charges.get(chargeId);
  const live = tariff === 'per-session' ? session.charges.find(isLive) : undefined;
  const other = same ?? live;
  if (other !== undefined) {
    const detail = `${chargeId} beside ${other.chargeId}`;
    found(looking, { class: 'charged-twice', subject: sessionId, detail, beside: other.held });
  }
  const charge: AuditCharge = {
    chargeId,
    tariff,
    amount,
    allocations: sharedList(account, allocations),
    heldAt,
    held: event,
    status: 'held',
  };
  account.charges.set(chargeId, charge);
  session.charges.push(charge);
};

/** The charge, if it stands where the settlement needs it; otherwise the finding. */
const chargeIn = (
  looking: Looking,
  chargeId: string,
  status: 'held' | 'captured',
): AuditCharge | null => {
  const charge = looking.account.charges.get(chargeId);
  if (charge === undefined) {
    found(looking, { class: 'charge-unknown', subject: chargeId, detail: 'never held' });
    return null;
  }
  if (charge.status === status) return charge;
  const detail = `is ${charge.status}, not ${status}`;
  found(looking, { class: 'hold-settled-twice', subject: chargeId, detail, beside: charge.held });
  return null;
};

const capture = (looking: Looking, { chargeId }: DataOf<'HoldCaptured'>): void => {
  const charge = chargeIn(looking, chargeId, 'held');
  if (charge === null) return;
  charge.status = 'captured';
  for (const taken of charge.allocations) moveOut(looking, { ...taken, from: 'held', to: 'used' });
};

const byLot = (amounts: readonly LotAmount[]): string =>
  amounts
    .map(({ lotId, amount }) => `${amount} of ${lotId}`)
    .sort()
    .join(', ');

export const lapseKey = (chargeId: string, lotId: string): string => `${chargeId}\n${lotId}`;

type GivenBack = Readonly<{
  chargeId: string;
  returned: readonly LotAmount[];
  lapsed: readonly LotAmount[];
  at: Instant;
  from: 'held' | 'used';
}>;

/** What comes back is what was taken; to a lot that has ended it lapses, and that follows as an event. */
const giveBack = (looking: Looking, charge: AuditCharge, given: GivenBack): void => {
  const { account, event } = looking;
  const { chargeId, returned, lapsed, at, from } = given;
  const [back, taken] = [byLot([...returned, ...lapsed]), byLot(charge.allocations)];
  if (back !== taken) {
    const detail = `gives back ${back}; took ${taken}`;
    const beside = charge.held;
    found(looking, { class: 'conservation-broken', subject: chargeId, detail, beside });
  }
  for (const each of returned) {
    mustLive(looking, each.lotId, at);
    moveOut(looking, { ...each, from, to: null });
  }
  for (const each of lapsed) {
    const lot = lotNamed(looking, each.lotId);
    if (lot !== undefined && isAlive(lot, at)) {
      const detail = `lapses at ${at}, before its end ${lot.expiresAt}`;
      const beside = lot.opened;
      found(looking, { class: 'lot-outside-life', subject: each.lotId, detail, beside });
    }
    moveOut(looking, { ...each, from, to: null });
    account.dueLapses.set(lapseKey(chargeId, each.lotId), { amount: each.amount, event });
  }
};

const release = (looking: Looking, data: DataOf<'HoldReleased'>): void => {
  const charge = chargeIn(looking, data.chargeId, 'held');
  if (charge === null) return;
  charge.status = 'released';
  giveBack(looking, charge, { ...data, at: data.releasedAt, from: 'held' });
};

const reverse = (looking: Looking, data: DataOf<'ChargeReversed'>): void => {
  const charge = chargeIn(looking, data.chargeId, 'captured');
  if (charge === null) return;
  charge.status = 'reversed';
  giveBack(looking, charge, { ...data, at: data.reversedAt, from: 'used' });
};

const lapse = (looking: Looking, data: DataOf<'CreditsLapsed'>): void => {
  const { account } = looking;
  const { lotId, amount, lapsedAt, origin } = data;
  const lot = account.lots.get(lotId);
  if (lot !== undefined && lapsedAt < lot.expiresAt) {
    const detail = `lapses at ${lapsedAt}, before its end ${lot.expiresAt}`;
    found(looking, { class: 'lot-outside-life', subject: lotId, detail, beside: lot.opened });
  }
  takeLeft(looking, { lotId, amount, figure: 'lapsed', broken: 'lapse-counted-twice' });
  if (origin === null) return;
  const due = account.dueLapses.get(lapseKey(origin, lotId));
  account.dueLapses.delete(lapseKey(origin, lotId));
  if (due?.amount === amount) return;
  const detail = `${amount} of ${origin}, where ${due?.amount ?? 0} were due`;
  found(looking, { class: 'lapse-counted-twice', subject: lotId, detail, beside: due?.event });
};

type Look = (looking: Looking, data: never) => void;
const nothing: Look = () => undefined;

const looks: Readonly<Record<string, Look>> = {
  MonthlyCreditsGranted: openMonth,
  MonthlyGrantRaised: open,
  CreditsPurchased: openOrder,
  PromotionalCreditsGranted: open,
  CreditsAdded: open,
  CreditsDeducted: deduct,
  PurchaseRefunded: (looking: Looking, data: DataOf<'PurchaseRefunded'>) =>
    voidLeft(looking, { ...data, at: data.refundedAt }),
  LotVoided: (looking: Looking, data: DataOf<'LotVoided'>) =>
    voidLeft(looking, { ...data, at: data.voidedAt }),
  CreditsHeld: hold,
  HoldCaptured: capture,
  HoldReleased: release,
  ChargeReversed: reverse,
  CreditsLapsed: lapse,
  StatementIssued: (looking: Looking, { month: subject }: DataOf<'StatementIssued'>) =>
    once(looking, looking.account.statements, { class: 'statement-issued-twice', subject }),
  CreditThresholdCrossed: nothing,
  CreditThresholdRearmed: nothing,
};

/**
 * Counts one event of an account. It shares no code with `evolve` or the credit ledger: what those two
 * have wrong in common would not be seen otherwise.
 */
export const lookAt = (looking: Looking, event: CreditEvent): void => {
  const look = Object.hasOwn(looks, event.type) ? looks[event.type] : undefined;
  if (look === undefined) {
    const detail = 'its credits are not counted';
    found(looking, { class: 'event-unknown', subject: event.type, detail });
    return;
  }
  look(looking, event.data as never);
};
