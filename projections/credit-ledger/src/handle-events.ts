import { occurredAtOf, type creditEvents } from '@daybook/domain/credits';
import type { Fold, RowKey } from '@daybook/projection';
import type { Database } from 'better-sqlite3';
import { addTo, movementsOf, type LedgerEvent } from './movements.js';
import {
  ledgerRows,
  unknownLot,
  type AccountRow,
  type ChargeRow,
  type LedgerRows,
  type LotRow,
} from './rows.js';

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;
type GrantEvent = Of<
  | 'MonthlyCreditsGranted'
  | 'MonthlyGrantRaised'
  | 'CreditsPurchased'
  | 'PromotionalCreditsGranted'
  | 'CreditsAdded'
>;
type Settlement = Of<'HoldCaptured' | 'HoldReleased' | 'ChargeReversed'>;

const originOf = (
  event: GrantEvent,
): Pick<LotRow, 'kind' | 'month' | 'plan' | 'order_number' | 'priority'> => {
  if (event.type === 'CreditsPurchased') {
    const { orderNumber, priority } = event.data;
    return { kind: 'purchased', month: null, plan: null, order_number: orderNumber, priority };
  }
  if (event.type === 'PromotionalCreditsGranted' || event.type === 'CreditsAdded') {
    const kind = event.type === 'CreditsAdded' ? 'adjustment' : 'promotional';
    return { kind, month: null, plan: null, order_number: null, priority: event.data.priority };
  }
  const plan = event.type === 'MonthlyGrantRaised' ? event.data.toPlan : event.data.plan;
  return { kind: 'free', month: event.data.month, plan, order_number: null, priority: 0 };
};

const openLot = ({ lots }: LedgerRows, event: GrantEvent): void => {
  const { lotId, effectiveAt, expiresAt } = event.data;
  const lot = lots.touch([event.company, lotId], () => unknownLot(event.company, lotId));
  Object.assign(lot, originOf(event), {
    effective_at: effectiveAt,
    expires_at: expiresAt,
    position: event.position,
  });
};

const accountOf = ({ accounts }: LedgerRows, event: LedgerEvent): AccountRow => {
  const { company, revision, position } = event;
  return accounts.touch([company], () => ({
    company,
    revision,
    position,
    charges_held: 0,
    charges_captured: 0,
    charges_released: 0,
    charges_reversed: 0,
  }));
};

const chargeKey = ({
  company,
  data,
}: Of<'CreditsHeld' | 'HoldCaptured' | 'HoldReleased' | 'ChargeReversed'>): RowKey => [
  company,
  data.sessionId,
  data.chargeId,
];

/** Stores that keep their word give a charge id once, so nothing is looked up for a new one. */
const openCharge = (rows: LedgerRows, event: Of<'CreditsHeld'>): void => {
  const { company, position, data } = event;
  rows.charges.put(chargeKey(event), {
    company,
    session_id: data.sessionId,
    charge_id: data.chargeId,
    generation: data.generation,
    status: 'held',
    amount: data.amount,
    allocations: JSON.stringify(data.allocations),
    tariff: data.tariff,
    held_at: data.heldAt,
    times_out_at: data.timesOutAt,
    settled_at: null,
    reason: null,
    position,
  });
  accountOf(rows, event).charges_held += 1;
};

const statusAfter = {
  HoldCaptured: 'captured',
  HoldReleased: 'released',
  ChargeReversed: 'reversed',
} as const;

/** A settlement of a hold that was never seen changes no charge: there is nothing to say about it. */
const settleCharge = (rows: LedgerRows, event: Settlement): void => {
  const key = chargeKey(event);
  const known = rows.charges.find(key);
  if (known === undefined) return;
  const charge = rows.charges.touch(key, () => known);
  const account = accountOf(rows, event);
  const status = statusAfter[event.type];
  account[`charges_${charge.status}`] -= 1;
  account[`charges_${status}`] += 1;
  charge.status = status;
  charge.settled_at = occurredAtOf(event);
  charge.reason = 'reason' in event.data ? event.data.reason : null;
  charge.position = event.position;
};

const changeRows = (rows: LedgerRows, event: LedgerEvent): void => {
  switch (event.type) {
    case 'MonthlyCreditsGranted':
    case 'MonthlyGrantRaised':
    case 'CreditsPurchased':
    case 'PromotionalCreditsGranted':
    case 'CreditsAdded':
      openLot(rows, event);
      return;
    case 'CreditsHeld':
      openCharge(rows, event);
      return;
    case 'HoldCaptured':
    case 'HoldReleased':
    case 'ChargeReversed':
      settleCharge(rows, event);
      return;
    default:
      // Everything else only moves credits of lots that exist, or none.
      return;
  }
};

const noteAccount = (rows: LedgerRows, event: LedgerEvent): void => {
  const account = accountOf(rows, event);
  account.revision = event.revision;
  account.position = event.position;
};

/** Captures name no lots: what they use is what their hold took. */
const chargeBehind = (rows: LedgerRows, event: LedgerEvent): ChargeRow | undefined =>
  event.type === 'HoldCaptured' ? rows.charges.find(chargeKey(event)) : undefined;

const chargeIdOf = (event: LedgerEvent): string | null =>
  'chargeId' in event.data ? event.data.chargeId : null;
const sessionIdOf = (event: LedgerEvent): string | null =>
  'sessionId' in event.data ? event.data.sessionId : null;

export const openLedger = (db: Database): Fold<keyof typeof creditEvents> => {
  const rows = ledgerRows(db);
  const insert = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');

  const book = (event: LedgerEvent): void => {
    const { company, position, recordedAt, revision, id } = event;
    const chargeId = chargeIdOf(event);
    const occurredAt = occurredAtOf(event);
    const sessionId = sessionIdOf(event);
    let line = 0;
    for (const { kind, lotId, amount } of movementsOf(event, chargeBehind(rows, event))) {
      const lot = rows.lots.touch([company, lotId], () => unknownLot(company, lotId));
      addTo(lot, kind, amount);
      insert.run(
        company,
        occurredAt,
        position,
        line,
        recordedAt,
        revision,
        id,
        kind,
        lotId,
        amount,
        chargeId,
        sessionId,
      );
      line += 1;
    }
  };

  return {
    apply: (events) => {
      for (const event of events) {
        changeRows(rows, event);
        book(event);
        noteAccount(rows, event);
      }
      rows.lots.flush();
      rows.charges.flush();
      rows.accounts.flush();
      return 'applied';
    },
  };
};
