import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { readJournal, writeEntry, type JournalEntry } from '../src/index.js';
import { collect, journalOf, problemOf, sourceOf } from './reading.js';
import { anyEntry } from './samples-of-entries.js';

const AT = '2026-06-03T09:15:00Z';
const AT_MS = Date.UTC(2026, 5, 3, 9, 15);

const ended = (session: string): string =>
  `{"entry":"session-ended","session":"${session}","at":"${AT}"}`;
const endedEntry = (session: string): JournalEntry => ({
  entry: 'session-ended',
  session,
  at: AT_MS,
});
const chat = (text: string, more = ''): string =>
  `{"entry":"chat","session":"s-1","at":"${AT}","speaker":"supporter","text":"${text}"${more}}`;
const items = async (
  lines: readonly string[],
  options?: Parameters<typeof journalOf>[1],
): Promise<string[]> =>
  (await journalOf([lines.join('\n')], options)).flatMap((outcome) => {
    if ('reason' in outcome) return [outcome.reason];
    return 'item' in outcome && outcome.item !== undefined ? [outcome.item] : [];
  });

describe('a session journal as a file', () => {
  it('is read line by line, blank lines passed over, with the place of each line', async () => {
    const text = `\uFEFF${ended('s-1')}\r\n\r\n  \n${ended('s-2')}\n${ended('s-3')}`;
    const size = Buffer.byteLength(ended('s-1'));
    expect(await collect(readJournal(sourceOf(text)))).toStrictEqual([
      { line: 1, bytes: 3 + size + 2, result: E.right(endedEntry('s-1')) },
      { line: 4, bytes: 3 + 2 * size + 2 + 2 + 3 + 1, result: E.right(endedEntry('s-2')) },
      { line: 5, bytes: Buffer.byteLength(text), result: E.right(endedEntry('s-3')) },
    ]);
  });

  it('gives the same lines however the file is cut into chunks', async () => {
    const lines = fc.array(
      fc.oneof(anyEntry.map(writeEntry), fc.constantFrom('', '{', '{"ä":"ü', ended('s-1'))),
      { maxLength: 6 },
    );
    const encoding = fc.constantFrom('utf8', 'utf16le', 'text');
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(400)), encoding, async (written, cuts, form) => {
        const text = form === 'utf8' ? written.join('\n') : `\uFEFF${written.join('\r\n')}`;
        const whole = form === 'text' ? text : Buffer.from(text, form);
        const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length];
        at.sort((a, b) => a - b);
        const pieces = at.slice(1).map((to, index) => whole.slice(at[index], to));
        expect(await collect(readJournal(sourceOf(...pieces)))).toStrictEqual(
          await collect(readJournal(sourceOf(whole))),
        );
      }),
    );
  });

  it('may be UTF-16 with a byte order mark, as some shells write it', async () => {
    const little = Buffer.from(
      `\uFEFF${chat('grüße \u0A05\u0100\u0A05')}\r\n${ended('s-1')}\r\n`,
      'utf16le',
    );
    const expected = [
      {
        entry: 'chat',
        session: 's-1',
        at: AT_MS,
        speaker: 'supporter',
        text: 'grüße \u0A05\u0100\u0A05',
        item: `chat-${AT_MS}-1`,
      },
      endedEntry('s-1'),
    ];
    expect(await journalOf([little])).toStrictEqual(expected);
    expect(await journalOf([Buffer.from(little).swap16()])).toStrictEqual(expected);
  });

  it('may come as text that is cut inside a character', async () => {
    const line = chat('a \u{1F600} b');
    const cut = line.indexOf('\u{1F600}') + 1;
    expect(await journalOf([line.slice(0, cut), line.slice(cut)])).toStrictEqual(
      await journalOf([line]),
    );
  });

  it('may be empty', async () => {
    expect(await journalOf([])).toStrictEqual([]);
    expect(await journalOf(['\uFEFF'])).toStrictEqual([]);
    expect(await journalOf([Buffer.from([0xff, 0xfe])])).toStrictEqual([]);
    expect(await journalOf(['\n'])).toStrictEqual([]);
  });

  it('reports a last line that the file ends inside as truncated, and reads what came before', async () => {
    const truncated = {
      line: 2,
      reason: 'is truncated: the file ends inside this line',
      remedy: 'import the file again when it has been written to its end, or remove the line',
    };
    expect(await journalOf([`${ended('s-1')}\n{"entry":"chat","se`])).toStrictEqual([
      endedEntry('s-1'),
      { ...truncated, column: 20 },
    ]);
    const half = Buffer.from(`${ended('s-1')}\n{"entry":"ä`).subarray(0, -1);
    expect(await journalOf([half])).toStrictEqual([endedEntry('s-1'), truncated]);
  });

  it('passes over a line that is too long without keeping it, and goes on', async () => {
    const long = Array.from({ length: 50 }, () => 'x'.repeat(100));
    const chunks = [`${ended('s-1')}\n`, ...long, `\n${ended('s-2')}\n`];
    const text = chunks.join('');
    const lines = await collect(readJournal(sourceOf(...chunks), { lineBytesMax: 100 }));
    expect(lines.map(({ line, bytes }) => [line, bytes])).toStrictEqual([
      [1, text.indexOf('x')],
      [2, text.lastIndexOf('x') + 2],
      [3, text.length],
    ]);
    expect(lines[1]?.result).toStrictEqual(
      E.left({
        line: 2,
        reason: 'is longer than 100 bytes and was passed over',
        remedy: 'split the text over several entries',
      }),
    );
    expect(lines[2]?.result).toStrictEqual(E.right(endedEntry('s-2')));
    expect(await journalOf([ended('s-1')], { lineBytesMax: ended('s-1').length })).toStrictEqual([
      endedEntry('s-1'),
    ]);
  });

  it('says at which column bytes are not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"ä\uFFFD":"'),
      Buffer.from([0xe4, 0x22]),
      Buffer.from('}'),
    ]);
    expect(await problemOf(bytes)).toStrictEqual({
      line: 1,
      column: 8,
      reason: 'is not valid UTF-8 text',
      remedy: 'save the file as UTF-8',
    });
  });

  it('does not stop reading when the reader stops asking', async () => {
    let given = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) {
          given += 1;
          yield await Promise.resolve(`${ended('s-1')}\n`);
        }
      } finally {
        closed = true;
      }
    }
    for await (const { line } of readJournal(endless())) if (line === 3) break;
    expect([given, closed]).toStrictEqual([3, true]);
  });
});

describe('the id of an item', () => {
  it('is kept where it is written', async () => {
    expect(await items([chat('a', ',"item":"note-7"')])).toStrictEqual(['note-7']);
  });

  it('is else made of entry, instant and order at that instant', async () => {
    const action = `{"entry":"action","session":"s-1","at":"${AT}","text":"a"}`;
    const other = chat('a').replace('s-1', 's-2');
    const later = chat('a').replace(':00Z', ':00.001Z');
    expect(
      await items([
        chat('a'),
        action,
        other,
        chat('a'),
        later,
        chat('b', ',"item":"x"'),
        chat('c'),
      ]),
    ).toStrictEqual([
      `chat-${AT_MS}-1`,
      `action-${AT_MS}-1`,
      `chat-${AT_MS}-1`,
      `chat-${AT_MS}-2`,
      `chat-${AT_MS + 1}-1`,
      'x',
      `chat-${AT_MS}-3`,
    ]);
  });

  it('is not shifted by lines of other instants that are repaired or removed', async () => {
    const later = chat('a').replace(':00Z', ':01Z');
    const id = `chat-${AT_MS + 1_000}-1`;
    expect((await items([chat('a'), later])).at(-1)).toBe(id);
    expect((await items(['{', later])).at(-1)).toBe(id);
    expect((await items([later])).at(-1)).toBe(id);
  });

  it('cannot be derived once too many sessions are open, until one ends', async () => {
    const at = (second: number): string => chat('a').replace(':00Z', `:0${second}Z`);
    const refused = 'is missing, and too many sessions before it have not ended to derive it';
    expect(
      await items([at(1), at(2), at(3), at(2), ended('s-1'), at(4)], { trackedItemsMax: 2 }),
    ).toStrictEqual([
      `chat-${AT_MS + 1_000}-1`,
      `chat-${AT_MS + 2_000}-1`,
      refused,
      `chat-${AT_MS + 2_000}-2`,
      `chat-${AT_MS + 4_000}-1`,
    ]);
  });
});
