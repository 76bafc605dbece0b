import type { creditEvents } from '@daybook/domain/credits';
import type { Fold } from '@daybook/projection';
import type { Database } from 'better-sqlite3';
import { addTo, movementsOf, occurredAtOf, type LedgerEvent } from './movements.js';
import { ledgerRows, unknownLot, type ChargeRow, type LedgerRows, type LotRow } from './rows.js';

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;
type GrantEvent = Of<'MonthlyCreditsGranted' | 'MonthlyGrantRaised' | 'CreditsPurchased'>;
type Settlement = Of<'HoldCaptured' | 'HoldReleased' | 'ChargeReversed'>;

const originOf = (
  event: GrantEvent,
): Pick<LotRow, 'kind' | 'month' | 'plan' | 'order_number' | 'priority'> => {
  if (event.type === 'CreditsPurchased') {
    const { orderNumber, priority } = event.data;
    return { kind: 'purchased', month: null, plan: null, order_number: orderNumber, priority };
  }
  const plan = event.type === 'MonthlyGrantRaised' ? event.data.toPlan : event.data.plan;
  return { kind: 'free', month: event.data.month, plan, order_number: null, priority: 0 };
};

const openLot = ({ lots }: LedgerRows, event: GrantEvent): void => {
  const { lotId, effectiveAt, expiresAt } = event.data;
  const lot = lots.touch(event.company, lotId, () => unknownLot(event.company, lotId));
  Object.assign(lot, originOf(event), {
    effective_at: effectiveAt,
    expires_at: expiresAt,
    position: event.position,
  });
};

const openCharge = ({ charges }: LedgerRows, event: Of<'CreditsHeld'>): void => {
  const { company, position, data } = event;
  const held: ChargeRow = {
    company,
    charge_id: data.chargeId,
    session_id: data.sessionId,
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
  };
  Object.assign(
    charges.touch(company, data.chargeId, () => held),
    held,
  );
};

const statusAfter = {
  HoldCaptured: 'captured',
  HoldReleased: 'released',
  ChargeReversed: 'reversed',
} as const;

/** A settlement of a hold that was never seen changes no charge: there is nothing to say about it. */
const settleCharge = ({ charges }: LedgerRows, event: Settlement): void => {
  const { company, type, data } = event;
  const known = charges.find(company, data.chargeId);
  if (known === undefined) return;
  const charge = charges.touch(company, data.chargeId, () => known);
  charge.status = statusAfter[type];
  charge.settled_at = occurredAtOf(event);
  charge.reason = 'reason' in data ? data.reason : null;
  charge.position = event.position;
};

const changeRows = (rows: LedgerRows, event: LedgerEvent): void => {
  switch (event.type) {
    case 'MonthlyCreditsGranted':
    case 'MonthlyGrantRaised':
    case 'CreditsPurchased':
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
    case 'PurchaseRefunded':
    case 'CreditsLapsed':
      return;
  }
};

const touchAccount = ({ accounts }: LedgerRows, event: LedgerEvent): void => {
  const { company, revision, position } = event;
  const account = accounts.touch(company, '', () => ({ company, revision, position }));
  account.revision = revision;
  account.position = position;
};

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
    const charge = chargeId === null ? undefined : rows.charges.find(company, chargeId);
    const occurredAt = occurredAtOf(event);
    const sessionId = sessionIdOf(event);
    let line = 0;
    for (const { kind, lotId, amount } of movementsOf(event, charge)) {
      const lot = rows.lots.touch(company, lotId, () => unknownLot(company, lotId));
      addTo(lot, kind, amount);
      insert.run(
        position,
        line,
        company,
        occurredAt,
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
        touchAccount(rows, event);
      }
      rows.lots.flush();
      rows.charges.flush();
      rows.accounts.flush();
      return 'applied';
    },
  };
};
