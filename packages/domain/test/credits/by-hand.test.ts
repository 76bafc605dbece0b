import { specificationFor } from '@daybook/testing';
import { creditAccount } from '../../src/credits/index.js';
import {
  add,
  added,
  april,
  captured,
  deduct,
  deducted,
  granted,
  held,
  hour,
  issueStatement,
  lapsed,
  march,
  may,
  minute,
  noon,
  promote,
  promoted,
  purchase,
  purchased,
  refund,
  refunded,
  release,
  released,
  reverse,
  reversed,
  statementIssued,
  voided,
  voidLot,
} from './builders.js';

const given = specificationFor(creditAccount);
const paid = 'order:A-1';
const fromPaid = [{ lotId: paid, amount: 1 }];

describe('A promotion', () => {
  it('is a lot of its own with a life of its own', () => {
    given().when(promote()).then(promoted());
  });
  it('is one grant however often it is given, and another content is refused', () => {
    given(promoted()).when(promote()).thenNothing();
    given(promoted())
      .when(promote({ amount: 5 }))
      .thenRefused({ _tag: 'GrantDiffers', id: 'spring' });
  });
  it('needs a reason, an author and a life that does not end before it begins', () => {
    given()
      .when(promote({ reason: ' ' }))
      .thenRefused({ _tag: 'NotExplained', field: 'reason' });
    given()
      .when(promote({ author: '' }))
      .thenRefused({ _tag: 'NotExplained', field: 'author' });
    given()
      .when(promote({ expiresAt: march - 1 }))
      .thenRefused({ _tag: 'LotEndsBeforeStart', effectiveAt: march, expiresAt: march - 1 });
  });
  it('leaves the account countable: a total past the safe integers is refused', () => {
    given(granted())
      .when(promote({ amount: Number.MAX_SAFE_INTEGER }))
      .thenRefused({
        _tag: 'AmountTooLarge',
        amount: Number.MAX_SAFE_INTEGER,
        amountMax: Number.MAX_SAFE_INTEGER - 5,
      });
  });
});

describe('An adjustment upwards', () => {
  it('is a lot of its own, with its reason and its author', () => {
    given(granted()).when(add()).then(added());
    given(added()).when(add()).thenNothing();
  });
  it('shares its id with no other adjustment', () => {
    const differs = { _tag: 'GrantDiffers', id: 'adj-1' } as const;
    given(added())
      .when(add({ amount: 9 }))
      .thenRefused(differs);
    given(added())
      .when(deduct({ adjustmentId: 'adj-1' }))
      .thenRefused(differs);
    given(granted(), deducted({ adjustmentId: 'adj-1' }))
      .when(add())
      .thenRefused(differs);
  });
});

describe('An adjustment downwards', () => {
  it('takes from lots in burn order', () => {
    given(purchased(), granted())
      .when(deduct({ amount: 7 }))
      .then(
        deducted({
          amount: 7,
          allocations: [
            { lotId: 'free:2025-03', amount: 5 },
            { lotId: paid, amount: 2 },
          ],
        }),
      );
  });
  it('is all or nothing: no lot goes below zero and held credits stay', () => {
    given(granted({ amount: 2 }), held())
      .when(deduct())
      .thenRefused({
        _tag: 'DeductionTooLarge',
        adjustmentId: 'adj-2',
        amount: 2,
        available: 1,
        missing: 1,
      });
  });
  it('happens once, and needs a reason', () => {
    given(granted(), deducted()).when(deduct()).thenNothing();
    given(granted(), deducted())
      .when(deduct({ amount: 1 }))
      .thenRefused({ _tag: 'GrantDiffers', id: 'adj-2' });
    given(granted())
      .when(deduct({ reason: '' }))
      .thenRefused({ _tag: 'NotExplained', field: 'reason' });
  });
});

describe('Voiding a lot', () => {
  it('takes what remains and leaves what is used and held', () => {
    given(
      purchased(),
      held({ allocations: fromPaid }),
      captured(),
      held({ sessionId: 's2', allocations: fromPaid }),
    )
      .when(voidLot({ voidedAt: noon + hour }))
      .then(voided({ voided: 8, voidedAt: noon + hour }));
  });
  it('voids at once what a held or used charge gives back later', () => {
    given(purchased(), held({ allocations: fromPaid }), voided({ voided: 9 }))
      .when(release())
      .then(released({ returned: fromPaid }), voided({ voided: 1, voidedAt: noon + hour }));
    given(purchased(), held({ allocations: fromPaid }), captured(), voided({ voided: 9 }))
      .when(reverse())
      .then(reversed({ returned: fromPaid }), voided({ voided: 1, voidedAt: noon + hour }));
  });
  it('of a lot that has ended closes it with nothing: it has lapsed', () => {
    given(granted(), lapsed())
      .when(voidLot({ lotId: 'free:2025-03', voidedAt: april }))
      .then(voided({ lotId: 'free:2025-03', voided: 0, voidedAt: april }));
  });
  it('of a lot that has not begun is dated where it begins', () => {
    given(promoted({ effectiveAt: april }))
      .when(voidLot({ lotId: 'promotion:spring' }))
      .then(voided({ lotId: 'promotion:spring', voided: 4, voidedAt: april }));
  });
  it('twice, or after a refund, or before one, claws back once', () => {
    given(purchased(), voided())
      .when(voidLot({ voidId: 'dispute-18' }))
      .thenNothing();
    given(purchased(), refunded()).when(voidLot()).thenNothing();
    given(purchased(), voided()).when(refund()).thenNothing();
  });
  it('of a lot that nobody granted is refused, and so is one without an author', () => {
    given().when(voidLot()).thenRefused({ _tag: 'LotUnknown', lotId: paid });
    given(purchased())
      .when(voidLot({ author: '' }))
      .thenRefused({ _tag: 'NotExplained', field: 'author' });
  });
  it('keeps its order number known: the purchase cannot be made again', () => {
    given(purchased(), voided()).when(purchase()).thenNothing();
  });
});

describe('Issuing a statement', () => {
  it('closes a month that is over, once', () => {
    given(granted()).when(issueStatement()).then(statementIssued());
    given(granted(), statementIssued())
      .when(issueStatement({ digest: 'another', closing: 4 }))
      .thenNothing();
  });
  it('waits for the end of the month in its time zone', () => {
    const endsAt = april - 2 * hour;
    given()
      .when(issueStatement({ timeZone: 'Europe/Helsinki', issuedAt: endsAt - hour - 1 }))
      .thenRefused({ _tag: 'MonthNotOver', month: '2025-03', endsAt: endsAt - hour });
    given()
      .when(issueStatement({ issuedAt: april }))
      .then(statementIssued({ issuedAt: april }));
  });
  it('goes month by month, forwards', () => {
    given(statementIssued())
      .when(issueStatement({ month: '2025-04', issuedAt: may }))
      .then(statementIssued({ month: '2025-04', issuedAt: may }));
    for (const month of ['2025-02', '2025-05']) {
      given(statementIssued())
        .when(issueStatement({ month, issuedAt: may + 60 * 24 * hour + minute }))
        .thenRefused({ _tag: 'StatementOutOfOrder', month, expected: '2025-04' });
    }
  });
});
