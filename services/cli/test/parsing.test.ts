import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { changesFrom, decodeEdited } from '../src/commands/summary-write.js';
import { decodeConfig, summarizerOf } from '../src/config.js';
import { instantFrom, monthFrom, wholeNumberFrom } from '../src/data/at.js';
import { formatOf, type InputFile } from '../src/import/input-file.js';
import { byTime, inTurn, type Item } from '../src/import/items.js';
import { textLines } from '../src/import/line-text.js';
import { decodeMapping } from '../src/import/mapping.js';

async function* from<A>(values: readonly A[]): AsyncGenerator<A> {
  for (const value of values) yield await Promise.resolve(value);
}

const collected = async <A>(values: AsyncIterable<A>): Promise<A[]> => {
  const all: A[] = [];
  for await (const value of values) all.push(value);
  return all;
};

describe('The configuration', () => {
  it('has defaults for everything that the environment does not say', () => {
    expect(decodeConfig({ DAYBOOK_DATA: '' }, '1.0.0')).toStrictEqual(
      E.right({
        dataDirectory: './data',
        colour: true,
        summarizer: null,
        summarizerKey: '',
        editor: null,
        store: null,
        storeFile: null,
        relay: {},
        connectors: {},
        connectorsFile: null,
        webhooks: {},
        teamViewer: {
          url: 'https://webapi.teamviewer.com/api/v1',
          token: null,
          tokenFile: null,
        },
        version: '1.0.0',
      }),
    );
  });

  it('takes a summarizer only with its address and its model', () => {
    const given = { url: 'http://localhost/v1', model: 'm', key: 'k' };
    expect(summarizerOf(given)).toStrictEqual(E.right(given));
    for (const wrong of [
      { ...given, model: null },
      { ...given, url: null },
      { ...given, url: 'ftp://x' },
    ])
      expect(summarizerOf(wrong)).toMatchObject({ left: { exitCode: 2 } });
  });
});

describe('The format of an input', () => {
  it.each([
    ['{"entry":"chat"', 'a.txt', 'journal'],
    ['\n{ "command" : "ActivateAi"', 'a.jsonl', 'setup'],
    ['123456789\tPC\t01-02-2026 10:00:00', 'x', 'teamviewer-incoming'],
    ['hello', 'notes.txt', null],
    ['{"records":[{"id"', 'page.json', null],
    ['[\n  {"id":"1","support_session_type":', 'page.json', null],
    ['"User";"TeamViewer ID";"Start (UTC)";"End (UTC)"\r\n', 'export.csv', null],
  ])('of %j in %s is %s', (head, name, format) => {
    expect(formatOf(Buffer.from(head), name)).toBe(format);
  });
});

describe('Lines of a setup file', () => {
  it('are the same wherever the chunks end', async () => {
    const text = '\uFEFF{"a":"ä€"}\r\n\n{"b":1}\nlast';
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
        const lines = await collected(textLines(from(chunks)));
        expect(lines.map(({ line, text: said }) => [line, said])).toStrictEqual([
          [1, '{"a":"ä€"}'],
          [2, ''],
          [3, '{"b":1}'],
          [4, 'last'],
        ]);
      }),
    );
  });
});

describe('Inputs', () => {
  const file = {} as InputFile;
  const item = (at: number, line: number): Item => ({
    file,
    line,
    bytes: 0,
    kind: 'entries',
    at,
    source: 'journal',
    entries: [],
  });
  const sources = (times: readonly (readonly number[])[]) =>
    times.map((each, index) => from(each.map((at) => item(at, index))));

  it('merged by time are in order of time, and of the inputs at the same instant', async () => {
    const times = fc.array(fc.nat(20)).map((each) => each.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(fc.array(times, { maxLength: 4 }), async (all) => {
        const flat = all.flatMap((each, line) => each.map((at) => ({ at, line })));
        const merged = await collected(byTime(sources(all)));
        expect(
          merged.map((each) => ('at' in each ? { at: each.at, line: each.line } : null)),
        ).toStrictEqual(flat.sort((a, b) => a.at - b.at || a.line - b.line));
      }),
    );
  });

  it('in turn are one after the other', async () => {
    const read = await collected(inTurn(sources([[5], [1, 2]])));
    expect(read.map(({ line }) => line)).toStrictEqual([0, 1, 1]);
  });
});

describe('A map of ends', () => {
  it('is taken with any part left out, and refused with the place of a fault', () => {
    const map = { others: { '123': { device: 'd-1' } } };
    expect(decodeMapping('m.json', JSON.stringify(map))).toStrictEqual(E.right(map));
    expect(decodeMapping('m.json', '{"self":{"device":"two words"}}')).toMatchObject({
      left: {
        exitCode: 2,
        message: expect.stringContaining('m.json: self.device is not') as string,
      },
    });
    expect(decodeMapping('m.json', '{')).toMatchObject({ left: { exitCode: 2 } });
  });
});

describe('Values of options', () => {
  it('are instants with an offset, months, and whole numbers', () => {
    expect(instantFrom('--at', '2026-06-30T23:59:59+02:00')).toStrictEqual(
      E.right(Date.UTC(2026, 5, 30, 21, 59, 59)),
    );
    expect(monthFrom('--month', '2026-06')).toStrictEqual(E.right('2026-06'));
    expect(wholeNumberFrom('--amount', '12', 1)).toStrictEqual(E.right(12));
    const wrong = [
      instantFrom('--at', '2026-06-30'),
      monthFrom('--month', '2026-13'),
      wholeNumberFrom('--amount', '0', 1),
      wholeNumberFrom('--amount', '1.5', 1),
      wholeNumberFrom('--amount', '99999999999999999999', 1),
    ];
    for (const each of wrong) expect(each).toMatchObject({ left: { exitCode: 2 } });
  });
});

describe('An edit', () => {
  it('changes only the fields that are named, lists as a whole', () => {
    expect(changesFrom({ by: 'cli', title: 'T', step: ['a', 'b'] })).toStrictEqual({
      title: 'T',
      steps: ['a', 'b'],
    });
  });

  it('in an editor is refused without repeating its text', () => {
    const body = { title: 'T', problem: '', steps: [], result: '', followUps: [], tags: [] };
    expect(decodeEdited(JSON.stringify(body))).toStrictEqual(E.right(body));
    const wrong = decodeEdited(JSON.stringify({ ...body, steps: 'secret' }));
    expect(wrong).toMatchObject({
      left: { message: expect.stringMatching(/^steps is not/) as string },
    });
    expect(JSON.stringify(wrong)).not.toContain('secret');
  });
});
