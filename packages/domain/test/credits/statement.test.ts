import {
  creditStatement,
  statementText,
  type CreditEvent,
  type CreditStatement,
  type StatementEntry,
  type StatementFigures,
  type StatementLine,
  type StatementScope,
} from '../../src/credits/index.js';
import {
  april,
  captured,
  day,
  granted,
  held,
  hour,
  lapsed,
  march,
  may,
  minute,
  noon,
  purchased,
  raised,
  refunded,
  released,
  reversed,
} from './builders.js';

const scope: StatementScope = { company: 'acme', month: '2025-03', timeZone: 'UTC' };
const inApril: StatementScope = { ...scope, month: '2025-04' };

const onTime = (...events: readonly CreditEvent[]): readonly StatementEntry[] =>
  events.map((event, index) => ({ event, eventId: `e${index}` }));

const line = (
  part: Pick<StatementLine, 'column' | 'lotId' | 'amount' | 'bookedAt' | 'events'> &
    Partial<StatementLine>,
): StatementLine => ({
  occurredAt: part.bookedAt,
  correctionOf: null,
  reference: null,
  ...part,
});

type Figures = StatementFigures;

const figuresOf = (statement: CreditStatement): Figures => {
  const names = Object.keys(nothing) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, statement[name]])) as Figures;
};

const nothing: Figures = {
  opening: 0,
  grantedFree: 0,
  promotional: 0,
  purchased: 0,
  adjusted: 0,
  usedFree: 0,
  usedPaid: 0,
  lapsed: 0,
  voided: 0,
  refunded: 0,
  heldOpening: 0,
  held: 0,
  closing: 0,
};

const free = 'free:2025-03';
const paid = 'order:A-1';

describe('The statement of a month', () => {
  it('of an account without events is empty, with the bounds of the month in the zone', () => {
    expect(creditStatement([], { ...scope, timeZone: 'Asia/Tokyo' })).toStrictEqual({
      company: 'acme',
      month: '2025-03',
      timeZone: 'Asia/Tokyo',
      from: Date.UTC(2025, 1, 28, 15),
      to: Date.UTC(2025, 2, 31, 15),
      format: 1,
      ...nothing,
      free: nothing,
      paid: nothing,
      lines: [],
      lapsesAhead: [],
    });
  });

  const march2025 = onTime(
    granted(),
    raised(),
    purchased(),
    held(),
    captured(),
    held({ sessionId: 's2', allocations: [{ lotId: paid, amount: 2 }], amount: 2 }),
    captured({ chargeId: 's2:0', sessionId: 's2', capturedAt: noon + 2 * minute }),
    reversed({ reversedAt: noon + hour }),
    held({ sessionId: 's3', heldAt: noon + day }),
    refunded({ voided: 8, refundedAt: noon + 2 * day }),
  );

  it('tells each kind of movement apart', () => {
    expect(figuresOf(creditStatement(march2025, scope))).toStrictEqual({
      ...nothing,
      grantedFree: 10,
      purchased: 10,
      usedFree: 1,
      usedPaid: 2,
      refunded: 1,
      voided: 8,
      held: 1,
      closing: 9,
    });
  });

  it('names the events of every line, in the order of their booking', () => {
    const { lines } = creditStatement(march2025.slice(0, 5), scope);
    expect(lines).toStrictEqual([
      line({ column: 'grantedFree', lotId: free, amount: 5, bookedAt: march, events: ['e0'] }),
      line({
        column: 'purchased',
        lotId: paid,
        amount: 10,
        bookedAt: march,
        reference: 'A-1',
        events: ['e2'],
      }),
      line({
        column: 'grantedFree',
        lotId: `${free}:1`,
        amount: 5,
        bookedAt: noon,
        events: ['e1'],
      }),
      line({
        column: 'held',
        lotId: free,
        amount: 1,
        bookedAt: noon,
        reference: 's1:0',
        events: ['e3'],
      }),
      line({
        column: 'held',
        lotId: free,
        amount: -1,
        bookedAt: noon + minute,
        reference: 's1:0',
        events: ['e4'],
      }),
      line({
        column: 'usedFree',
        lotId: free,
        amount: 1,
        bookedAt: noon + minute,
        reference: 's1:0',
        events: ['e4'],
      }),
    ]);
  });

  it('opens with the last closing and lapses free credits at its first instant', () => {
    const statement = creditStatement(march2025, inApril);
    expect(figuresOf(statement)).toStrictEqual({
      ...nothing,
      opening: 9,
      lapsed: 9,
      heldOpening: 1,
      held: 1,
    });
    expect(statement.lines).toStrictEqual([
      line({ column: 'lapsed', lotId: free, amount: 4, bookedAt: april, events: ['e0'] }),
      line({ column: 'lapsed', lotId: `${free}:1`, amount: 5, bookedAt: april, events: ['e1'] }),
    ]);
  });

  it('counts a lapse by its date, whether or not it was written down', () => {
    const without = onTime(granted());
    const written = [...without, ...onTime(granted(), lapsed()).slice(1)];
    expect(creditStatement(written, inApril)).toStrictEqual(creditStatement(without, inApril));
  });

  it('lapses what a hold gives back to a lot that has ended, once, where it was released', () => {
    const lot = { lotId: free, amount: 1 };
    const late = april + hour;
    const statement = creditStatement(
      onTime(
        granted({ amount: 1 }),
        held({ heldAt: april - 1 }),
        released({ returned: [], lapsed: [lot], releasedAt: late }),
        lapsed({ amount: 1, lapsedAt: late, origin: 's1:0' }),
      ),
      inApril,
    );
    expect(figuresOf(statement)).toStrictEqual({ ...nothing, lapsed: 1, heldOpening: 1 });
    const booking = { bookedAt: late, reference: 's1:0', events: ['e2'] };
    expect(statement.lines).toStrictEqual([
      line({ column: 'held', lotId: free, amount: -1, ...booking }),
      line({ column: 'lapsed', lotId: free, amount: 1, ...booking }),
    ]);
  });

  it('uses credits whose lot ended between hold and capture', () => {
    const statement = creditStatement(
      onTime(granted(), held({ heldAt: april - 1 }), captured({ capturedAt: april })),
      inApril,
    );
    expect(figuresOf(statement)).toStrictEqual({
      ...nothing,
      opening: 4,
      usedFree: 1,
      lapsed: 4,
      heldOpening: 1,
    });
  });

  it('puts the first and the last instant of a month into it', () => {
    const at = (instant: number): readonly StatementEntry[] =>
      onTime(purchased({ purchasedAt: instant, effectiveAt: instant }));
    const inMarch = [march - 1, march, april - 1, april].map(
      (instant) => creditStatement(at(instant), scope).purchased,
    );
    expect(inMarch).toStrictEqual([0, 10, 10, 0]);
  });

  it('gives the same bytes for the same entries', () => {
    const text = statementText(creditStatement(march2025, scope));
    expect(statementText(creditStatement([...march2025], { ...scope }))).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('throws where a stream names a lot or a hold that it never opened', () => {
    expect(() => creditStatement(onTime(held()), scope)).toThrow('a lot is granted before');
    expect(() => creditStatement(onTime(captured()), scope)).toThrow('recorded before its capture');
    const gone = [held({ allocations: [{ lotId: 'x', amount: 1 }], heldAt: may }), captured()];
    expect(() => creditStatement(onTime(granted(), ...gone), scope)).toThrow('a lot is granted');
  });

  it('throws rather than close below zero', () => {
    const twice = onTime(granted({ amount: 1 }), held(), held({ sessionId: 's2' }));
    expect(() => creditStatement(twice, scope)).toThrow('no lot is below zero');
  });
});

describe('A late event', () => {
  const issued = { '2025-03': { revision: 1, timeZone: 'UTC' } };
  const late = (event: CreditEvent, eventId: string): StatementEntry => ({
    event,
    eventId,
    revision: 3,
    recordedAt: april + 2 * day,
  });
  const known: readonly StatementEntry[] = [
    { event: granted(), eventId: 'grant', revision: 0, recordedAt: march },
    { event: purchased(), eventId: 'order', revision: 1, recordedAt: april + day },
  ];

  it('leaves an issued statement as it was', () => {
    const before = statementText(creditStatement(known, scope));
    const after = creditStatement([...known, late(held(), 'late')], { ...scope, issued });
    expect(statementText(after)).toBe(before);
  });

  it('appears in the next statement as a correction, and takes back the lapse that it undoes', () => {
    const entries = [...known, late(held(), 'late')];
    const statement = creditStatement(entries, { ...inApril, issued });
    expect(figuresOf(statement)).toStrictEqual({
      ...nothing,
      opening: 15,
      lapsed: 4,
      held: 1,
      closing: 10,
    });
    const booking = {
      bookedAt: april,
      occurredAt: noon,
      correctionOf: '2025-03',
      reference: 's1:0',
      events: ['late'],
    };
    expect(statement.lines).toStrictEqual([
      line({ column: 'held', lotId: free, amount: 1, ...booking }),
      line({ column: 'lapsed', lotId: free, amount: -1, ...booking }),
      line({ column: 'lapsed', lotId: free, amount: 5, bookedAt: april, events: ['grant'] }),
    ]);
  });

  it('goes past every month that was issued already', () => {
    const both = { ...issued, '2025-04': { revision: 2, timeZone: 'UTC' } };
    const entries = [...known, late(held(), 'late')];
    const inMay = { ...scope, month: '2025-05', issued: both };
    const [first] = creditStatement(entries, inMay).lines;
    expect(first).toStrictEqual(
      line({
        column: 'held',
        lotId: free,
        amount: 1,
        bookedAt: may,
        occurredAt: noon,
        correctionOf: '2025-03',
        reference: 's1:0',
        events: ['late'],
      }),
    );
  });

  it('stays in its own month while that was not issued when it was recorded', () => {
    const intoApril = held({ heldAt: april + hour, allocations: [{ lotId: paid, amount: 1 }] });
    const { lines } = creditStatement([...known, late(intoApril, 'late')], {
      ...inApril,
      issued,
    });
    expect(lines.at(-1)?.correctionOf).toBeNull();
  });

  it('is unknown to a statement as known before it was recorded', () => {
    const entries = [...known, late(held(), 'late')];
    const asKnown = { ...scope, knownAt: april + 2 * day - 1 };
    expect(creditStatement(entries, asKnown)).toStrictEqual(creditStatement(known, scope));
    const afterwards = { ...scope, knownAt: april + 2 * day };
    expect(creditStatement(entries, afterwards).held).toBe(1);
  });
});
