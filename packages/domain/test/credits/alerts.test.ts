import { specificationFor } from '@daybook/testing';
import { creditAccount, type CreditEvent } from '../../src/credits/index.js';
import {
  april,
  captured,
  day,
  granted,
  held,
  hour,
  march,
  noon,
  promoted,
  purchased,
  raiseAlerts,
  released,
  reversed,
} from './builders.js';

const given = specificationFor(creditAccount);
const later = noon + day;

const used = (level: number, credits: number, at = later): CreditEvent => ({
  type: 'CreditThresholdCrossed',
  data: {
    alert: `month-used:2025-03:${level}`,
    kind: 'month-used',
    level,
    subject: '2025-03',
    credits,
    of: 5,
    expiresAt: null,
    crossedAt: at,
  },
});
const rearmed = (alert: string, rearmedAt: number): CreditEvent => ({
  type: 'CreditThresholdRearmed',
  data: { alert, rearmedAt },
});
const spent = (amount: number): readonly CreditEvent[] => [
  held({ amount, allocations: [{ lotId: 'free:2025-03', amount }] }),
];
const four = [granted(), ...spent(4)];
const nextYear = Date.UTC(2026, 2, 1);
const expiring = (at: number, credits = 10): CreditEvent => ({
  type: 'CreditThresholdCrossed',
  data: {
    alert: 'lot-expiring:order:A-1:30',
    kind: 'lot-expiring',
    level: 30,
    subject: 'order:A-1',
    credits,
    of: 10,
    expiresAt: nextYear,
    crossedAt: at,
  },
});

describe('An alert on what the month has used', () => {
  it('fires at the threshold and not below it, once', () => {
    given(granted(), ...spent(3))
      .when(raiseAlerts(later))
      .thenNothing();
    given(...four)
      .when(raiseAlerts(later))
      .then(used(80, 4));
    given(...four, used(80, 4))
      .when(raiseAlerts(later + day))
      .thenNothing();
  });
  it('fires every threshold that is crossed at once', () => {
    given(granted(), ...spent(5))
      .when(raiseAlerts(later))
      .then(used(80, 5), used(100, 5));
  });
  it('is re-armed when it falls back below, and then fires again', () => {
    const returned = [{ lotId: 'free:2025-03', amount: 4 }];
    const back = [...four, used(80, 4), released({ returned })];
    const alert = 'month-used:2025-03:80';
    given(...back)
      .when(raiseAlerts(later))
      .then(rearmed(alert, later));
    const again = held({
      sessionId: 's2',
      amount: 4,
      allocations: returned,
      heldAt: later,
    });
    given(...back, rearmed(alert, later), again)
      .when(raiseAlerts(later + hour))
      .then(used(80, 4, later + hour));
  });
  it('counts what the month had: a purchase lowers the share, spending of before does not count', () => {
    given(...four, purchased())
      .when(raiseAlerts(later))
      .thenNothing();
    const nextMonth = granted({
      lotId: 'free:2025-04',
      month: '2025-04',
      effectiveAt: april,
      expiresAt: april + 30 * day,
    });
    given(...four, nextMonth)
      .when(raiseAlerts(april + day))
      .thenNothing();
  });
  it('is quiet in a month without a grant, without credits, or after a reversal of an older charge', () => {
    given(...four)
      .when(raiseAlerts(april + day))
      .thenNothing();
    given(granted({ amount: 0 }))
      .when(raiseAlerts(later))
      .thenNothing();
    const older = purchased({ effectiveAt: march - 40 * day, expiresAt: april + 90 * day });
    const charge = [{ lotId: 'order:A-1', amount: 1 }];
    given(
      older,
      held({ heldAt: march - day, allocations: charge }),
      captured({ capturedAt: march - day }),
      granted(),
      reversed({ returned: charge }),
    )
      .when(raiseAlerts(later))
      .thenNothing();
  });
});

describe('An alert on credits that end soon', () => {
  it('fires where only time has passed, dated where the threshold was crossed', () => {
    const at = nextYear - 30 * day;
    given(purchased())
      .when(raiseAlerts(at - 1))
      .thenNothing();
    given(purchased()).when(raiseAlerts(at)).then(expiring(at));
    given(purchased())
      .when(raiseAlerts(at + 5 * day))
      .then(expiring(at));
  });
  it('is no alert where nothing is left, where the lot has ended, or for the month’s free credits', () => {
    given(granted())
      .when(raiseAlerts(april - hour))
      .thenNothing();
    given(purchased()).when(raiseAlerts(nextYear)).thenNothing();
    given(purchased({ amount: 1 }), held({ allocations: [{ lotId: 'order:A-1', amount: 1 }] }))
      .when(raiseAlerts(nextYear - day))
      .thenNothing();
  });
  it('is re-armed when the lot is spent, and fires again for what comes back, dated then', () => {
    const allocations = [{ lotId: 'order:A-1', amount: 10 }];
    const at = nextYear - 30 * day;
    const alert = 'lot-expiring:order:A-1:30';
    const spentLot = [
      purchased(),
      expiring(at),
      held({ heldAt: at + hour, amount: 10, allocations }),
    ];
    given(...spentLot)
      .when(raiseAlerts(at + 2 * hour))
      .then(rearmed(alert, at + 2 * hour));
    given(
      ...spentLot,
      rearmed(alert, at + 2 * hour),
      released({ returned: allocations, releasedAt: at + 3 * hour }),
    )
      .when(raiseAlerts(at + 4 * hour))
      .then(expiring(at + 4 * hour));
  });
  it('of a lot shorter than the threshold fires from its first instant', () => {
    const lot = promoted({ effectiveAt: noon, expiresAt: noon + 10 * day });
    given(lot)
      .when(raiseAlerts(noon + hour))
      .then({
        type: 'CreditThresholdCrossed',
        data: {
          alert: 'lot-expiring:promotion:spring:30',
          kind: 'lot-expiring',
          level: 30,
          subject: 'promotion:spring',
          credits: 4,
          of: 4,
          expiresAt: noon + 10 * day,
          crossedAt: noon,
        },
      });
  });
});
