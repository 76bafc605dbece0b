import {
  creditStatement,
  statementCsv,
  statementReport,
  statementText,
  type CreditStatement,
} from '../../src/credits/index.js';
import { added, captured, deducted, granted, held, may, promoted, purchased } from './builders.js';

/*
 * What billing signs. The bytes are written out here: a change that moves one of them changes what was
 * signed, and needs a new format instead.
 */
const events = [
  granted(),
  purchased({ orderNumber: 'A,"1"' }),
  held(),
  captured(),
  deducted({ amount: 1, allocations: [{ lotId: 'free:2025-03', amount: 1 }] }),
];
const statement = creditStatement(
  events.map((event, revision) => ({ event, eventId: `e${revision}`, revision })),
  { company: 'acme', month: '2025-03', timeZone: 'UTC' },
);

describe('A statement as CSV', () => {
  it('is one row per figure, movement and lapse ahead, with the events of each', () => {
    expect(statementCsv(statement).split('\r\n')).toStrictEqual([
      'section,item,credits,lot,bookedAt,occurredAt,correctionOf,reference,events',
      'statement,company,,,,,,acme,',
      'statement,month,,,,,,2025-03,',
      'statement,timeZone,,,,,,UTC,',
      'statement,format,,,,,,1,',
      ...figures('all', { grantedFree: 5, purchased: 10, adjusted: -1, usedFree: 1, closing: 13 }),
      ...figures('free', { grantedFree: 5, adjusted: -1, usedFree: 1, closing: 3 }),
      ...figures('paid', { purchased: 10, closing: 10 }),
      'line,grantedFree,5,free:2025-03,2025-03-01T00:00:00.000Z,2025-03-01T00:00:00.000Z,,,e0',
      'line,purchased,10,"order:A,""1""",2025-03-01T00:00:00.000Z,2025-03-01T00:00:00.000Z,,"A,""1""",e1',
      'line,held,1,free:2025-03,2025-03-10T12:00:00.000Z,2025-03-10T12:00:00.000Z,,s1:0,e2',
      'line,adjusted,-1,free:2025-03,2025-03-10T12:00:00.000Z,2025-03-10T12:00:00.000Z,,adj-2,e4',
      'line,held,-1,free:2025-03,2025-03-10T12:01:00.000Z,2025-03-10T12:01:00.000Z,,s1:0,e3',
      'line,usedFree,1,free:2025-03,2025-03-10T12:01:00.000Z,2025-03-10T12:01:00.000Z,,s1:0,e3',
      'ahead,free,3,free:2025-03,2025-04-01T00:00:00.000Z,,,,e0',
      'ahead,paid,10,"order:A,""1""",2026-03-01T00:00:00.000Z,,,,e1',
      '',
    ]);
  });
});

const names = [
  'opening',
  'grantedFree',
  'promotional',
  'purchased',
  'adjusted',
  'usedFree',
  'usedPaid',
  'lapsed',
  'voided',
  'refunded',
  'held',
  'heldOpening',
  'closing',
] as const;

function figures(section: string, values: Readonly<Partial<Record<string, number>>>): string[] {
  return names.map((name) => `${section},${name},${values[name] ?? 0},,,,,,`);
}

describe('A statement for people', () => {
  it('tells free and paid apart, and names the events of every line', () => {
    const lines = statementReport(statement).split('\n');
    expect(lines.slice(0, 3)).toStrictEqual([
      'AI credits of acme, 2025-03',
      'UTC, 2025-03-01T00:00:00.000Z to before 2025-04-01T00:00:00.000Z',
      '',
    ]);
    expect(lines).toContain(
      'Closing                                 3               10               13',
    );
    expect(lines.slice(-13)).toStrictEqual([
      '',
      'Movements: 6',
      '2025-03-01T00:00:00.000Z granted free 5 of free:2025-03 [e0]',
      '2025-03-01T00:00:00.000Z purchased 10 of order:A,"1" for A,"1" [e1]',
      '2025-03-10T12:00:00.000Z held 1 of free:2025-03 for s1:0 [e2]',
      '2025-03-10T12:00:00.000Z adjusted by hand -1 of free:2025-03 for adj-2 [e4]',
      '2025-03-10T12:01:00.000Z held -1 of free:2025-03 for s1:0 [e3]',
      '2025-03-10T12:01:00.000Z used, free 1 of free:2025-03 for s1:0 [e3]',
      '',
      'To lapse if unused: 2',
      '2025-04-01T00:00:00.000Z 3 free of free:2025-03 [e0]',
      '2026-03-01T00:00:00.000Z 10 paid of order:A,"1" [e1]',
      '',
    ]);
  });

  it('says which month a late line corrects', () => {
    const late = creditStatement(
      [
        { event: promoted({ expiresAt: may }), eventId: 'p', revision: 0 },
        { event: added(), eventId: 'late', revision: 5 },
      ],
      {
        company: 'acme',
        month: '2025-04',
        timeZone: 'UTC',
        issued: { '2025-03': { revision: 1, timeZone: 'UTC' } },
      },
    );
    expect(statementReport(late)).toContain(
      '2025-03-10T12:00:00.000Z adjusted by hand 3 of adjustment:adj-1 for adj-1, correction of 2025-03 [late]',
    );
  });
});

describe('The canonical bytes of a statement', () => {
  it('are JSON with its keys in the order of the format, which is number 1', () => {
    const written = JSON.parse(statementText(statement)) as CreditStatement;
    expect(written).toStrictEqual(statement);
    expect(Object.keys(written)).toStrictEqual([
      'format',
      'company',
      'month',
      'timeZone',
      'from',
      'to',
      ...names.filter((name) => name !== 'heldOpening' && name !== 'closing'),
      'heldOpening',
      'closing',
      'free',
      'paid',
      'lines',
      'lapsesAhead',
    ]);
    expect(written.format).toBe(1);
  });
});
