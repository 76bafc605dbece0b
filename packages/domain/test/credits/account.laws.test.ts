import { law } from '@daybook/testing';
import fc from 'fast-check';
import {
  balanceAt,
  compareBurnOrder,
  creditAccount,
  liveCharge,
  lotFiguresAt,
  occurredAtOf,
  restoreAccount,
  snapshotOf,
  type CreditAccount,
  type CreditAccountSnapshot,
  type CreditEvent,
  type LotFigures,
} from '../../src/credits/index.js';
import {
  commands,
  eventsOf,
  evolveAll,
  foldAll,
  history,
  historyOf,
  instant,
} from './arbitraries.js';
import { hour, recordLapses } from './builders.js';

/*
 * Laws over arbitrary runs of commands, late and out of order ones included. What must hold is computed
 * from the events or from the public figures, not from the account's own sums.
 */
const farFuture = Date.UTC(2030, 0, 1);

const expectConserved = (lot: LotFigures): void => {
  const { granted, used, lapsed, voided, held, available } = lot;
  expect(used + lapsed + voided + held + available).toBe(granted);
  for (const figure of [granted, used, lapsed, voided, held, available]) {
    expect(Number.isSafeInteger(figure) && figure >= 0).toBe(true);
  }
};

type Movement = Readonly<{ lotId: string; at: number; change: number }>;

/** What each event does to what a lot has free, dated where the event was true. */
const movementsOf = (event: CreditEvent): readonly Movement[] => {
  const at = occurredAtOf(event);
  const { data } = event;
  if ('effectiveAt' in data) return [{ lotId: data.lotId, at, change: data.amount }];
  if ('voided' in data) return [{ lotId: data.lotId, at, change: -data.voided }];
  if ('allocations' in data) {
    return data.allocations.map(({ lotId, amount }) => ({ lotId, at, change: -amount }));
  }
  if ('returned' in data) {
    const back = [...data.returned, ...data.lapsed];
    return back.map(({ lotId, amount }) => ({ lotId, at, change: amount }));
  }
  return event.type === 'CreditsLapsed'
    ? [{ lotId: event.data.lotId, at, change: -event.data.amount }]
    : [];
};

const throughJson = (snapshot: CreditAccountSnapshot): CreditAccountSnapshot =>
  JSON.parse(JSON.stringify(snapshot)) as CreditAccountSnapshot;

describe('The credit account', () => {
  law(
    'the credit account accounts for every credit of every lot at every step and every instant',
    (trial) => {
      fc.assert(
        fc.property(commands, instant, (run, at) => {
          historyOf(run, (account) => {
            for (const lot of lotFiguresAt(account, at)) expectConserved(lot);
            const { available, free, paid, held } = balanceAt(account, at);
            expect(available).toBe(free + paid);
            expect(Math.min(free, paid, held)).toBeGreaterThanOrEqual(0);
          });
        }),
        trial,
      );
    },
  );

  law(
    'the credit account spends no credit twice: no lot was below zero at any instant, also in hindsight',
    (trial) => {
      fc.assert(
        fc.property(history, (events) => {
          const movements = events.flatMap(movementsOf);
          for (const { lotId, at } of movements) {
            let free = 0;
            for (const other of movements) {
              if (other.lotId === lotId && other.at <= at) free += other.change;
            }
            expect(free).toBeGreaterThanOrEqual(0);
          }
        }),
        trial,
      );
    },
  );

  law('the credit account changes nothing when a command is repeated', (trial) => {
    fc.assert(
      fc.property(commands, (run) => {
        let account = creditAccount.initialState();
        for (const asked of run) {
          account = evolveAll(account, eventsOf(account, asked));
          expect(eventsOf(account, asked)).toStrictEqual([]);
        }
      }),
      trial,
    );
  });

  law(
    'the credit account holds from live lots only, first payer first, and leaves none half used before the next',
    (trial) => {
      const expectInOrder = (account: CreditAccount, event: CreditEvent): void => {
        if (event.type !== 'CreditsHeld') return;
        const { allocations, heldAt, amount } = event.data;
        const payers = balanceAt(account, heldAt).lots.filter((lot) => lot.available > 0);
        const order = account.burning.toSorted(compareBurnOrder).map(({ lotId }) => lotId);
        payers.sort((a, b) => order.indexOf(a.lotId) - order.indexOf(b.lotId));
        let open = amount;
        const expected = payers.flatMap(({ lotId, available }) => {
          const given = Math.min(available, open);
          open -= given;
          return given > 0 ? [{ lotId, amount: given }] : [];
        });
        expect(allocations).toStrictEqual(expected);
      };
      fc.assert(
        fc.property(commands, (run) => {
          historyOf(run, (account, events) => {
            for (const event of events) expectInOrder(account, event);
          });
        }),
        trial,
      );
    },
  );

  law(
    'the credit account never opens a second charge of a session that owes one credit and has one',
    (trial) => {
      fc.assert(
        fc.property(commands, (run) => {
          historyOf(run, (account, events, asked) => {
            if (asked.type !== 'HoldCredits' || asked.amount !== undefined) return;
            if (liveCharge(account, asked.sessionId) !== undefined)
              expect(events).toStrictEqual([]);
          });
        }),
        trial,
      );
    },
  );

  law(
    'the credit account is the same however its history is cut, with a snapshot at the cut or without',
    (trial) => {
      const cut = history.chain((events) =>
        fc.tuple(fc.constant(events), fc.integer({ min: 0, max: events.length })),
      );
      fc.assert(
        fc.property(cut, ([events, at]) => {
          const whole = snapshotOf(foldAll(events));
          const prefix = foldAll(events.slice(0, at));
          const restored = restoreAccount(throughJson(snapshotOf(prefix)));
          expect(snapshotOf(evolveAll(restored, events.slice(at)))).toStrictEqual(whole);
          expect(snapshotOf(evolveAll(prefix, events.slice(at)))).toStrictEqual(whole);
        }),
        trial,
      );
    },
  );

  law(
    'the credit account decides after a snapshot as it would have decided without it',
    (trial) => {
      fc.assert(
        fc.property(history, commands, (events, run) => {
          const restored = restoreAccount(throughJson(snapshotOf(foldAll(events))));
          const original = foldAll(events);
          for (const asked of run) {
            expect(creditAccount.decide(asked, restored)).toStrictEqual(
              creditAccount.decide(asked, original),
            );
          }
        }),
        trial,
      );
    },
  );

  law('the credit account keeps a snapshot as it was while the account goes on', (trial) => {
    fc.assert(
      fc.property(history, history, (events, more) => {
        const account = foldAll(events);
        const snapshot = snapshotOf(account);
        const before = JSON.stringify(snapshot);
        const ids = new Set(account.lots.keys());
        const further = more.filter((event) => event.type === 'CreditsPurchased');
        evolveAll(
          account,
          further.filter((event) => !ids.has(event.data.lotId)),
        );
        evolveAll(account, eventsOf(account, recordLapses(farFuture)));
        expect(JSON.stringify(snapshot)).toBe(before);
      }),
      trial,
    );
  });

  law(
    'the credit account gives everything back when every charge is released or reversed, minus what lapsed or was voided',
    (trial) => {
      fc.assert(
        fc.property(history, instant, (events, at) => {
          let account = foldAll(events);
          for (const [sessionId, charges] of [...account.charges]) {
            charges.forEach((charge, generation) => {
              const chargeId = `${sessionId}:${generation}`;
              const asked =
                charge.status === 'held'
                  ? ({
                      type: 'ReleaseHold',
                      chargeId,
                      reason: 'timed-out',
                      releasedAt: at,
                    } as const)
                  : ({
                      type: 'ReverseCharge',
                      chargeId,
                      reason: 'charged-in-error',
                      reversedAt: at,
                    } as const);
              account = evolveAll(account, eventsOf(account, asked));
            });
          }
          for (const lot of lotFiguresAt(account, at)) {
            expect({ used: lot.used, held: lot.held }).toStrictEqual({ used: 0, held: 0 });
            expectConserved(lot);
          }
        }),
        trial,
      );
    },
  );

  law('the credit account answers the same whether or not lapses were written down', (trial) => {
    fc.assert(
      fc.property(history, instant, (events, now) => {
        const figures = lotFiguresAt(foldAll(events), now);
        const balance = balanceAt(foldAll(events), now);
        const account = foldAll(events);
        const written = evolveAll(account, eventsOf(account, recordLapses(now)));
        expect(lotFiguresAt(written, now)).toStrictEqual(figures);
        expect(balanceAt(written, now)).toStrictEqual(balance);
      }),
      trial,
    );
  });

  law(
    'the credit account ends every lot exactly at its end: all of it an instant before, nothing from then on',
    (trial) => {
      fc.assert(
        fc.property(history, (events) => {
          const account = foldAll(events);
          for (const lot of account.burning) {
            const at = (time: number): number =>
              balanceAt(account, time).lots.find(({ lotId }) => lotId === lot.lotId)?.available ??
              0;
            const backBefore = lot.returned.every(({ since }) => since < lot.expiresAt);
            if (backBefore && lot.expiresAt > lot.effectiveAt) {
              expect(at(lot.expiresAt - 1)).toBe(lot.unallocated);
            }
            expect(at(lot.expiresAt)).toBe(0);
            expect(at(lot.expiresAt + hour)).toBe(0);
          }
        }),
        trial,
      );
    },
  );
});
