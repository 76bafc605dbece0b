import { specificationFor } from '@daybook/testing';
import { creditAccount, creditAccountUnder, type LotAmount } from '../../src/credits/index.js';
import { ruleBook } from '../../src/rules/index.js';
import {
  april,
  captured,
  day,
  granted,
  held,
  hold,
  hour,
  lapsed,
  march,
  noon,
  purchased,
  released,
  reversed,
} from './builders.js';

const given = specificationFor(creditAccount);
const from = (lotId: string, amount = 1): LotAmount[] => [{ lotId, amount }];
const insufficient = {
  _tag: 'InsufficientCredits',
  sessionId: 's1',
  needed: 1,
  available: 0,
  missing: 1,
  held: 0,
  lastLapse: null,
  nextLapse: null,
} as const;

describe('Holding credits for a session', () => {
  it('sets one credit aside at the first AI use, for 48 hours', () => {
    given(granted())
      .when(hold())
      .then(held({ timesOutAt: noon + 48 * hour }));
  });

  it('takes free credits that lapse sooner before paid ones', () => {
    given(purchased(), granted()).when(hold()).then(held());
  });

  it('takes paid credits that lapse sooner before free ones', () => {
    given(granted(), purchased({ expiresAt: april - 1 }))
      .when(hold())
      .then(held({ allocations: from('order:A-1') }));
  });

  it('takes a lower priority first, whatever lapses sooner', () => {
    const urgent = purchased({ orderNumber: 'B-2', lotId: 'order:B-2', priority: 1 });
    const plain = purchased({ expiresAt: Date.UTC(2027, 0, 1), priority: 0 });
    given(urgent, plain)
      .when(hold())
      .then(held({ allocations: from('order:A-1') }));
  });

  it('spans lots where one is not enough, and records what each gave', () => {
    given(granted({ amount: 2 }), purchased())
      .when(hold({ amount: 3 }))
      .then(
        held({ amount: 3, allocations: [...from('free:2025-03', 2), ...from('order:A-1', 1)] }),
      );
  });

  it('charges a session once while its charge is held or captured', () => {
    given(granted(), held())
      .when(hold({ heldAt: noon + hour }))
      .thenNothing();
    given(granted(), held(), captured())
      .when(hold({ heldAt: noon + day }))
      .thenNothing();
  });

  it('charges again after a released charge', () => {
    given(granted(), held(), released())
      .when(hold({ heldAt: noon + 2 * hour }))
      .then(held({ generation: 1, heldAt: noon + 2 * hour }));
  });

  it('charges again after a reversed charge', () => {
    given(granted(), held(), captured(), reversed())
      .when(hold({ heldAt: noon + 2 * hour }))
      .then(held({ generation: 1, heldAt: noon + 2 * hour }));
  });

  it('keeps sessions apart whose ids contain colons', () => {
    given(granted(), held({ sessionId: 'a' }))
      .when(hold({ sessionId: 'a:0' }))
      .then(held({ sessionId: 'a:0' }));
  });

  it.each([0, -1, 1.5])('takes %d owed credits for a bug', (amount) => {
    const run = (): unknown => creditAccount.decide(hold({ amount }), creditAccount.initialState());
    expect(run).toThrow('a session owes whole credits');
  });
});

describe('Holding where credits are short', () => {
  it('refuses at zero and says what is missing', () => {
    given().when(hold()).thenRefused(insufficient);
    given(granted({ amount: 1 }), held({ sessionId: 's2' }))
      .when(hold())
      .thenRefused({ ...insufficient, held: 1 });
  });

  it('never pays a part', () => {
    given(granted({ amount: 2 }))
      .when(hold({ amount: 3 }))
      .thenRefused({
        ...insufficient,
        needed: 3,
        available: 2,
        nextLapse: { lotId: 'free:2025-03', amount: 2, endsAt: april },
      });
  });

  it('finds a lot from its first instant and not before', () => {
    given(granted())
      .when(hold({ heldAt: march }))
      .then(held({ heldAt: march }));
    given(granted())
      .when(hold({ heldAt: march - 1 }))
      .thenRefused(insufficient);
  });

  it('finds a lot until its last instant and not at its end, with no lapse written down', () => {
    given(granted())
      .when(hold({ heldAt: april - 1 }))
      .then(held({ heldAt: april - 1 }));
    given(granted())
      .when(hold({ heldAt: april }))
      .thenRefused({
        ...insufficient,
        lastLapse: { lotId: 'free:2025-03', amount: 5, endsAt: april },
      });
  });

  it('finds nothing in a lot whose life is empty', () => {
    given(granted({ effectiveAt: noon, expiresAt: noon }))
      .when(hold())
      .thenRefused({
        ...insufficient,
        lastLapse: { lotId: 'free:2025-03', amount: 5, endsAt: noon },
      });
  });
});

describe('Holding for a use that is reported late', () => {
  const later = {
    lotId: 'free:2025-04',
    month: '2025-04',
    effectiveAt: april,
    expiresAt: april + day,
  };

  it('takes from the lots that lived at its instant', () => {
    given(granted(), granted(later)).when(hold()).then(held());
  });

  it('takes only what is still unallocated, and moves nothing that was booked', () => {
    given(granted({ amount: 1 }), granted(later), held({ sessionId: 's2', heldAt: april - 1 }))
      .when(hold())
      .thenRefused({ ...insufficient, held: 1 });
  });

  it('finds nothing in a lot whose lapse was written down', () => {
    given(granted(), lapsed()).when(hold()).thenRefused(insufficient);
  });

  it('does not spend a credit that another charge held at that instant', () => {
    const single = granted({ amount: 1 });
    const history = [
      single,
      held({ sessionId: 's2' }),
      released({ chargeId: 's2:0', sessionId: 's2' }),
    ];
    given(...history)
      .when(hold({ heldAt: noon + hour - 1 }))
      .thenRefused(insufficient);
    given(...history)
      .when(hold({ heldAt: noon + hour }))
      .then(held({ heldAt: noon + hour }));
  });

  it('leaves credits that were free all along to late uses, and spends those that came back first', () => {
    const back = released({ chargeId: 's2:0', sessionId: 's2' });
    given(
      granted({ amount: 2 }),
      held({ sessionId: 's2' }),
      back,
      held({ sessionId: 's3', heldAt: noon + 2 * hour }),
    )
      .when(hold({ heldAt: noon + 1 }))
      .then(held({ heldAt: noon + 1 }));
  });
});

describe('Holding by a tariff of assistant blocks', () => {
  const [first] = ruleBook;
  if (first === undefined) throw new Error('The rule book has a first entry');
  const blocks = { ...first, version: 'blocks', effectiveFrom: april } as const;
  const tariff = 'assistant-blocks';
  const underBlocks = specificationFor(creditAccountUnder([first, { ...blocks, tariff }]));

  it('holds what the session owes beyond what its charges cover', () => {
    underBlocks(purchased(), held({ allocations: from('order:A-1') }), captured())
      .when(hold({ amount: 3, heldAt: april }))
      .then(
        held({
          generation: 1,
          amount: 2,
          allocations: from('order:A-1', 2),
          heldAt: april,
          tariff,
        }),
      );
  });

  it('is used from its date on', () => {
    underBlocks(purchased())
      .when(hold({ heldAt: april - 1 }))
      .then(held({ heldAt: april - 1, allocations: from('order:A-1'), tariff: 'per-session' }));
  });
});
