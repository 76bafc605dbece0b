import {
  readHeader,
  readPortalLine,
  reconcileOrder,
  type PortalPurchase,
} from '@daybook/domain/reconciliation';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { readCsv, type CsvRecord } from '../src/portal/csv-records.js';
import { separatorOf } from '../src/portal/separator.js';

// Goal: whatever a spreadsheet or a portal makes of a table, its cells and their lines are read back.

const read = async (
  ...chunks: readonly (Buffer | string)[]
): Promise<readonly (CsvRecord | string)[]> => {
  async function* source(): AsyncGenerator<Buffer | string> {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  const csv = await readCsv(source());
  if (E.isLeft(csv)) return [csv.left._tag];
  const found: (CsvRecord | string)[] = [];
  for await (const page of csv.right) {
    if (E.isLeft(page)) found.push(`${page.left.line}: ${page.left.reason}`);
    else for (const record of page.right) found.push(record);
  }
  return found;
};

describe('A CSV text', () => {
  it('has its records on the lines on which they begin, whatever the line ends', async () => {
    const lines = ['a,b', '1,"x', 'y', 'z"', '', '2,3'];
    for (const end of ['\n', '\r\n'])
      expect(await read(lines.join(end))).toStrictEqual([
        { line: 1, fields: ['a', 'b'] },
        { line: 2, fields: ['1', ['x', 'y', 'z'].join(end)] },
        { line: 6, fields: ['2', '3'] },
      ]);
  });

  it('may begin with a byte order mark, and come in any pieces', async () => {
    const bytes = Buffer.from('\uFEFFa;b\r\n"é;";2\r\n');
    const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
    const fields = [
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['é;', '2'] },
    ];
    expect(await read(bytes)).toStrictEqual(fields);
    expect(await read(...pieces)).toStrictEqual(fields);
  });

  it('keeps the quotes that stand inside a field', async () => {
    expect(await read('a,b\n24" wide,"say ""hi"""\n')).toStrictEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['24" wide', 'say "hi"'] },
    ]);
  });

  it('without anything in it has no record', async () => {
    expect(await read()).toStrictEqual([]);
    expect(await read('\n\n')).toStrictEqual([]);
  });

  it('is no text with a zero in it', async () => {
    expect(await read(Buffer.from([0x50, 0x4b, 0, 4]))).toStrictEqual(['NotText']);
    expect(await read(Buffer.from('a,b\n1,2\n', 'utf16le'))).toStrictEqual(['NotText']);
  });

  it('ends where a quote is never closed, before it has swallowed the rest', async () => {
    const open = /^3: a quote that opens here or further down is never closed/;
    const short = await read('a,b\n1,2\n"3,4\n5,6\n');
    expect(short.at(-1)).toMatch(open);
    let chunks = 0;
    const piece = 'x,y\n'.repeat(10_000);
    const endless = Array.from({ length: 200 }, () => piece);
    async function* source(): AsyncGenerator<string> {
      yield 'a,b\n1,2\n"3,4\n';
      for (const each of endless) {
        chunks += 1;
        yield await Promise.resolve(each);
      }
    }
    const csv = await readCsv(source());
    if (E.isLeft(csv)) throw new Error(csv.left._tag);
    let last = '';
    for await (const page of csv.right)
      if (E.isLeft(page)) last = `${page.left.line}: ${page.left.reason}`;
    expect(last).toMatch(open);
    expect(chunks).toBeLessThan(60);
  });
});

describe('The separator', () => {
  it('is what parts the header', () => {
    const headers = ['a,b', 'a;b;"c,d,e,f"', 'a\tb', 'a', '"a;b",c'];
    expect(headers.map(separatorOf)).toStrictEqual([',', ';', '\t', ',', ',']);
  });
});

const ZONE = 'Europe/Berlin';
const columns = ['order number', 'purchased at', 'credits', 'note', 'status', 'price'] as const;
type Column = (typeof columns)[number];

const ledgers = fc.uniqueArray(
  fc.record({
    orderNumber: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.:~-]{0,30}$/),
    credits: fc.integer({ min: 1, max: 1_000_000 }),
    purchasedAt: fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2028, 0) }),
    refunded: fc.boolean(),
    note: fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', '\t', 'ß', ' ') }),
  }),
  { selector: ({ orderNumber }) => orderNumber, maxLength: 8 },
);
const forms = fc.record({
  separator: fc.constantFrom(',', ';', '\t'),
  end: fc.constantFrom('\n', '\r\n'),
  mark: fc.constantFrom('', '\uFEFF'),
  order: fc.shuffledSubarray([...columns], { minLength: columns.length }),
  local: fc.boolean(),
});

const localMinute = (at: number): string =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone: ZONE,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);

describe('A ledger that the portal exports', () => {
  it('is clean in every form that the file may take', async () => {
    await fc.assert(
      fc.asyncProperty(ledgers, forms, async (ledger, { separator, end, mark, order, local }) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const lines = ledger.map(({ orderNumber, purchasedAt, credits, note, refunded }) => {
          const cells: Record<Column, string> = {
            'order number': orderNumber,
            'purchased at': local ? localMinute(purchasedAt) : new Date(purchasedAt).toISOString(),
            credits: String(credits),
            note: quoted(note),
            status: refunded ? 'Refunded' : 'completed',
            price: quoted('1,50'),
          };
          return order.map((column) => cells[column]).join(separator);
        });
        const records = await read(mark + [order.join(separator), ...lines].join(end));
        const [header, ...rest] = records as readonly CsvRecord[];
        const known = readHeader(header?.fields ?? []);
        if (E.isLeft(known)) throw new Error(known.left._tag);
        const portal = new Map<string, PortalPurchase>();
        for (const { line, fields } of rest) {
          const purchase = readPortalLine(known.right, ZONE)(line, fields);
          if (E.isLeft(purchase)) throw new Error(`${line}: ${purchase.left.reason}`);
          portal.set(purchase.right.orderNumber, purchase.right);
        }
        expect(portal.size).toBe(ledger.length);
        for (const { orderNumber, credits, purchasedAt, refunded } of ledger) {
          const ref = { stream: 'credits-acme', revision: 0, position: 1, eventId: 'e' };
          const line = portal.get(orderNumber);
          const facts = {
            orderNumber,
            portal: line === undefined ? [] : [line],
            unreadableLines: [],
            purchases: [{ ref, credits, purchasedAt }],
            refunds: refunded ? [{ ref, refundedAt: purchasedAt }] : [],
          };
          expect(reconcileOrder(ZONE, {})(facts)).toStrictEqual([]);
        }
      }),
    );
  });
});
