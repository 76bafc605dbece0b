import { law } from '@daybook/testing';
import fc from 'fast-check';
import {
  balanceAt,
  creditAccount,
  creditsAsOf,
  creditStatement,
  lotFiguresAt,
  occurredAtOf,
  restoreAccount,
  snapshotOf,
  type CreditAccount,
  type CreditAccountSnapshot,
  type CreditCommand,
  type CreditEvent,
  type LotFigures,
  type StatementEntry,
} from '../../src/credits/index.js';
import { monthBounds } from '../../src/kernel/index.js';
import {
  commands,
  eventsOf,
  evolveAll,
  foldAll,
  history,
  historyOf,
  instant,
} from './arbitraries.js';
import { add, capture, day, grant, hold, hour, promote, purchase, release } from './builders.js';

/*
 * Laws of the whole ledger: what a signature rests on. Histories are those that arbitrary commands leave,
 * late and out of order ones included.
 */
const year = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`);
const base = { company: 'acme', timeZone: 'UTC' };

/** Recorded in stream order, each some days after it occurred. */
const recorded = (events: readonly CreditEvent[]): readonly StatementEntry[] => {
  let recordedAt = 0;
  return events.map((event, revision) => {
    recordedAt = Math.max(recordedAt, occurredAtOf(event) + (revision % 5) * 9 * day);
    return { event, eventId: `e${revision}`, revision, recordedAt };
  });
};

const byLot = (figures: readonly LotFigures[]): readonly LotFigures[] =>
  figures.toSorted((a, b) => (a.lotId < b.lotId ? -1 : 1));

/** Conserved, whole, and neither below zero nor above what was granted. */
const isWithin = ({ granted, used, lapsed, voided, held, available }: LotFigures): boolean =>
  used + lapsed + voided + held + available === granted &&
  [used, lapsed, voided, held, available].every(
    (figure) => Number.isSafeInteger(figure) && figure >= 0 && figure <= granted,
  );

const boundariesOf = (events: readonly CreditEvent[]): readonly number[] => [
  ...new Set(events.flatMap((event) => [occurredAtOf(event) - 1, occurredAtOf(event)])),
];

const runAll = (run: readonly CreditCommand[]): CreditAccount => foldAll(historyOf(run));

describe('The ledger', () => {
  law('the ledger is consistent on both time axes at every boundary of an event', (trial) => {
    fc.assert(
      fc.property(history, fc.nat(), (events, pick) => {
        const entries = recorded(events);
        const known = entries[pick % Math.max(entries.length, 1)]?.recordedAt ?? 0;
        const prefix = entries.filter(({ recordedAt = 0 }) => recordedAt <= known);
        for (const asOf of boundariesOf(events)) {
          const then = creditsAsOf(entries, { asOf, knownAt: known });
          // What is recorded later never changes what was known.
          expect(JSON.stringify(then)).toBe(JSON.stringify(creditsAsOf(prefix, { asOf })));
          expect(then.lots.filter((lot) => !isWithin(lot))).toStrictEqual([]);
          expect(then.available).toBe(then.lots.reduce((all, lot) => all + lot.available, 0));
        }
      }),
      trial,
    );
  });

  law(
    'the ledger says of the last instant what the account says, for every prefix that was ever known',
    (trial) => {
      fc.assert(
        fc.property(history, (events) => {
          const entries = recorded(events);
          for (let length = 1; length <= entries.length; length += 7) {
            const prefix = events.slice(0, length);
            const asOf = Math.max(...prefix.map(occurredAtOf));
            const then = creditsAsOf(entries.slice(0, length), { asOf });
            expect(then.lots).toStrictEqual(lotFiguresAt(foldAll(prefix), asOf));
          }
        }),
        trial,
      );
    },
  );

  law(
    'the ledger closes a month with the balance of its last instant, as known whenever',
    (trial) => {
      fc.assert(
        fc.property(history, instant, (events, knownAt) => {
          const entries = recorded(events);
          for (const month of ['2025-01', '2025-02', '2025-04']) {
            const { closing, held, free, to } = creditStatement(entries, {
              ...base,
              month,
              knownAt,
            });
            const then = creditsAsOf(entries, { asOf: to - 1, knownAt });
            expect([closing, held, free.closing]).toStrictEqual([
              then.available,
              then.held,
              then.free,
            ]);
          }
        }),
        trial,
      );
    },
  );

  law('the ledger has months that add up to the year', (trial) => {
    fc.assert(
      fc.property(history, (events) => {
        const entries = recorded(events);
        const months = year.map((month) => creditStatement(entries, { ...base, month }));
        const start = monthBounds('2025-01', 'UTC').start;
        const end = monthBounds('2025-12', 'UTC').end;
        const opening = creditsAsOf(entries, { asOf: start - 1 });
        const closing = creditsAsOf(entries, { asOf: end - 1 });
        const sum = (column: 'grantedFree' | 'promotional' | 'purchased' | 'lapsed'): number =>
          months.reduce((all, statement) => all + statement[column], 0);
        const granted = (lots: readonly LotFigures[]): number =>
          lots.reduce((all, lot) => all + lot.granted, 0);
        const lapsed = (lots: readonly LotFigures[]): number =>
          lots.reduce((all, lot) => all + lot.lapsed, 0);
        expect([months[0]?.opening, months[11]?.closing]).toStrictEqual([
          opening.available,
          closing.available,
        ]);
        const added = events.reduce(
          (all, event) => all + (event.type === 'CreditsAdded' ? event.data.amount : 0),
          0,
        );
        expect(sum('grantedFree') + sum('promotional') + sum('purchased') + added).toBe(
          granted(closing.lots) - granted(opening.lots),
        );
        expect(sum('lapsed')).toBe(lapsed(closing.lots) - lapsed(opening.lots));
      }),
      trial,
    );
  });

  law(
    'the ledger is the same with any of its snapshots deleted, byte for byte, wherever folding stops',
    (trial) => {
      fc.assert(
        fc.property(history, fc.array(fc.boolean(), { minLength: 60 }), (events, kept) => {
          let account = foldAll([]);
          events.forEach((event, index) => {
            account = evolveAll(account, [event]);
            if (kept[index % kept.length] !== true) return;
            const stored = JSON.stringify(snapshotOf(account));
            account = restoreAccount(JSON.parse(stored) as CreditAccountSnapshot);
          });
          const whole = foldAll(events);
          expect(JSON.stringify(snapshotOf(account))).toBe(JSON.stringify(snapshotOf(whole)));
          expect(account.burning.map(({ lotId }) => lotId)).toStrictEqual(
            whole.burning.map(({ lotId }) => lotId),
          );
        }),
        trial,
      );
    },
  );

  law('the ledger does not depend on the order of independent inputs', (trial) => {
    const march = Date.UTC(2025, 2, 1);
    const grants: readonly CreditCommand[] = [
      grant({ instant: march }),
      grant({ instant: Date.UTC(2025, 3, 1) }),
      purchase({ orderNumber: 'A', amount: 3 }),
      purchase({ orderNumber: 'B', amount: 4, purchasedAt: march + hour }),
      promote(),
      add({ effectiveAt: march + 2 * hour }),
    ];
    const sessions = ['s1', 's2', 's3', 's4'];
    const holds = sessions.map((sessionId) => hold({ sessionId }));
    const settled = sessions.map((sessionId, index) =>
      index % 2 === 0
        ? capture({ chargeId: `${sessionId}:0` })
        : release({ chargeId: `${sessionId}:0` }),
    );
    const shuffled = <Item>(items: readonly Item[]): fc.Arbitrary<readonly Item[]> =>
      fc.shuffledSubarray([...items], { minLength: items.length });
    const asked = fc
      .tuple(shuffled(grants), shuffled(settled))
      .map(([first, last]) => [...first, ...holds, ...last]);
    const reference = runAll([...grants, ...holds, ...settled]);
    fc.assert(
      fc.property(asked, instant, (run, at) => {
        const account = runAll(run);
        expect(byLot(lotFiguresAt(account, at))).toStrictEqual(byLot(lotFiguresAt(reference, at)));
        expect(balanceAt(account, at).available).toBe(balanceAt(reference, at).available);
      }),
      trial,
    );
  });

  law(
    'the ledger ignores the redelivery of any prefix: nothing is granted, settled, adjusted, voided or issued again',
    (trial) => {
      // A hold that is asked for again after its charge came back is a new AI use; what only time does
      // depends on what came since. Both have laws of their own.
      const timeDriven = ['HoldCredits', 'TimeOutHolds', 'RecordLapses', 'RaiseAlerts'];
      fc.assert(
        fc.property(commands, fc.nat(), (run, cut) => {
          const accepted: CreditCommand[] = [];
          const events = historyOf(run, (_account, decided, asked) => {
            if (decided.length > 0 && !timeDriven.includes(asked.type)) accepted.push(asked);
          });
          const account = foldAll(events);
          for (const asked of accepted.slice(0, cut % (accepted.length + 1))) {
            expect([asked.type, eventsOf(account, asked)]).toStrictEqual([asked.type, []]);
          }
        }),
        trial,
      );
    },
  );

  law(
    'the ledger returns to its start, minus what lapsed or was voided, when every charge is taken back',
    (trial) => {
      fc.assert(
        fc.property(history, (events) => {
          let account = foldAll(events);
          const at = Math.max(0, ...events.map(occurredAtOf));
          for (const [sessionId, charges] of [...account.charges]) {
            charges.forEach((_charge, generation) => {
              const chargeId = `${sessionId}:${generation}`;
              const back: CreditCommand[] = [
                { type: 'ReleaseHold', chargeId, reason: 'timed-out', releasedAt: at },
                { type: 'ReverseCharge', chargeId, reason: 'charged-in-error', reversedAt: at },
              ];
              for (const asked of back) account = evolveAll(account, eventsOf(account, asked));
            });
          }
          for (const lot of lotFiguresAt(account, at)) {
            const { granted, lapsed, voided, available, used, held } = lot;
            expect([used, held, available]).toStrictEqual([0, 0, granted - lapsed - voided]);
          }
          expect([account.used, account.held]).toStrictEqual([0, 0]);
        }),
        trial,
      );
    },
  );

  law(
    'the ledger fires an alert once per crossing: crossings and re-armings of one alert alternate, crossing first',
    (trial) => {
      fc.assert(
        fc.property(history, (events) => {
          const standing = new Set<string>();
          for (const event of events) {
            if (event.type === 'CreditThresholdCrossed') {
              expect(standing.has(event.data.alert)).toBe(false);
              standing.add(event.data.alert);
            }
            if (event.type === 'CreditThresholdRearmed') {
              expect(standing.delete(event.data.alert)).toBe(true);
            }
          }
          expect(creditAccount.initialState().alerts.size).toBe(0);
        }),
        trial,
      );
    },
  );
});
