import { law } from '@daybook/testing';
import fc from 'fast-check';
import {
  creditStatement,
  lotFiguresAt,
  occurredAtOf,
  statementText,
  type Closing,
  type CreditEvent,
  type CreditStatement,
  type StatementEntry,
  type StatementFigures,
} from '../../src/credits/index.js';
import { monthAfter, monthStart } from '../../src/kernel/index.js';
import { foldAll, history } from './arbitraries.js';
import { day } from './builders.js';

/*
 * Laws over the histories that arbitrary commands leave. Events are recorded in stream order; a month is
 * issued some days after its end, so that part of the history is late for it.
 */
const months = ['2024-12', '2025-01', '2025-02', '2025-03', '2025-04', '2025-05', '2025-06'];
const timeZone = fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Auckland');

const issuedAfter = (days: number, zone: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    months.map((month) => [month, monthStart(monthAfter(month), zone) + days * day]),
  );

/** Each event is recorded some days after it occurred, and never before the one in front of it. */
const recorded = (
  events: readonly CreditEvent[],
  delays: readonly number[],
): readonly StatementEntry[] => {
  let recordedAt = 0;
  return events.map((event, index) => {
    const delay = (delays[index % delays.length] ?? 0) * day;
    recordedAt = Math.max(recordedAt, occurredAtOf(event) + delay);
    return { event, eventId: `e${index}`, revision: index, recordedAt };
  });
};

/** Each month closes with the last event that was recorded when it was issued. */
const closingsOf = ({
  entries,
  issuedAt,
  zone,
}: Readonly<{
  entries: readonly StatementEntry[];
  issuedAt: Readonly<Record<string, number>>;
  zone: string;
}>): Readonly<Record<string, Closing>> =>
  Object.fromEntries(
    Object.entries(issuedAt).map(([month, at]) => {
      const revision = entries.filter(({ recordedAt = 0 }) => recordedAt <= at).length - 1;
      return [month, { revision, timeZone: zone }];
    }),
  );

const delays = fc.array(fc.integer({ min: 0, max: 45 }), { minLength: 1, maxLength: 10 });
const days = fc.integer({ min: 1, max: 40 });
const ledger = fc
  .record({ events: history, late: delays, issueDays: days, zone: timeZone })
  .map(({ events, late, issueDays, zone }) => ({
    entries: recorded(events, late),
    issuedAt: issuedAfter(issueDays, zone),
    zone,
  }))
  .map((drawn) => ({ ...drawn, issued: closingsOf(drawn) }));

const scopeOf = (
  month: string,
  zone: string,
): Readonly<{ company: string; month: string; timeZone: string }> => ({
  company: 'acme',
  month,
  timeZone: zone,
});

const expectSideBalanced = (s: StatementFigures): void => {
  const inflow = s.grantedFree + s.promotional + s.purchased + s.adjusted + s.refunded;
  const outflow = s.usedFree + s.usedPaid + s.lapsed + s.voided + (s.held - s.heldOpening);
  expect(s.opening + inflow - outflow).toBe(s.closing);
};

const expectBalanced = (s: CreditStatement): void => {
  for (const side of [s, s.free, s.paid]) expectSideBalanced(side);
  expect(s.free.closing + s.paid.closing).toBe(s.closing);
  expect(s.lapsesAhead.reduce((all, { amount }) => all + amount, 0)).toBe(s.closing);
  for (const column of ['grantedFree', 'purchased', 'usedFree', 'usedPaid', 'lapsed'] as const) {
    const sum = s.lines.reduce((all, line) => all + (line.column === column ? line.amount : 0), 0);
    expect(sum).toBe(s[column]);
  }
  for (const line of s.lines) expect(line.events).toHaveLength(1);
};

describe('Monthly statements', () => {
  law(
    'monthly statements chain: each opens with what the one before closed with, and each adds up',
    (trial) => {
      fc.assert(
        fc.property(ledger, ({ entries, issued, zone }) => {
          let before: Readonly<{ closing: number; held: number }> | undefined;
          for (const month of months) {
            const statement = creditStatement(entries, { ...scopeOf(month, zone), issued });
            const { opening, heldOpening } = statement;
            expect({ closing: opening, held: heldOpening }).toStrictEqual(
              before ?? { closing: opening, held: heldOpening },
            );
            expectBalanced(statement);
            before = { closing: statement.closing, held: statement.held };
          }
        }),
        trial,
      );
    },
  );

  law('monthly statements never change once issued, whatever is recorded afterwards', (trial) => {
    fc.assert(
      fc.property(ledger, ({ entries, issued, issuedAt, zone }) => {
        for (const month of months) {
          const scope = scopeOf(month, zone);
          const earlier = Object.fromEntries(
            Object.entries(issued).filter(([closed]) => closed < month),
          );
          const knownAt = issuedAt[month] ?? 0;
          const atIssue = creditStatement(entries, { ...scope, issued: earlier, knownAt });
          const today = creditStatement(entries, { ...scope, issued });
          expect(statementText(today)).toBe(statementText(atIssue));
        }
      }),
      trial,
    );
  });

  law(
    'monthly statements agree with the account: closing is what its lots have available at the end of the month',
    (trial) => {
      fc.assert(
        fc.property(history, timeZone, (events, zone) => {
          const entries = events.map((event, index) => ({ event, eventId: `e${index}` }));
          const [last = ''] = months.slice(-1);
          const statement = creditStatement(entries, scopeOf(last, zone));
          const figures = lotFiguresAt(foldAll(events), statement.to - 1);
          const sum = (pick: (figure: (typeof figures)[number]) => number): number =>
            figures.reduce((all, figure) => all + pick(figure), 0);
          expect(statement.closing).toBe(sum(({ available }) => available));
          expect(statement.held).toBe(sum(({ held }) => held));
        }),
        trial,
      );
    },
  );
});
