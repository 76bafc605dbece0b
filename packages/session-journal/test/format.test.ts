import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { isId } from '../../domain/src/kernel/index.js';
import { decodeEntry, parseJournalLine, writeEntry, type WrittenEntry } from '../src/index.js';
import { anyEntry, id, oddValue } from './samples-of-entries.js';
import { schemaAccepts } from './schema.js';

const written = (entry: WrittenEntry): Record<string, unknown> =>
  JSON.parse(writeEntry(entry)) as Record<string, unknown>;

const codecAccepts = (value: unknown): boolean => E.isRight(decodeEntry(value));

/** One field replaced, added or taken away. */
const mutated = fc
  .record({
    entry: anyEntry,
    pick: fc.nat(),
    change: fc.constantFrom('replace', 'remove', 'add'),
    name: fc.constantFrom('text', 'item', 'speeker', '__proto__', 'constructor', 'accessControl'),
    value: oddValue,
  })
  .map(({ entry, pick, change, name, value }) => {
    const fields = Object.entries(written(entry));
    const at = pick % fields.length;
    const rest = fields.filter((_, index) => index !== at);
    if (change === 'remove') return Object.fromEntries(rest);
    if (change === 'add') return Object.fromEntries([...fields, [name, value]]);
    return Object.fromEntries([...rest, [fields[at]?.[0] ?? '', value]]);
  });

describe('the format of a session journal', () => {
  it('reads back every entry that it writes, and the schema accepts it', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(parseJournalLine(writeEntry(entry))).toStrictEqual(E.right(entry));
        expect(schemaAccepts(written(entry))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same in the codec and in the published schema, also for lines that went wrong', () => {
    const verdicts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(mutated, (value) => {
        const accepted = codecAccepts(value);
        verdicts[accepted ? 'accepted' : 'refused'] += 1;
        expect({ value, accepted: schemaAccepts(value) }).toStrictEqual({ value, accepted });
      }),
      { numRuns: 3_000, seed: 20_260_601 },
    );
    // Both kinds were met, so agreement means something.
    expect(verdicts.accepted).toBeGreaterThan(100);
    expect(verdicts.refused).toBeGreaterThan(1_000);
  });

  it('is refused by both when the value is no object at all', () => {
    for (const value of [null, 3, 'chat', true, [], [{ entry: 'chat' }]]) {
      expect([codecAccepts(value), schemaAccepts(value)]).toStrictEqual([false, false]);
    }
  });

  it('takes as ids exactly the words that the engine takes', () => {
    const ended = (session: string): unknown => ({
      entry: 'session-ended',
      session,
      at: '2026-06-03T09:15:00Z',
    });
    const edges = fc.constantFrom('', 'a_b', '-a', '.a', 'a'.repeat(100), 'a'.repeat(101), 'ä');
    fc.assert(
      fc.property(fc.oneof(id, fc.string(), edges), (word) => {
        expect(codecAccepts(ended(word))).toBe(isId(word));
      }),
    );
  });

  it('reads instants at any offset as epoch milliseconds, cut off below the millisecond', () => {
    const at = (text: string): unknown => {
      const entry = decodeEntry({ entry: 'session-ended', session: 's-1', at: text });
      return E.isRight(entry) ? entry.right.at : entry.left;
    };
    expect(at('2026-06-03T09:15:00+02:00')).toBe(Date.UTC(2026, 5, 3, 7, 15));
    expect(at('2026-06-03T07:15:00Z')).toBe(Date.UTC(2026, 5, 3, 7, 15));
    expect(at('2026-06-03T07:15:00.123999999Z')).toBe(Date.UTC(2026, 5, 3, 7, 15, 0, 123));
    expect(at('2028-02-29T23:59:59-05:30')).toBe(Date.UTC(2028, 2, 1, 5, 29, 59));
  });
});
