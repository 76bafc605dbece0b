import { specificationFor } from '@daybook/testing';
import { creditAccount, creditAccountUnder } from '../../src/credits/index.js';
import { ruleBook } from '../../src/rules/index.js';
import {
  captured,
  day,
  granted,
  held,
  hour,
  lapsed,
  march,
  noon,
  purchase,
  purchased,
  refund,
  refunded,
  release,
  released,
} from './builders.js';

const given = specificationFor(creditAccount);
const ofOrder = (amount: number): { lotId: string; amount: number }[] => [
  { lotId: 'order:A-1', amount },
];

describe('Purchasing credits', () => {
  it('gives them twelve calendar months', () => {
    given(granted()).when(purchase()).then(purchased());
  });

  it('clamps the day to the last of the month: 29 February lapses on 28 February', () => {
    const purchasedAt = Date.UTC(2024, 1, 29, 8);
    const expiresAt = Date.UTC(2025, 1, 28, 8);
    given()
      .when(purchase({ purchasedAt }))
      .then(purchased({ purchasedAt, effectiveAt: purchasedAt, expiresAt }));
  });

  it('keeps the local time across a change of daylight saving', () => {
    // 29 March 2025, 12:00 in Berlin is winter time; a year later summer time has begun on that day.
    const purchasedAt = Date.UTC(2025, 2, 29, 11);
    const expiresAt = Date.UTC(2026, 2, 29, 10);
    given()
      .when(purchase({ purchasedAt, timeZone: 'Europe/Berlin' }))
      .then(purchased({ purchasedAt, effectiveAt: purchasedAt, expiresAt }));
  });

  it('uses the life of the rules in force on its day', () => {
    const [first] = ruleBook;
    if (first === undefined) throw new Error('The rule book has a first entry');
    const dated = [
      first,
      { ...first, version: 'later', effectiveFrom: noon, purchaseLifeMonths: 6 },
    ];
    const later = specificationFor(creditAccountUnder(dated));
    later().when(purchase()).then(purchased());
    later()
      .when(purchase({ purchasedAt: noon }))
      .then(
        purchased({
          purchasedAt: noon,
          effectiveAt: noon,
          expiresAt: Date.UTC(2025, 8, 10, 12),
        }),
      );
  });

  it('keeps the priority that it was given', () => {
    given()
      .when(purchase({ priority: 3 }))
      .then(purchased({ priority: 3 }));
  });

  it('is one purchase however often its order number comes, also from another time zone', () => {
    given(purchased()).when(purchase()).thenNothing();
    given(purchased())
      .when(purchase({ timeZone: 'Asia/Tokyo' }))
      .thenNothing();
  });

  it.each([{ amount: 11 }, { purchasedAt: march + 1 }, { priority: 1 }])(
    'refuses an order number that is known with other content: %o',
    (other) => {
      const recorded = { amount: 10, purchasedAt: march, priority: 0 };
      given(purchased())
        .when(purchase(other))
        .thenRefused({
          _tag: 'OrderDiffers',
          orderNumber: 'A-1',
          recorded,
          offered: { ...recorded, ...other },
        });
    },
  );

  it('refuses an amount that would make the total inexact', () => {
    given(granted())
      .when(purchase({ amount: Number.MAX_SAFE_INTEGER }))
      .thenRefused({
        _tag: 'AmountTooLarge',
        amount: Number.MAX_SAFE_INTEGER,
        amountMax: Number.MAX_SAFE_INTEGER - 5,
      });
  });

  it.each([0, -1, 1.5])('takes a purchase of %d credits for a bug', (amount) => {
    const run = (): unknown =>
      creditAccount.decide(purchase({ amount }), creditAccount.initialState());
    expect(run).toThrow('a purchase is of whole credits');
  });
});

describe('Refunding a purchase', () => {
  const heldOfOrder = held({ allocations: ofOrder(1) });

  it('voids what remains', () => {
    given(purchased()).when(refund()).then(refunded());
  });

  it('leaves used and held credits alone', () => {
    const secondHold = held({ sessionId: 's2', allocations: ofOrder(1) });
    given(purchased(), heldOfOrder, captured(), secondHold)
      .when(refund({ refundedAt: noon + hour }))
      .then(refunded({ voided: 8, refundedAt: noon + hour }));
  });

  it('is recorded with nothing voided where nothing remains', () => {
    given(purchased({ amount: 1 }), heldOfOrder)
      .when(refund({ refundedAt: noon + hour }))
      .then(refunded({ voided: 0, refundedAt: noon + hour }));
  });

  it('voids nothing of a lot that has ended: it lapsed', () => {
    given(purchased({ expiresAt: noon }))
      .when(refund())
      .then(refunded({ voided: 0 }));
  });

  it('voids what a lot had left when it is reported after the end of the lot', () => {
    given(purchased({ expiresAt: noon + 1 }))
      .when(refund())
      .then(refunded());
  });

  it('does not move a lapse that was written down', () => {
    const lapse = lapsed({ lotId: 'order:A-1', amount: 10, lapsedAt: noon + 1 });
    given(purchased({ expiresAt: noon + 1 }), lapse)
      .when(refund())
      .then(refunded({ voided: 0 }));
  });

  it('happens once', () => {
    given(purchased(), refunded())
      .when(refund({ refundedAt: noon + day }))
      .thenNothing();
  });

  it('voids credits that were inside a charge at its instant when they came back', () => {
    const back = released({ returned: ofOrder(1), releasedAt: noon + 2 * hour });
    given(purchased(), heldOfOrder, back)
      .when(refund({ refundedAt: noon + hour }))
      .then(
        refunded({ voided: 9, refundedAt: noon + hour }),
        refunded({ voided: 1, refundedAt: noon + 2 * hour }),
      );
  });

  it('voids at once what comes back to the lot afterwards, and once', () => {
    const at = noon + 3 * hour;
    given(purchased(), heldOfOrder, refunded({ voided: 9, refundedAt: noon + hour }))
      .when(release({ releasedAt: at }))
      .then(
        released({ returned: ofOrder(1), releasedAt: at }),
        refunded({ voided: 1, refundedAt: at }),
      );
  });

  it('never dates the voiding of credits before the refund itself', () => {
    given(purchased(), heldOfOrder, refunded({ voided: 9, refundedAt: noon + 5 * hour }))
      .when(release({ releasedAt: noon + hour }))
      .then(
        released({ returned: ofOrder(1), releasedAt: noon + hour }),
        refunded({ voided: 1, refundedAt: noon + 5 * hour }),
      );
  });

  it('lets credits lapse that came back before the lot ended, where the refund came after', () => {
    const short = purchased({ expiresAt: noon + 2 * hour });
    given(short, heldOfOrder, refunded({ voided: 0, refundedAt: noon + 3 * hour }))
      .when(release({ releasedAt: noon + hour }))
      .then(released({ returned: ofOrder(1), releasedAt: noon + hour }));
  });

  it('refuses an unknown order', () => {
    given(granted()).when(refund()).thenRefused({ _tag: 'OrderUnknown', orderNumber: 'A-1' });
  });

  it('refuses an instant before the purchase', () => {
    given(purchased())
      .when(refund({ refundedAt: march - 1 }))
      .thenRefused({
        _tag: 'RefundBeforePurchase',
        orderNumber: 'A-1',
        purchasedAt: march,
        refundedAt: march - 1,
      });
  });
});
