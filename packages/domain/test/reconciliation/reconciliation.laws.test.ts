import { law } from '@daybook/testing';
import fc from 'fast-check';
import {
  reconcileOrder,
  reconcileSession,
  type OrderFacts,
  type SessionFact,
} from '../../src/reconciliation/index.js';
import { ruleBook } from '../../src/rules/index.js';
import {
  assistant,
  AT,
  DAY,
  held,
  order,
  purchase,
  refund,
  row,
  SESSION,
  step,
  summary,
  ZONE,
} from './builders.js';

// Goal: findings depend on what is known and not on the order in which it comes. Method: small pools of
// values, so that contradictions, repeats and agreements all occur.

const shuffled = <A>(items: readonly A[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length });

const rowOf = fc.record({
  credits: fc.constantFrom(100, 50),
  purchasedAt: fc.constantFrom(AT, AT + 1, AT + DAY),
  status: fc.constantFrom('completed' as const, 'refunded' as const),
  price: fc.constantFrom('1', '2'),
});
const orders: fc.Arbitrary<OrderFacts> = fc
  .record({
    rows: fc.array(rowOf, { maxLength: 4 }),
    bought: fc.array(fc.constantFrom(100, 50), { maxLength: 2 }),
    refunds: fc.integer({ min: 0, max: 2 }),
    unreadable: fc.boolean(),
  })
  .map(({ rows, bought, refunds, unreadable }) =>
    order({
      portal: rows.map((changes, index) => row(index + 2, changes)),
      purchases: bought.map((credits, index) => purchase(index + 1, { credits })),
      refunds: Array.from({ length: refunds }, (_, index) => refund(index + 10)),
      unreadableLines: unreadable ? [99] : [],
    }),
  );

const makers = [
  (position: number) => held(position, position % 2),
  (position: number) => step('captured', position, position % 2),
  (position: number) => step('released', position, position % 2),
  (position: number) => step('reversed', position, position % 2),
  assistant,
  summary,
] as const;
const sessions: fc.Arbitrary<readonly SessionFact[]> = fc
  .array(fc.constantFrom(...makers), { maxLength: 8 })
  .map((made) => made.map((make, index) => make(index + 1)));

describe('Findings', () => {
  law('findings of an order do not depend on the order of its facts', (trial) => {
    const withShuffles = orders.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        shuffled(facts.portal),
        shuffled(facts.purchases),
        shuffled(facts.refunds),
      ),
    );
    fc.assert(
      fc.property(withShuffles, ([facts, portal, purchases, refunds]) => {
        const reconcile = reconcileOrder(ZONE, {});
        expect(reconcile({ ...facts, portal, purchases, refunds })).toStrictEqual(reconcile(facts));
      }),
      trial,
    );
  });

  law(
    'findings of an order name lines and events that are there, each once and ascending',
    (trial) => {
      fc.assert(
        fc.property(orders, (facts) => {
          const lines = facts.portal.map(({ line }) => line);
          for (const finding of reconcileOrder(ZONE, {})(facts)) {
            expect(finding.lines).toStrictEqual(
              lines.filter((line) => finding.lines.includes(line)),
            );
            const positions = finding.events.map(({ position }) => position);
            expect(positions).toStrictEqual([...new Set(positions)].sort((a, b) => a - b));
            expect(finding.lines.length + positions.length).toBeGreaterThan(0);
          }
        }),
        trial,
      );
    },
  );

  law('findings of a session do not depend on the order of its facts', (trial) => {
    const withShuffle = sessions.chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts)));
    fc.assert(
      fc.property(withShuffle, ([facts, other]) => {
        const reconcile = reconcileSession(ruleBook, {});
        expect(reconcile(SESSION, other)).toStrictEqual(reconcile(SESSION, facts));
      }),
      trial,
    );
  });

  law('findings of a session are never both: charged too much and not charged', (trial) => {
    fc.assert(
      fc.property(sessions, (facts) => {
        const classes = reconcileSession(ruleBook, {})(SESSION, facts).map((each) => each.class);
        const tooMuch = classes.filter((name) => /twice|charged-without/.test(name)).length;
        const missing = classes.filter((name) => /without-charge$/.test(name)).length;
        expect(Math.min(tooMuch, missing)).toBe(0);
      }),
      trial,
    );
  });
});
