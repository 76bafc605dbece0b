import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { entryTypes, parseJournalLine, writeEntry, type WrittenEntry } from '../src/index.js';
import { jsonFault } from '../src/journal/json-fault.js';
import { problemOf } from './reading.js';
import { anyEntry } from './samples-of-entries.js';

const chat: Readonly<Record<string, unknown>> = {
  entry: 'chat',
  session: 's-1',
  at: '2026-06-03T09:15:00Z',
  speaker: 'supporter',
  text: 'hello',
};
const started: Readonly<Record<string, unknown>> = {
  entry: 'session-started',
  session: 's-1',
  at: '2026-06-03T09:15:00Z',
  direction: 'outgoing',
  supporter: 'u-1',
  signedIn: true,
  device: null,
  module: 'full',
  platform: 'windows',
  method: 'session-code',
  attended: true,
};
const without = (fields: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
const known = entryTypes.join(', ');

describe('the problem of a line', () => {
  const cases: readonly (readonly [string, unknown, object])[] = [
    [
      'an entry type that is not known',
      { ...chat, entry: 'chatt' },
      { field: 'entry', reason: '"chatt" is not an entry type', remedy: `use one of: ${known}` },
    ],
    [
      'an entry type that might be session text',
      { ...chat, entry: 'my password is x' },
      { field: 'entry', reason: 'is not an entry type', remedy: `use one of: ${known}` },
    ],
    [
      'no entry type',
      without(chat, 'entry'),
      { field: 'entry', reason: 'is missing', remedy: `use one of: ${known}` },
    ],
    ['a missing field', without(chat, 'speaker'), { field: 'speaker', reason: 'is missing' }],
    [
      'a mistyped field',
      { ...(without(chat, 'speaker') as object), speeker: 'supporter' },
      {
        field: 'speeker',
        reason: 'is not a field of chat',
        remedy: 'remove it, or use one of: entry, session, at, speaker, text, item',
      },
    ],
    [
      'a field whose name might be session text',
      { ...chat, 'my password is x': 1 },
      {
        field: '(not a field name)',
        reason: 'is not a field of chat',
        remedy: 'remove it, or use one of: entry, session, at, speaker, text, item',
      },
    ],
    [
      'a word that is not offered',
      { ...chat, speaker: 'bot' },
      { field: 'speaker', reason: 'is not one of supporter, remote-side' },
    ],
    [
      'text of another type',
      { ...chat, text: 7 },
      { field: 'text', reason: 'is not text of at least one character' },
    ],
    [
      'a switch in words',
      { ...started, signedIn: 'yes' },
      { field: 'signedIn', reason: 'is not true or false' },
    ],
    [
      'a field inside a field',
      { ...started, accessControl: { remote: 'maybe' } },
      {
        field: 'accessControl.remote',
        reason: 'is not one of allowed, denied, after-confirmation',
      },
    ],
    [
      'a day that does not exist',
      { ...chat, at: '2026-02-29T10:00:00Z' },
      { field: 'at', reason: 'is a day that its month does not have' },
    ],
    [
      'a time without offset',
      { ...chat, at: '2026-02-28T10:00:00' },
      {
        field: 'at',
        reason: 'is not an instant',
        remedy: 'write ISO-8601 with an offset or Z, such as 2026-06-03T09:15:00+02:00',
      },
    ],
    [
      'an id with a forbidden character',
      { ...chat, session: 's_1' },
      {
        field: 'session',
        reason: 'is not an id',
        remedy: 'write 1 to 100 letters, digits, ".", ":", "~" or "-", first a letter or digit',
      },
    ],
    ['a list', [chat], { reason: 'is not a JSON object', remedy: 'write one entry a line' }],
  ];
  it.each(cases)('with %s names the field and what to do', async (_, value, expected) => {
    expect(await problemOf(JSON.stringify(value))).toStrictEqual({ line: 1, ...expected });
  });

  const broken: readonly (readonly [string, number, string])[] = [
    ['{"a":}', 6, 'a value is expected'],
    ['{"a" 1}', 6, '":" is expected'],
    ['{"a":1 "b":2}', 8, '"," or the closing bracket is expected'],
    ['{"a":1,}', 8, 'a field name in double quotes is expected'],
    ["{'a':1}", 2, 'a field name in double quotes or "}" is expected'],
    ['{"a":1]', 7, '"," or the closing bracket is expected'],
    ['{"a":[1,]}', 9, 'a value is expected'],
    ['{"a":"b\tc"}', 8, 'a string holds a control character'],
    ['{"a":"\\x"}', 7, 'an escape is not known'],
    ['{"a":"\\u12g4"}', 7, 'an escape needs four hexadecimal digits'],
    ['{"a":"b', 8, 'a string does not end'],
    ['{"a":01}', 7, '"," or the closing bracket is expected'],
    ['{"a":tru}', 6, 'a value is expected'],
    ['{} {}', 4, 'the line goes on after its end'],
  ];
  it.each(broken)('that is broken JSON (%s) tells the column', async (line, column, reason) => {
    expect(await problemOf(line)).toStrictEqual({
      line: 1,
      column,
      reason: `is not JSON: ${reason}`,
      remedy: 'write each entry as one JSON object on one line',
    });
  });

  it('never repeats what the line says', () => {
    // Every value of the line carries the secret; whichever field breaks, the problem must not.
    const secret = 'Kx7Qz';
    const spoil = (entry: WrittenEntry): fc.Arbitrary<string> => {
      const fields = Object.keys(JSON.parse(writeEntry(entry)) as object);
      const spoilt = (name: string): string =>
        JSON.stringify({
          ...(JSON.parse(writeEntry({ ...entry, session: secret })) as object),
          [name]: `${secret} _`,
          [`${secret} field`]: secret,
        });
      return fc
        .tuple(fc.constantFrom(...fields), fc.nat(10), fc.boolean())
        .map(([name, cut, cuts]) => (cuts ? spoilt(name).slice(0, -1 - cut) : spoilt(name)));
    };
    fc.assert(
      fc.property(anyEntry.chain(spoil), (line) => {
        const outcome = parseJournalLine(line);
        expect(E.isLeft(outcome)).toBe(true);
        expect(JSON.stringify(outcome)).not.toContain(secret);
      }),
    );
  });
});

describe('the search for the place where JSON breaks', () => {
  it('finds one exactly where the parser refuses, and never after the cut of a cut line', () => {
    const line = fc.json({ maxDepth: 3 });
    const changed = fc
      .tuple(line, fc.nat(), fc.constantFrom('', '"', '}', ']', ',', ':', '\\', '0', 'x', '\n'))
      .map(([text, at, letter]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + letter + text.slice(place + 1);
      });
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(fc.oneof(line, changed), (text) => {
        expect({ text, whole: jsonFault(text) === undefined }).toStrictEqual({
          text,
          whole: parses(text),
        });
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 3, noUnicodeString: false }), fc.nat(), (text, cut) => {
        const object = `{"a":${text}}`;
        const part = object.slice(0, cut % object.length);
        // What is cut off inside a number ends in a place where a number might go on.
        expect(jsonFault(part)?.at ?? part.length).toBeGreaterThanOrEqual(part.length - 2);
      }),
    );
  });

  it('walks a line of a million brackets', () => {
    expect(jsonFault('['.repeat(1_000_000))).toStrictEqual({
      at: 1_000_000,
      reason: 'a value or "]" is expected',
    });
  });
});
