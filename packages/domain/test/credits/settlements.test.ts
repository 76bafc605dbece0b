import { specificationFor } from '@daybook/testing';
import { creditAccount, type LotAmount } from '../../src/credits/index.js';
import {
  april,
  capture,
  captured,
  granted,
  held,
  hour,
  lapsed,
  minute,
  noon,
  purchased,
  recordLapses,
  release,
  released,
  reverse,
  reversed,
  timeOut,
} from './builders.js';

const given = specificationFor(creditAccount);
const free: LotAmount = { lotId: 'free:2025-03', amount: 1 };
const paid: LotAmount = { lotId: 'order:A-1', amount: 1 };
const lateHold = held({ heldAt: april - 1 });

describe('Capturing a hold', () => {
  it('settles it, once', () => {
    given(granted(), held()).when(capture()).then(captured());
    given(granted(), held(), captured())
      .when(capture({ capturedAt: noon + hour }))
      .thenNothing();
  });

  it('is right after the lot has ended, also when the lapse of the rest was written down', () => {
    const capturedAt = april + hour;
    given(granted(), lateHold, lapsed({ amount: 4 }))
      .when(capture({ capturedAt }))
      .then(captured({ capturedAt }));
  });

  it('is never dated before the hold by a clock that is behind', () => {
    given(granted(), held())
      .when(capture({ capturedAt: noon - minute }))
      .then(captured({ capturedAt: noon }));
  });

  it('is refused after the release', () => {
    given(granted(), held(), released())
      .when(capture())
      .thenRefused({ _tag: 'HoldAlreadyReleased', chargeId: 's1:0' });
  });

  it('changes nothing after a reversal', () => {
    given(granted(), held(), captured(), reversed()).when(capture()).thenNothing();
  });

  it.each(['s1:1', 's2:0', 's1:', 's1', 's1:00', 's1:x', ':0'])(
    'is refused for the unknown charge %s',
    (chargeId) => {
      given(granted(), held())
        .when(capture({ chargeId }))
        .thenRefused({ _tag: 'ChargeUnknown', chargeId });
    },
  );
});

describe('Releasing a hold', () => {
  it('gives the credits back to the lots that gave them, once', () => {
    const both = held({ amount: 2, allocations: [free, paid] });
    given(granted({ amount: 1 }), purchased(), both)
      .when(release())
      .then(released({ returned: [free, paid] }));
    given(granted(), held(), released())
      .when(release({ reason: 'timed-out' }))
      .thenNothing();
  });

  it('lapses at once what belongs to a lot that has ended, and only that', () => {
    const both = held({ amount: 2, allocations: [free, paid] });
    given(granted(), purchased(), both)
      .when(release({ releasedAt: april }))
      .then(
        released({ returned: [paid], lapsed: [free], releasedAt: april }),
        lapsed({ amount: 1, lapsedAt: april, origin: 's1:0' }),
      );
  });

  it('returns credits up to the last instant of their lot', () => {
    given(granted(), held())
      .when(release({ releasedAt: april - 1 }))
      .then(released({ releasedAt: april - 1 }));
  });

  it('is never dated before the hold by a clock that is behind', () => {
    given(granted(), held())
      .when(release({ releasedAt: noon - 1 }))
      .then(released({ releasedAt: noon }));
  });

  it('is refused after the capture, also when it was reversed', () => {
    const refusal = { _tag: 'HoldAlreadyCaptured', chargeId: 's1:0' } as const;
    given(granted(), held(), captured()).when(release()).thenRefused(refusal);
    given(granted(), held(), captured(), reversed()).when(release()).thenRefused(refusal);
  });

  it('is refused for an unknown charge', () => {
    given(granted()).when(release()).thenRefused({ _tag: 'ChargeUnknown', chargeId: 's1:0' });
  });
});

describe('Timing holds out', () => {
  const due = noon + 48 * hour;
  const timedOut = released({ reason: 'timed-out', releasedAt: due });

  it('releases at the time-out, dated there however late it runs, and leaves younger holds', () => {
    const younger = held({ sessionId: 's2', heldAt: noon + 1 });
    given(granted(), held(), younger).when(timeOut(due)).then(timedOut);
    given(granted(), held())
      .when(timeOut(april + hour))
      .then(timedOut);
  });

  it('leaves a hold alone an instant before', () => {
    given(granted(), held())
      .when(timeOut(due - 1))
      .thenNothing();
  });

  it('lapses credits whose lot had ended at the time-out', () => {
    const releasedAt = april - 1 + 48 * hour;
    given(granted(), lateHold)
      .when(timeOut(releasedAt))
      .then(
        released({ reason: 'timed-out', returned: [], lapsed: [free], releasedAt }),
        lapsed({ amount: 1, lapsedAt: releasedAt, origin: 's1:0' }),
      );
  });
});

describe('Reversing a charge', () => {
  const history = [granted(), held(), captured()];

  it('gives the credits back to the lots that gave them, once', () => {
    given(...history)
      .when(reverse())
      .then(reversed());
    given(...history, reversed())
      .when(reverse({ reason: 'charged-in-error' }))
      .thenNothing();
  });

  it('lapses at once what belongs to a lot that has ended', () => {
    given(...history)
      .when(reverse({ reversedAt: april }))
      .then(
        reversed({ returned: [], lapsed: [free], reversedAt: april }),
        lapsed({ amount: 1, lapsedAt: april, origin: 's1:0' }),
      );
  });

  it('is never dated before the capture by a clock that is behind', () => {
    given(...history)
      .when(reverse({ reversedAt: noon }))
      .then(reversed({ reversedAt: noon + minute }));
  });

  it('is refused for a charge that is not captured', () => {
    const refusal = { _tag: 'ChargeNotCaptured', chargeId: 's1:0' } as const;
    given(granted(), held())
      .when(reverse())
      .thenRefused({ ...refusal, status: 'held' });
    given(granted(), held(), released())
      .when(reverse())
      .thenRefused({ ...refusal, status: 'released' });
  });

  it('is refused for an unknown charge', () => {
    given(granted()).when(reverse()).thenRefused({ _tag: 'ChargeUnknown', chargeId: 's1:0' });
  });
});

describe('Recording lapses', () => {
  it('writes down what an ended lot left, dated at its end, once per lot', () => {
    given(granted())
      .when(recordLapses(april + hour))
      .then(lapsed());
    given(granted(), lapsed()).when(recordLapses(april)).thenNothing();
  });

  it('begins at the end of the lot and not an instant before', () => {
    given(granted()).when(recordLapses(april)).then(lapsed());
    given(granted())
      .when(recordLapses(april - 1))
      .thenNothing();
  });

  it('leaves held and used credits out', () => {
    given(granted(), held(), captured(), held({ sessionId: 's2' }))
      .when(recordLapses(april))
      .then(lapsed({ amount: 3 }));
  });

  it('writes earlier ends first, whatever the order of paying', () => {
    const early = purchased({ amount: 2, priority: 9, expiresAt: april - 1 });
    const twin = purchased({ orderNumber: 'B-2', amount: 3, priority: 1, expiresAt: april });
    given(twin, granted(), early)
      .when(recordLapses(april))
      .then(
        lapsed({ lotId: 'order:A-1', amount: 2, lapsedAt: april - 1 }),
        lapsed(),
        lapsed({ lotId: 'order:B-2', amount: 3 }),
      );
  });

  it('writes down what came back in time from a hold that was settled late', () => {
    const back = released({ reason: 'timed-out', releasedAt: noon + 48 * hour });
    given(granted(), held(), lapsed({ amount: 4 }), back)
      .when(recordLapses(april))
      .then(lapsed({ amount: 1 }));
  });
});
