import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allEvents, commandEvents, eventsByCategory } from '../src/all-events/index.js';
import { decodeWith, type EventTable } from '../src/kernel/index.js';

/*
 * One stored event of every type, as JSON. A fixture is what a log of the past holds: when a test here
 * fails, the code has to change, not the fixture.
 */
const folder = join(__dirname, 'fixtures');
const table: EventTable = allEvents;
const types = Object.keys(table).sort();
const files = readdirSync(folder).sort();

const Fixture = t.strict({ type: t.string, schema: t.literal(1), data: t.UnknownRecord });

const read = (type: string): unknown =>
  JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8'));

const codecOf = (type: string): t.Mixed => {
  const codec = table[type];
  if (codec === undefined) throw new Error(`No codec for ${type}`);
  return codec;
};

describe('the fixtures of stored events', () => {
  it('are one file for every event type, and for nothing else', () => {
    expect(files).toStrictEqual(types.map((type) => `${type}.json`));
  });
  it('cover every category, and no type belongs to two of them', () => {
    const tables = [...Object.values(eventsByCategory), commandEvents];
    expect(tables.flatMap((events) => Object.keys(events)).sort()).toStrictEqual(types);
  });
});

describe.each(types)('a stored %s', (type) => {
  it('is named, versioned, and nothing beside', () => {
    const fixture = read(type);
    const decoded = decodeWith(Fixture, fixture);
    expect(decoded).toStrictEqual(E.right(fixture));
    expect(fixture).toMatchObject({ type });
  });
  it('decodes with its codec and is written again as the same JSON', () => {
    const { data } = read(type) as { data: unknown };
    const codec = codecOf(type);
    const decoded = decodeWith(codec, data);
    if (E.isLeft(decoded)) throw new Error(`Does not decode: ${decoded.left}`);
    const written: unknown = codec.encode(decoded.right);
    expect(JSON.parse(JSON.stringify(written))).toStrictEqual(data);
  });
  it('refuses to decode without any one of its fields', () => {
    const { data } = read(type) as { data: Record<string, unknown> };
    for (const missing of Object.keys(data)) {
      const rest = Object.fromEntries(Object.entries(data).filter(([key]) => key !== missing));
      expect([missing, E.isLeft(decodeWith(codecOf(type), rest))]).toStrictEqual([missing, true]);
    }
  });
  it('drops what the codec does not know, so nothing leaks into the log', () => {
    const { data } = read(type) as { data: Record<string, unknown> };
    expect(decodeWith(codecOf(type), { ...data, leaked: 'x' })).toStrictEqual(E.right(data));
  });
});
