import { companyToken, jsonSchemaOf, publishedTypes, showContract } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { type PublishedTypeName, publishedData, readEvent, subjectFilter } from '../src/index.js';

/** What a reader holds to: fields and kinds. Patterns and descriptions are the publisher's. */
const readerView = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(readerView);
  if (typeof schema !== 'object' || schema === null) return schema;
  const {
    type,
    properties,
    required,
    items,
    anyOf,
    enum: words,
    ...rest
  } = schema as Record<string, unknown>;
  if (words !== undefined) return { words };
  if (anyOf !== undefined) return { anyOf: readerView(anyOf) };
  if (type === 'array') return { items: readerView(items) };
  if (type !== 'object') return { type, const: rest['const'] };
  const fields = Object.entries(properties as Record<string, unknown>);
  return {
    required: new Set(required as readonly string[]),
    fields: Object.fromEntries(fields.map(([name, field]) => [name, readerView(field)])),
  };
};

/** The interpreter knows the publisher's own number codec and not this package's. */
const withoutWhole = (codec: t.Mixed): unknown => {
  const tagged = codec as t.Mixed & {
    _tag?: string;
    props?: t.Props;
    type?: t.Mixed;
    types?: t.Mixed[];
  };
  if (codec.name === 'Whole') return { type: 'integer', const: undefined };
  switch (tagged._tag) {
    case 'InterfaceType':
    case 'PartialType':
      return {
        required: new Set(tagged._tag === 'InterfaceType' ? Object.keys(tagged.props ?? {}) : []),
        fields: Object.fromEntries(
          Object.entries(tagged.props ?? {}).map(([name, field]) => [name, withoutWhole(field)]),
        ),
      };
    case 'ArrayType':
      return { items: tagged.type === undefined ? undefined : withoutWhole(tagged.type) };
    case 'UnionType':
      return { anyOf: (tagged.types ?? []).map(withoutWhole) };
    default:
      return readerView(jsonSchemaOf(codec));
  }
};

describe('what a subscriber reads', () => {
  test('is every published type and no other', () => {
    expect(Object.keys(publishedData).sort()).toStrictEqual(
      publishedTypes.map(({ type }) => type).sort(),
    );
  });

  /** When this fails, a contract was added: build, and run `node write-contracts.mjs` in this package. */
  test.each(publishedTypes.map((published) => [published.type, published] as const))(
    '%s has the fields that are published',
    (type, published) => {
      const codec: t.Mixed = publishedData[type as PublishedTypeName];
      expect(withoutWhole(codec)).toStrictEqual(readerView(jsonSchemaOf(published.data)));
    },
  );

  test.each(publishedTypes.map(({ type }) => [type]))('%s is read from its example', (type) => {
    const read = readEvent(JSON.stringify(showContract(type)?.example));
    expect(E.isRight(read) ? [read.right.type, read.right.position] : read).toStrictEqual([
      type,
      4711,
    ]);
  });

  test('may have fields that nobody knows yet', () => {
    const example = showContract('daybook.credits.hold-captured.v1')?.example as {
      data: Record<string, unknown>;
    };
    const later = { ...example, hint: 'new', data: { ...example.data, alsoNew: 1 } };
    expect(E.isRight(readEvent(JSON.stringify(later)))).toBe(true);
  });

  test('of an unknown type is told apart from what is broken, and the reason quotes nothing', () => {
    const example = showContract('daybook.credits.hold-captured.v1')?.example as {
      data: Record<string, unknown>;
    };
    const read = (event: object): unknown => readEvent(JSON.stringify(event));
    expect(read({ ...example, type: 'daybook.new.thing.v1' })).toStrictEqual(
      E.left({ _tag: 'TypeUnknown', type: 'daybook.new.thing.v1', position: 4711 }),
    );
    expect(read({ ...example, data: { chargeId: 'secret' } })).toStrictEqual(
      E.left({ _tag: 'NotDecodable', place: 'data.sessionId' }),
    );
    expect(read({ ...example, sequence: 'secret' })).toStrictEqual(
      E.left({ _tag: 'NotDecodable', place: 'sequence' }),
    );
    expect(readEvent('secret')).toStrictEqual(E.left({ _tag: 'NotDecodable', place: '' }));
  });

  test('of a company has the subject that the relay gives it', () => {
    for (const company of ['acme', 'b.eu', 'x~y:z', 'A-1'])
      expect(subjectFilter({ company, context: 'credits', event: 'hold-captured' })).toBe(
        `daybook.${companyToken(company)}.credits.hold-captured`,
      );
  });
});
