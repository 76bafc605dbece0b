import {
  balanceAt,
  chargedCredits,
  creditAccount,
  liveCharge,
  lotFiguresAt,
  type CreditAccount,
  type CreditEvent,
} from '../../src/credits/index.js';
import {
  april,
  captured,
  granted,
  held,
  hour,
  lapsed,
  march,
  noon,
  purchased,
  refunded,
  released,
  reversed,
} from './builders.js';

const accountOf = (...events: readonly CreditEvent[]): CreditAccount => {
  let account = creditAccount.initialState();
  for (const event of events) account = creditAccount.evolve(account, event);
  return account;
};
const nextYear = Date.UTC(2026, 2, 1);

describe('The balance at an instant', () => {
  it('is nothing in an account without lots', () => {
    const nothing = { available: 0, free: 0, paid: 0, held: 0, lots: [], nextExpiryAt: null };
    expect(balanceAt(accountOf(), noon)).toStrictEqual(nothing);
  });

  it('counts free and paid credits of live lots, in the order in which they pay', () => {
    const life = { priority: 0, effectiveAt: march };
    expect(balanceAt(accountOf(purchased(), granted(), held()), noon)).toStrictEqual({
      available: 14,
      free: 4,
      paid: 10,
      held: 1,
      lots: [
        { lotId: 'free:2025-03', kind: 'free', ...life, expiresAt: april, available: 4, held: 1 },
        {
          lotId: 'order:A-1',
          kind: 'purchased',
          ...life,
          expiresAt: nextYear,
          available: 10,
          held: 0,
        },
      ],
      nextExpiryAt: april,
    });
  });

  it('drops at the end of a lot by the date alone, and never before', () => {
    const account = accountOf(granted());
    const at = [march - 1, march, april - 1, april];
    expect(at.map((instant) => balanceAt(account, instant).available)).toStrictEqual([0, 5, 5, 0]);
  });

  it('shows credits that are held of a spent lot, and counts them after its end', () => {
    const account = accountOf(granted({ amount: 2 }), held(), held({ sessionId: 's2' }));
    expect(balanceAt(account, noon).lots).toStrictEqual([
      {
        lotId: 'free:2025-03',
        kind: 'free',
        priority: 0,
        effectiveAt: march,
        expiresAt: april,
        available: 0,
        held: 2,
      },
    ]);
    expect(balanceAt(account, noon).nextExpiryAt).toBeNull();
    const { lots, held: after } = balanceAt(account, april);
    expect({ lots, after }).toStrictEqual({ lots: [], after: 2 });
  });

  it('does not count a hold before its instant, nor credits before they came back', () => {
    const account = accountOf(granted({ amount: 1 }), held(), released());
    const at = [noon + hour - 1, noon + hour];
    expect(at.map((instant) => balanceAt(account, instant).available)).toStrictEqual([0, 1]);
    expect(balanceAt(accountOf(granted(), held()), noon - 1).held).toBe(0);
  });
});

describe('The figures of lots', () => {
  it('tell where every credit went, also for spent and ended lots', () => {
    const account = accountOf(
      granted(),
      purchased(),
      held(),
      captured(),
      held({ sessionId: 's2', allocations: [{ lotId: 'order:A-1', amount: 1 }] }),
      refunded({ voided: 9 }),
    );
    const free = { lotId: 'free:2025-03', kind: 'free', granted: 5, used: 1, voided: 0, held: 0 };
    const paid = { lotId: 'order:A-1', kind: 'purchased', granted: 10, used: 0 };
    const rest = { voided: 9, held: 1, lapsed: 0, available: 0 };
    expect(lotFiguresAt(account, april - 1)).toStrictEqual([
      { ...free, lapsed: 0, available: 4 },
      { ...paid, ...rest },
    ]);
    const ended = [
      { ...free, lapsed: 4, available: 0 },
      { ...paid, ...rest },
    ];
    expect(lotFiguresAt(account, april)).toStrictEqual(ended);
    const written = creditAccount.evolve(account, lapsed({ amount: 4 }));
    expect(lotFiguresAt(written, april)).toStrictEqual(ended);
  });
});

describe('The live charge of a session', () => {
  it('is the charge that is held or captured', () => {
    const live = { chargeId: 's1:0', sessionId: 's1', generation: 0, amount: 1 };
    expect(liveCharge(accountOf(granted(), held()), 's1')).toStrictEqual({
      ...live,
      status: 'held',
    });
    const settled = accountOf(granted(), held(), captured());
    expect(liveCharge(settled, 's1')).toStrictEqual({ ...live, status: 'captured' });
    expect(chargedCredits(settled, 's1')).toBe(1);
  });

  it('is missing before the first use, after a release and after a reversal', () => {
    expect(liveCharge(accountOf(), 's1')).toBeUndefined();
    expect(liveCharge(accountOf(granted(), held(), released()), 's1')).toBeUndefined();
    const takenBack = accountOf(granted(), held(), captured(), reversed());
    expect(liveCharge(takenBack, 's1')).toBeUndefined();
    expect(chargedCredits(takenBack, 's1')).toBe(0);
  });

  it('is the newest generation after a charge again', () => {
    const again = accountOf(granted(), held(), released(), held({ generation: 1 }));
    expect(liveCharge(again, 's1')?.chargeId).toBe('s1:1');
  });
});

describe('Folding', () => {
  const folding =
    (...events: readonly CreditEvent[]): (() => unknown) =>
    () =>
      accountOf(...events);

  it('throws where a history breaks a rule that decisions keep', () => {
    expect(folding(held())).toThrow('names a lot that was granted before');
    expect(folding(granted(), granted({ month: '2025-04' }))).toThrow('a lot is granted once');
    expect(folding(granted(), granted())).toThrow('a month is granted once');
    expect(folding(granted(), captured())).toThrow('a hold settles exactly once');
    expect(folding(granted(), held(), reversed())).toThrow('only a captured charge is reversed');
    expect(folding(granted(), held({ generation: 1 }))).toThrow('generations of a session follow');
    expect(folding(granted(), lapsed({ amount: 6 }))).toThrow('never gives more than it has');
    expect(folding({ type: 'Unheard' } as unknown as CreditEvent)).toThrow('Unhandled case');
  });
});
