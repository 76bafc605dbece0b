import { describeProjectionLaws, withReadModel, type LogEntry } from '@daybook/projection/contract';
import * as fc from 'fast-check';
import { creditLedger, type CreditLedgerQueries } from '../src/index.js';
import {
  anyLog,
  added,
  captured,
  crossed,
  deducted,
  FEB,
  granted,
  held,
  HOUR,
  JAN,
  lapsed,
  MAR,
  promoted,
  purchased,
  raised,
  refunded,
  released,
  reversed,
  voided,
} from './builders.js';

describeProjectionLaws(creditLedger, anyLog);

const asked = <A>(
  entries: readonly LogEntry[],
  ask: (queries: CreditLedgerQueries) => A,
): Promise<A> => withReadModel(creditLedger, entries, (model) => model.read(ask).answer);

const freeLot = {
  lotId: 'free-2024-01',
  kind: 'free',
  month: '2024-01',
  orderNumber: null,
  priority: 0,
  effectiveAt: JAN,
  expiresAt: FEB,
  granted: 5,
  used: 0,
  held: 0,
  voided: 0,
  lapsed: 0,
  available: 5,
  upcoming: 0,
};

describe('the balance', () => {
  it('follows a charge from hold to capture, as of each instant', () =>
    asked([granted(), held(), captured()], ({ balance }) => {
      expect(balance('acme', JAN).lots).toStrictEqual([freeLot]);
      expect(balance('acme', JAN + HOUR).lots).toStrictEqual([
        { ...freeLot, held: 1, available: 4 },
      ]);
      expect(balance('acme', JAN + 2 * HOUR)).toStrictEqual({
        available: 4,
        free: 4,
        paid: 0,
        held: 0,
        nextExpiryAt: FEB,
        lots: [{ ...freeLot, used: 1, available: 4 }],
      });
    }));

  it('tells promotions and adjustments apart, counts them as free, and pays with them before paid ones', () =>
    asked(
      [purchased({ expiresAt: MAR }), added(), promoted(), deducted(), voided(), crossed('a')],
      ({ balance }) => {
        const { free, paid, lots } = balance('acme', JAN + 3 * HOUR);
        expect([free, paid]).toStrictEqual([2, 20]);
        expect(lots.map((lot) => [lot.kind, lot.granted, lot.voided, lot.available])).toStrictEqual(
          [
            ['promotional', 4, 2, 2],
            ['adjustment', 3, 3, 0],
            ['purchased', 20, 0, 20],
          ],
        );
        expect(balance('acme', JAN).lots.map(({ available }) => available)).toStrictEqual([
          4, 3, 20,
        ]);
      },
    ));

  it('loses a lot at the very instant of its expiry, without any event', () =>
    asked([granted()], ({ balance }) => {
      expect(balance('acme', FEB - 1).available).toBe(5);
      expect(balance('acme', FEB)).toStrictEqual({
        available: 0,
        free: 0,
        paid: 0,
        held: 0,
        nextExpiryAt: null,
        lots: [{ ...freeLot, available: 0, lapsed: 5 }],
      });
    }));

  it('is the same after the lapse has been written down', () =>
    asked([granted(), lapsed({ amount: 5 })], ({ balance }) => {
      expect(balance('acme', FEB - 1).available).toBe(5);
      expect(balance('acme', FEB).lots).toStrictEqual([{ ...freeLot, available: 0, lapsed: 5 }]);
    }));

  it('counts credits that come back to an ended lot as lapsed, once', () =>
    asked(
      [
        granted(),
        held({ heldAt: FEB - HOUR }),
        released({
          returned: [],
          lapsed: [{ lotId: 'free-2024-01', amount: 1 }],
          releasedAt: FEB + HOUR,
        }),
        lapsed({ origin: 's1:0', lapsedAt: FEB + HOUR }),
      ],
      ({ balance }) => {
        expect(balance('acme', FEB).lots).toStrictEqual([
          { ...freeLot, held: 1, available: 0, lapsed: 4 },
        ]);
        expect(balance('acme', FEB + HOUR).lots).toStrictEqual([
          { ...freeLot, available: 0, lapsed: 5 },
        ]);
      },
    ));

  it('does not count a lot before it begins or before it was granted', () =>
    asked([purchased({ purchasedAt: JAN, effectiveAt: FEB })], ({ balance }) => {
      expect(balance('acme', JAN - 1).lots).toStrictEqual([]);
      expect(
        balance('acme', JAN).lots.map(({ available, upcoming }) => [available, upcoming]),
      ).toStrictEqual([[0, 20]]);
      expect(balance('acme', FEB).available).toBe(20);
    }));

  it('takes a refund off the purchase and gives a reversed charge back', () =>
    asked(
      [
        purchased(),
        held({ allocations: [{ lotId: 'order-1', amount: 1 }] }),
        captured(),
        reversed({ returned: [{ lotId: 'order-1', amount: 1 }] }),
        refunded(20, MAR),
      ],
      ({ balance }) => {
        const figures = (asOf: number) =>
          balance('acme', asOf).lots.map(({ used, voided, available }) => [
            used,
            voided,
            available,
          ]);
        expect(figures(JAN + 2 * HOUR)).toStrictEqual([[1, 0, 19]]);
        expect(figures(JAN + 3 * HOUR)).toStrictEqual([[0, 0, 20]]);
        expect(figures(MAR)).toStrictEqual([[0, 20, 0]]);
      },
    ));

  it('lists lots in the order in which they pay', () =>
    asked(
      [
        purchased({ lotId: 'urgent', priority: 0, expiresAt: FEB }),
        purchased({ lotId: 'later', priority: 1, expiresAt: FEB }),
        raised(),
        granted(),
      ],
      ({ balance }) => {
        expect(balance('acme', JAN + HOUR).lots.map(({ lotId }) => lotId)).toStrictEqual([
          'free-2024-01',
          'free-2024-01-premium',
          'urgent',
          'later',
        ]);
      },
    ));

  it('never shows another company', () =>
    asked([granted({}, 'globex'), held({}, 'globex')], (queries) => {
      expect(queries.balance('acme', JAN).lots).toStrictEqual([]);
      expect(queries.chargesOfSession('acme', 's1')).toStrictEqual([]);
      expect(queries.chargeCounts('acme').held).toBe(0);
      const month = { month: '2024-01', timeZone: 'UTC', limit: 10 };
      expect(queries.entriesOfMonth('acme', month)).toStrictEqual([]);
      expect(queries.accounts()).toStrictEqual([{ company: 'globex', revision: 1, position: 2 }]);
    }));

  // Goal: "as of T" from today's sums is what a ledger of only the earlier events says. Method: both ways.
  it('as of an instant equals the balance of the events up to it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9), { maxLength: 8 }),
        async (asOf, hours) => {
          const uses = hours.toSorted().map((hour, index) =>
            held({
              chargeId: `s${index}:0`,
              sessionId: `s${index}`,
              allocations: [{ lotId: index % 2 === 0 ? 'free-2024-01' : 'order-1', amount: 1 }],
              heldAt: JAN + hour * HOUR,
            }),
          );
          const grants = [granted({ amount: 10 }), purchased()];
          const earlier = hours.filter((hour) => hour <= asOf).length;
          const at = JAN + asOf * HOUR;
          const whole = await asked([...grants, ...uses], ({ balance }) => balance('acme', at));
          const prefix = [...grants, ...uses.slice(0, earlier)];
          expect(whole).toStrictEqual(await asked(prefix, ({ balance }) => balance('acme', at)));
        },
      ),
      { numRuns: 15 },
    ));

  it('conserves: granted = used + lapsed + voided + held + available + upcoming', () =>
    fc.assert(
      fc.asyncProperty(anyLog, fc.integer({ min: -1, max: 60 }), (log, days) =>
        asked(log, ({ balance }) => {
          for (const lot of balance('acme', JAN + days * 24 * HOUR).lots) {
            const { used, lapsed: gone, voided, held: open, available, upcoming } = lot;
            expect(used + gone + voided + open + available + upcoming).toBe(lot.granted);
          }
        }),
      ),
      { numRuns: 25 },
    ));
});

describe('the entries of a month', () => {
  it('name their event, and page without gap or repeat', () =>
    asked(
      [
        granted(),
        held({
          amount: 2,
          allocations: [
            { lotId: 'free-2024-01', amount: 1 },
            { lotId: 'order-1', amount: 1 },
          ],
        }),
        captured({ capturedAt: FEB }),
      ],
      ({ entriesOfMonth }) => {
        const month = { month: '2024-01', timeZone: 'UTC', limit: 10 };
        const all = entriesOfMonth('acme', month);
        expect(
          all.map(({ position, line, kind, lotId }) => [position, line, kind, lotId]),
        ).toStrictEqual([
          [1, 0, 'granted', 'free-2024-01'],
          [2, 0, 'held', 'free-2024-01'],
          [2, 1, 'held', 'order-1'],
        ]);
        expect(all[1]).toStrictEqual({
          position: 2,
          line: 0,
          eventId: all[2]?.eventId,
          revision: 1,
          occurredAt: JAN + HOUR,
          recordedAt: 20,
          kind: 'held',
          lotId: 'free-2024-01',
          amount: 1,
          chargeId: 's1:0',
          sessionId: 's1',
        });
        const paged: unknown[] = [];
        for (let page = entriesOfMonth('acme', { ...month, limit: 1 }); page[0] !== undefined;) {
          paged.push(page[0]);
          page = entriesOfMonth('acme', { ...month, limit: 1, after: page[0] });
        }
        expect(paged).toStrictEqual(all);
        const february = entriesOfMonth('acme', { ...month, month: '2024-02' });
        expect(february.map(({ kind }) => kind)).toStrictEqual(['used', 'used']);
      },
    ));

  it('belong to the month of the time zone', () =>
    asked([granted({ effectiveAt: JAN - HOUR })], ({ entriesOfMonth }) => {
      const inZone = (timeZone: string) =>
        entriesOfMonth('acme', { month: '2024-01', timeZone, limit: 10 }).length;
      expect([inZone('UTC'), inZone('Europe/Paris')]).toStrictEqual([0, 1]);
    }));
});

describe('charges', () => {
  it('show where each charge of a session stands', () =>
    asked([held(), released(), held({ chargeId: 's1:1', generation: 1 })], (queries) => {
      const first = {
        chargeId: 's1:0',
        sessionId: 's1',
        generation: 0,
        status: 'released',
        amount: 1,
        allocations: [{ lotId: 'free-2024-01', amount: 1 }],
        tariff: 'per-session',
        heldAt: JAN + HOUR,
        timesOutAt: JAN + 49 * HOUR,
        settledAt: JAN + 2 * HOUR,
        reason: 'timed-out',
      };
      expect(queries.chargesOfSession('acme', 's1')).toStrictEqual([
        first,
        {
          ...first,
          chargeId: 's1:1',
          generation: 1,
          status: 'held',
          settledAt: null,
          reason: null,
        },
      ]);
      expect(queries.chargeCounts('acme')).toStrictEqual({
        held: 1,
        captured: 0,
        released: 1,
        reversed: 0,
      });
    }));

  it('name a session that paid twice, but not one whose first charge was taken back or that pays by blocks', () => {
    const twice = (sessionId: string, tariff = 'per-session'): readonly LogEntry[] =>
      [0, 1].flatMap((generation) => {
        const chargeId = `${sessionId}:${generation}`;
        return [
          held({ chargeId, sessionId, generation, tariff }),
          captured({ chargeId, sessionId }),
        ];
      });
    const log = [
      ...twice('s1'),
      ...twice('s2', 'assistant-blocks'),
      ...twice('s3'),
      reversed({ chargeId: 's3:0', sessionId: 's3' }),
    ];
    return asked(log, ({ chargedTwice }) => {
      expect(chargedTwice('acme')).toStrictEqual([
        { sessionId: 's1', chargeIds: ['s1:0', 's1:1'] },
      ]);
      expect(chargedTwice('globex')).toStrictEqual([]);
    });
  });
});
