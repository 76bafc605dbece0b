import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import {
  creditAccount,
  type CreditAccount,
  type CreditCommand,
  type CreditEvent,
} from '../../src/credits/index.js';
import {
  add,
  capture,
  deduct,
  grant,
  hold,
  hour,
  purchase,
  raise,
  recordLapses,
} from './builders.js';
import { promote, raiseAlerts, refund, release, reverse, timeOut, voidLot } from './builders.js';

const firstDay = Date.UTC(2025, 0, 1);

/** Few distinct instants in four months, boundaries of months among them, in no order. */
export const instant: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((step) => firstDay + step * 48 * hour),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -1, max: 1 }))
    .map(([month, offset]) => Math.max(Date.UTC(2025, month, 1) + offset, firstDay)),
);

const plan = fc.constantFrom('business', 'premium', 'free');
const sessionId = fc.constantFrom('s1', 's2', 's3', 's4', 's5');
const chargeId = fc
  .tuple(sessionId, fc.integer({ min: 0, max: 2 }))
  .map(([session, generation]) => `${session}:${generation}`);

const purchaseOf = fc
  .record({
    orderNumber: fc.constantFrom('A', 'B', 'C'),
    amount: fc.integer({ min: 1, max: 3 }),
    purchasedAt: instant.map((at) => at - 350 * 24 * hour),
    priority: fc.integer({ min: 0, max: 1 }),
  })
  .map(purchase);

const life = fc
  .tuple(instant, fc.integer({ min: 0, max: 60 }))
  .map(([effectiveAt, days]) => ({ effectiveAt, expiresAt: effectiveAt + days * 24 * hour }));

const promotion = fc
  .record({ grantId: fc.constantFrom('P', 'Q'), amount: fc.integer({ min: 1, max: 3 }), life })
  .map(({ life: lived, ...rest }) => promote({ ...rest, ...lived }));

const adjustment = fc
  .record({ adjustmentId: fc.constantFrom('X', 'Y'), amount: fc.constantFrom(1, 2), life })
  .map(({ life: lived, ...rest }) => add({ ...rest, ...lived }));

const deduction = fc
  .record({
    adjustmentId: fc.constantFrom('X', 'Z'),
    amount: fc.constantFrom(1, 3),
    deductedAt: instant,
  })
  .map(deduct);

const anyLot = fc.constantFrom('order:A', 'order:B', 'promotion:P', 'adjustment:X', 'free:2025-02');

const weighted = (
  weight: number,
  arbitrary: fc.Arbitrary<CreditCommand>,
): { weight: number; arbitrary: fc.Arbitrary<CreditCommand> } => ({ weight, arbitrary });

/** Any command, early or late, sensible or not. */
export const command: fc.Arbitrary<CreditCommand> = fc.oneof(
  weighted(3, fc.record({ plan, instant }).map(grant)),
  weighted(1, fc.record({ toPlan: plan, raisedAt: instant }).map(raise)),
  weighted(3, purchaseOf),
  weighted(
    1,
    fc.record({ orderNumber: fc.constantFrom('A', 'B'), refundedAt: instant }).map(refund),
  ),
  weighted(8, fc.record({ sessionId, heldAt: instant }).map(hold)),
  weighted(2, fc.record({ sessionId, heldAt: instant, amount: fc.constantFrom(2, 4) }).map(hold)),
  weighted(3, fc.record({ chargeId, capturedAt: instant }).map(capture)),
  weighted(4, fc.record({ chargeId, releasedAt: instant }).map(release)),
  weighted(2, fc.record({ chargeId, reversedAt: instant }).map(reverse)),
  weighted(2, promotion),
  weighted(1, adjustment),
  weighted(2, deduction),
  weighted(1, fc.record({ lotId: anyLot, voidedAt: instant }).map(voidLot)),
  weighted(
    1,
    instant.map((now) => raiseAlerts(now)),
  ),
  weighted(1, instant.map(timeOut)),
  weighted(1, instant.map(recordLapses)),
);

export const commands = fc.array(command, { minLength: 10, maxLength: 60 });

export const evolveAll = (
  account: CreditAccount,
  events: readonly CreditEvent[],
): CreditAccount => {
  let current = account;
  for (const event of events) current = creditAccount.evolve(current, event);
  return current;
};

export const foldAll = (events: readonly CreditEvent[]): CreditAccount =>
  evolveAll(creditAccount.initialState(), events);

/** What a command does to the account; a refusal does nothing. */
export const eventsOf = (account: CreditAccount, asked: CreditCommand): readonly CreditEvent[] => {
  const decision = creditAccount.decide(asked, account);
  return E.isRight(decision) ? decision.right : [];
};

/** The history that a run of commands leaves. `watch` sees each decision before it is folded. */
export const historyOf = (
  run: readonly CreditCommand[],
  watch: (
    account: CreditAccount,
    events: readonly CreditEvent[],
    asked: CreditCommand,
  ) => void = () => undefined,
): readonly CreditEvent[] => {
  const history: CreditEvent[] = [];
  let account = creditAccount.initialState();
  for (const asked of run) {
    const events = eventsOf(account, asked);
    watch(account, events, asked);
    account = evolveAll(account, events);
    for (const event of events) history.push(event);
  }
  return history;
};

/** Histories of accounts that something happened to. */
export const history: fc.Arbitrary<readonly CreditEvent[]> = commands.map((run) => historyOf(run));
