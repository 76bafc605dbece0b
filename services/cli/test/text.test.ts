import { basisInWords, counted, listed, problemInWords } from '../src/text/words.js';
import { durationInWords, instantIn, timeIn } from '../src/text/instant.js';
import { withIsoInstants } from '../src/text/iso-instants.js';
import { makeStyle } from '../src/text/style.js';
import { table, widthOf, wrap } from '../src/text/table.js';
import * as fc from 'fast-check';

describe('A table', () => {
  it('is aligned by what is seen, not by marks of colour', () => {
    const { red } = makeStyle(true);
    const rows = [
      [red('a'), '1', 'x'],
      ['long', '100', ''],
    ];
    expect(table(rows, { align: ['left', 'right'], indent: '> ' })).toBe(
      `> ${red('a')}       1  x\n> long  100`,
    );
  });

  it('has lines without spaces at their ends', () => {
    expect(
      table([
        ['a', ''],
        ['bb', 'c'],
      ]),
    ).toBe('a\nbb  c');
  });
});

describe('Wrapped text', () => {
  it('keeps every word in order and no line longer than asked', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1 }),
        fc.integer({ min: 16, max: 40 }),
        (words, width) => {
          const wrapped = wrap(words.join(' '), width, '  ');
          expect(wrapped.split(/\s+/).filter((each) => each !== '')).toStrictEqual(words);
          for (const line of wrapped.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('An instant', () => {
  const noon = Date.UTC(2026, 5, 4, 12, 0, 5);

  it('is shown where the clocks show it, with its offset', () => {
    expect(instantIn('Europe/Berlin')(noon)).toBe('2026-06-04 14:00:05 +02:00');
    expect(instantIn('Europe/Berlin')(Date.UTC(2026, 0, 1))).toBe('2026-01-01 01:00:00 +01:00');
    expect(instantIn('UTC')(noon)).toBe('2026-06-04 12:00:05 +00:00');
    expect(timeIn('Asia/Kolkata')(noon)).toBe('17:30:05');
  });

  it('is shown in zones that are a fixed offset', () => {
    expect(instantIn('+05:30')(noon)).toBe('2026-06-04 17:30:05 +05:30');
    expect(instantIn('-08')(noon)).toBe('2026-06-04 04:00:05 -08:00');
  });

  it('is ISO-8601 for programs, where a name says that a number is one', () => {
    const value = { startedAt: 0, at: null, lots: [{ expiresAt: 1000, amount: 1000 }], that: 5 };
    expect(withIsoInstants(value)).toStrictEqual({
      startedAt: '1970-01-01T00:00:00.000Z',
      at: null,
      lots: [{ expiresAt: '1970-01-01T00:00:01.000Z', amount: 1000 }],
      that: 5,
    });
  });
});

describe('Words', () => {
  it('say durations, counts and lists as people do', () => {
    expect([47_000, 723_000, 7_500_000].map(durationInWords)).toStrictEqual([
      '47 s',
      '12 min 3 s',
      '2 h 5 min',
    ]);
    expect([counted(1, 'summary', 'summaries'), counted(2000, 'event')]).toStrictEqual([
      '1 summary',
      '2,000 events',
    ]);
    expect([[], ['a'], ['a', 'b', 'c']].map(listed)).toStrictEqual(['', 'a', 'a, b and c']);
    expect(basisInWords('standing-permission')).toBe('standing permission');
  });

  it('name the place of a problem as compilers do', () => {
    const problem = { line: 3, column: 7, field: 'at', reason: 'is missing', remedy: 'write it' };
    expect(problemInWords('a.jsonl', problem)).toBe('a.jsonl:3:7 at is missing — write it');
    expect(problemInWords('a.jsonl', { line: 3, reason: 'is truncated' })).toBe(
      'a.jsonl:3 is truncated',
    );
  });
});
