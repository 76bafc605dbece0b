import { balanceAt, creditsAsOf } from '../../src/credits/index.js';
import { addCalendarMonths, monthAfter, monthBounds } from '../../src/kernel/index.js';
import {
  april,
  capture,
  day,
  grant,
  hold,
  hour,
  march,
  minute,
  noon,
  promote,
  purchase,
  raise,
  raiseAlerts,
  recordLapses,
  refund,
  release,
  reverse,
  timeOut,
} from './builders.js';
import { openLedger, paidBy, typesOf } from './ledger.js';

/*
 * The hard cases of credit ledgers, 1 to 14, by number: lives of lots, the instant that decides, charges
 * that come back, and grants. Each is told as it happens, on the public commands and queries.
 */
const free = 'free:2025-03';
const paid = 'order:A-1';

describe('Hard cases of time', () => {
  it('1: a lot is worth all of itself one tick before its end and nothing at its end; a life of no length is worth nothing', () => {
    const ledger = openLedger();
    ledger.run(grant());
    const at = [april - 1, april, april + 1].map(
      (instant) => balanceAt(ledger.account(), instant).available,
    );
    expect(at).toStrictEqual([5, 0, 0]);
    expect(ledger.refusalOf(hold({ heldAt: april }))).toMatchObject({
      _tag: 'InsufficientCredits',
      missing: 1,
      lastLapse: { lotId: free, amount: 5, endsAt: april },
    });
    ledger.run(promote({ effectiveAt: noon, expiresAt: noon }));
    const { available, lapsed } = ledger.lot('promotion:spring', noon);
    expect({ available, lapsed }).toStrictEqual({ available: 0, lapsed: 4 });
  });

  it('2: a lapse is a fact of time: true with no sweeper, unchanged by late or repeated ones, and the alert fires though nothing happened', () => {
    const ledger = openLedger();
    ledger.run(promote());
    const lapseAt = Date.UTC(2025, 4, 1);
    const before = balanceAt(ledger.account(), lapseAt);
    expect(before.available).toBe(0);
    expect(typesOf(ledger.run(raiseAlerts(lapseAt - day)))).toStrictEqual([
      'CreditThresholdCrossed',
    ]);
    expect(typesOf(ledger.run(recordLapses(lapseAt + 90 * day)))).toStrictEqual(['CreditsLapsed']);
    expect(ledger.run(recordLapses(lapseAt + 91 * day))).toStrictEqual([]);
    expect(balanceAt(ledger.account(), lapseAt)).toStrictEqual(before);
    expect(creditsAsOf(ledger.entries(), { asOf: lapseAt - 1 }).available).toBe(4);
  });

  it('3: a purchase that ends before this month’s free credits pays before them: soonest end beats free first', () => {
    const ledger = openLedger();
    ledger.run(purchase({ purchasedAt: Date.UTC(2024, 2, 20), amount: 1 }));
    ledger.run(grant());
    expect(paidBy(ledger.run(hold()))).toStrictEqual([`${paid}=1`]);
    expect(paidBy(ledger.run(hold({ sessionId: 's2' })))).toStrictEqual([`${free}=1`]);
  });

  it('4: twelve months from 29 February and 31 January, across daylight saving; months do not drift, also where midnight does not exist', () => {
    const ledger = openLedger();
    const bought = (orderNumber: string, purchasedAt: number, timeZone: string): number => {
      ledger.run(purchase({ orderNumber, purchasedAt, timeZone }));
      return ledger.account().lots.get(`order:${orderNumber}`)?.expiresAt ?? 0;
    };
    expect(bought('leap', Date.UTC(2024, 1, 29, 8), 'UTC')).toBe(Date.UTC(2025, 1, 28, 8));
    expect(bought('jan', Date.UTC(2025, 0, 31, 8), 'UTC')).toBe(Date.UTC(2026, 0, 31, 8));
    // 10:00 in Berlin is 09:00 UTC on 30 March 2024 (winter time) and 08:00 UTC a year later (summer time).
    expect(bought('dst', Date.UTC(2024, 2, 30, 9), 'Europe/Berlin')).toBe(Date.UTC(2025, 2, 30, 8));
    expect(addCalendarMonths(Date.UTC(2025, 0, 31), 1, 'UTC')).toBe(Date.UTC(2025, 1, 28));
    // On 1 October 2017 the clocks of Asuncion went from 23:59:59 to 01:00: there was no midnight.
    const zone = 'America/Asuncion';
    expect(monthBounds('2017-10', zone).start).toBe(Date.UTC(2017, 9, 1, 4));
    let month = '2017-01';
    for (let count = 0; count < 36; count += 1) {
      expect(monthBounds(month, zone).end).toBe(monthBounds(monthAfter(month), zone).start);
      month = monthAfter(month);
    }
  });

  it('5: a session across midnight of the 1st is charged where AI was first used, once, whenever it is captured', () => {
    const ledger = openLedger();
    ledger.run(grant());
    ledger.run(grant({ instant: april }));
    expect(paidBy(ledger.run(hold({ heldAt: april - 1 })))).toStrictEqual([`${free}=1`]);
    ledger.run(capture({ capturedAt: april + hour }));
    expect(ledger.run(hold({ heldAt: april + 2 * hour }))).toStrictEqual([]);
    expect(paidBy(ledger.run(hold({ sessionId: 's2', heldAt: april })))).toStrictEqual([
      'free:2025-04=1',
    ]);
    expect(ledger.lot(free, april)).toMatchObject({ used: 1, lapsed: 4, available: 0 });
  });

  it('6: a summary and a chat that are first at once, retried, reordered, redelivered after a crash, cost one credit', () => {
    const orders = [
      [hold({ heldAt: noon }), hold({ heldAt: noon - 5 })],
      [hold({ heldAt: noon - 5 }), hold({ heldAt: noon })],
    ];
    for (const uses of orders) {
      const ledger = openLedger();
      ledger.run(grant());
      for (const use of [...uses, ...uses, capture(), ...uses, capture()]) ledger.run(use);
      expect(ledger.events().filter(({ type }) => type === 'CreditsHeld')).toHaveLength(1);
      expect(ledger.events().filter(({ type }) => type === 'HoldCaptured')).toHaveLength(1);
      expect(ledger.refusalOf(release())._tag).toBe('HoldAlreadyCaptured');
      expect(ledger.lot(free, noon)).toMatchObject({ used: 1, available: 4 });
    }
  });

  it('7: after a reversal a new AI use in the same session charges again, under the next generation', () => {
    const ledger = openLedger();
    ledger.run(grant());
    ledger.run(hold());
    ledger.run(capture());
    ledger.run(reverse());
    const [again] = ledger.run(hold({ heldAt: noon + 2 * hour }));
    expect(again).toMatchObject({ data: { chargeId: 's1:1', generation: 1 } });
    expect(ledger.run(reverse())).toStrictEqual([]);
    expect(ledger.lot(free, noon + day)).toMatchObject({ used: 0, held: 1, available: 4 });
  });

  it('8: what a charge gives back returns to its lots with their own ends, in the order they gave; into an ended lot it lapses at once, once', () => {
    const ledger = openLedger();
    ledger.run(grant());
    ledger.run(purchase());
    ledger.run(hold({ amount: 7 }));
    ledger.run(capture());
    const back = ledger.run(reverse({ reversedAt: april + day }));
    expect(back).toMatchObject([
      {
        type: 'ChargeReversed',
        data: { returned: [{ lotId: paid, amount: 2 }], lapsed: [{ lotId: free, amount: 5 }] },
      },
      { type: 'CreditsLapsed', data: { lotId: free, amount: 5, origin: 's1:0' } },
    ]);
    expect(ledger.run(recordLapses(april + 2 * day))).toStrictEqual([]);
    expect(ledger.lot(free, april + 2 * day)).toMatchObject({ lapsed: 5, used: 0 });
    expect(ledger.lot(paid, april + 2 * day)).toMatchObject({ available: 10, used: 0 });
  });

  it('9: a hold of before the end is captured after it; released after it, it lapses once; a time-out that loses the race changes nothing', () => {
    const captured = openLedger();
    captured.run(grant());
    captured.run(hold({ heldAt: april - minute }));
    expect(typesOf(captured.run(capture({ capturedAt: april + 3 * day })))).toStrictEqual([
      'HoldCaptured',
    ]);
    expect(captured.run(timeOut(april + 4 * day))).toStrictEqual([]);
    const released = openLedger();
    released.run(grant());
    released.run(hold({ heldAt: april - minute }));
    // The receipt was lost: nobody settles, and the time-out dates the release.
    const [timedOut] = released.run(timeOut(april + 9 * day));
    expect(timedOut).toMatchObject({
      type: 'HoldReleased',
      data: { releasedAt: april - minute + 48 * hour, lapsed: [{ lotId: free, amount: 1 }] },
    });
    expect(released.refusalOf(capture({ capturedAt: april + 9 * day }))._tag).toBe(
      'HoldAlreadyReleased',
    );
    expect(released.lot(free, april + 9 * day)).toMatchObject({ lapsed: 5, held: 0 });
  });
});

describe('Hard cases of grants', () => {
  it('13: missed and repeated monthly runs: each month once, with its own dates, whoever asks, also on the 1st and after a reactivation', () => {
    const ledger = openLedger();
    const months = [march, april, Date.UTC(2025, 4, 20)];
    for (const instant of [...months, ...months]) ledger.run(grant({ instant }));
    expect([...ledger.account().lots.values()].map(({ lotId }) => lotId)).toStrictEqual([
      free,
      'free:2025-04',
      'free:2025-05',
    ]);
    expect(balanceAt(ledger.account(), april + day).available).toBe(5);
    // Cancelled and activated again in the same month: the month has been granted.
    expect(ledger.run(grant({ instant: april + 5 * day, effectiveAt: april + 5 * day }))).toEqual(
      [],
    );
    expect(ledger.run(raise({ raisedAt: april }))).toMatchObject([{ data: { amount: 5 } }]);
    expect(ledger.run(raise({ raisedAt: april }))).toStrictEqual([]);
  });

  it('14: a downgrade after using more than the new allowance takes nothing back; up, down and up again adds the difference once', () => {
    const ledger = openLedger();
    ledger.run(grant({ plan: 'premium' }));
    ledger.run(hold({ amount: 8 }));
    ledger.run(capture());
    expect(ledger.run(raise({ fromPlan: 'premium', toPlan: 'business' }))).toStrictEqual([]);
    expect(balanceAt(ledger.account(), noon + day).available).toBe(2);
    expect(ledger.run(raise({ fromPlan: 'business', toPlan: 'premium' }))).toStrictEqual([]);
    const up = ledger.run(raise({ fromPlan: 'premium', toPlan: 'corporate' }));
    expect(up).toMatchObject([{ type: 'MonthlyGrantRaised', data: { amount: 5 } }]);
    expect(balanceAt(ledger.account(), noon + day).available).toBe(7);
    expect(ledger.refusalOf(refund())._tag).toBe('OrderUnknown');
  });
});
