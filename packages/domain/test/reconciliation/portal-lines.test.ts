import * as E from 'fp-ts/lib/Either.js';
import { readHeader, readPortalLine, type Columns } from '../../src/reconciliation/index.js';
import { AT, row, ZONE } from './builders.js';

// Goal: which texts are which columns and values, and what is said of the others.

const columnsOf = (...names: readonly string[]): Columns => {
  const read = readHeader(names);
  if (E.isRight(read)) return read.right;
  throw new Error(read.left._tag);
};
const all = columnsOf(
  'order number',
  'purchased at',
  'credits',
  'price',
  'currency',
  'status',
  'invoice number',
);
const fields = ['PO-7', '2026-06-22 08:00', '100', '129.00', 'EUR', 'completed', 'INV-1'];
const at = (index: number, text: string): readonly string[] => fields.with(index, text);
const read = readPortalLine(all, ZONE);

describe('A header', () => {
  it('names its columns in any order and spelling; others are listed', () => {
    const columns = columnsOf('Credits', 'note\u001B[2J', 'purchased_at', 'OrderNumber', '');
    expect([...columns.at]).toStrictEqual([
      ['credits', 0],
      ['purchased at', 2],
      ['order number', 3],
    ]);
    expect(columns.ignored).toStrictEqual(['note[2J', '(no name)']);
  });

  it('without a column that is needed, or with one twice, is refused', () => {
    expect(readHeader(['credits', 'note'])).toStrictEqual(
      E.left({ _tag: 'ColumnsMissing', missing: ['order number', 'purchased at'] }),
    );
    expect(readHeader(['order number', 'Order-Number'])).toStrictEqual(
      E.left({ _tag: 'ColumnTwice', column: 'order number' }),
    );
  });
});

describe('A line', () => {
  it('is read with spaces around its values', () => {
    expect(
      read(
        4,
        fields.map((field) => ` ${field} `),
      ),
    ).toStrictEqual(E.right(row(4)));
  });

  it('has its time with an offset or in the company’s zone', () => {
    const forms = [
      '2026-06-22T08:00:00+02:00',
      '2026-06-22T06:00:00Z',
      '2026-06-22T06:00:00.000z',
      '2026-06-22 11:30+0530',
      '2026-06-22 08:00:00',
      '2026-06-22T08:00',
    ];
    for (const form of forms)
      expect([form, read(4, at(1, form))]).toStrictEqual([form, E.right(row(4))]);
    expect(AT).toBe(Date.parse('2026-06-22T08:00:00+02:00'));
  });

  it('without optional columns has them empty, and tells nothing of refunds', () => {
    const few = columnsOf('credits', 'order number', 'purchased at');
    const nothing = { price: '', currency: '', invoiceNumber: '', status: null };
    expect(readPortalLine(few, ZONE)(2, ['100', 'PO-7', '2026-06-22 08:00'])).toStrictEqual(
      E.right(row(2, nothing)),
    );
  });

  it('is unreadable by the column that is wrong, whose content is not repeated', () => {
    const wrong: readonly (readonly [string | null, readonly string[]])[] = [
      ['order number', at(0, ' ')],
      ['order number', at(0, 'PO\u0007')],
      ['order number', at(0, 'x'.repeat(201))],
      ['purchased at', at(1, '')],
      ['purchased at', at(1, '22.06.2026 08:00')],
      ['purchased at', at(1, '2026-06-31 08:00')],
      ['purchased at', at(1, '2026-06-31T08:00:00Z')],
      ['purchased at', at(1, '2026-06-22T25:00:00Z')],
      ['purchased at', at(1, '1969-12-31T23:59:59Z')],
      ['credits', at(2, '')],
      ['credits', at(2, '0')],
      ['credits', at(2, '-100')],
      ['credits', at(2, '99.5')],
      ['credits', at(2, '1,000')],
      ['credits', at(2, '9007199254740992')],
      ['status', at(5, '')],
      ['status', at(5, 'pending')],
      [null, fields.slice(1)],
      [null, [...fields, '']],
    ];
    for (const [column, given] of wrong) {
      const problem = read(4, given);
      expect([given, E.isLeft(problem) && problem.left.column]).toStrictEqual([given, column]);
      expect(problem).toMatchObject({
        left: { line: 4, reason: expect.stringMatching(/./) as string },
      });
      expect(JSON.stringify(problem)).not.toContain('22.06.2026');
    }
  });

  it('keeps the order number of an unreadable line where it has one', () => {
    expect(read(4, at(2, '-1'))).toMatchObject({ left: { orderNumber: 'PO-7' } });
    expect(read(4, at(0, ''))).toMatchObject({ left: { orderNumber: null } });
  });
});
