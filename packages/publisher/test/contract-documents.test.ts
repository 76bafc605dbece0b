import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as t from 'io-ts';
import {
  contractDocuments,
  contractProblems,
  type Documents,
  jsonSchemaOf,
  listContracts,
  type PublishedType,
  publishedTypes,
  readContractFolder,
  schemaChanges,
  schemaFile,
  showContract,
  writeContractFolder,
} from '../src/index.js';

// Goal: the committed documents are what the code publishes, and a released shape cannot change. Method:
// the committed folder itself, and copies of the table with one deliberate change each.

const folder = join(__dirname, '../../../docs/contracts');
const committed = readContractFolder(folder);
const HELD = 'daybook.credits.credits-held.v1';

/** The documents as they would be if one type had these data. */
const generatedWith = (
  type: string,
  change: (published: PublishedType) => PublishedType,
): Documents =>
  contractDocuments(
    publishedTypes.map((published) => (published.type === type ? change(published) : published)),
  );

/** The fields of a strict codec, to be changed. */
const fieldsOf = (published: PublishedType): t.Props =>
  (published.data as t.ExactC<t.TypeC<t.Props>>).type.props;

describe('the committed documents', () => {
  it('are what the code publishes', () => {
    expect(contractProblems(committed, contractDocuments())).toStrictEqual([]);
  });

  it('are read without an error by the official parser of AsyncAPI', () => {
    const program = `
      const { Parser } = require('@asyncapi/parser');
      const text = require('node:fs').readFileSync(process.argv[1], 'utf8');
      new Parser().parse(text).then(({ document, diagnostics }) => {
        const bad = diagnostics.filter(({ severity }) => severity <= 1);
        console.log(JSON.stringify({
          bad: bad.map(({ message, path }) => path.join('.') + ': ' + message),
          version: document?.version(),
          channels: document?.channels().all().length,
          messages: document?.messages().all().length,
        }));
      });`;
    const parse = (file: string): unknown =>
      JSON.parse(
        execFileSync(process.execPath, ['-e', program, file], {
          cwd: join(__dirname, '..'),
          encoding: 'utf8',
        }),
      );
    expect(parse(join(folder, 'asyncapi.json'))).toStrictEqual({
      bad: [],
      version: '3.1.0',
      channels: publishedTypes.length,
      messages: publishedTypes.length,
    });
  });

  it('list every type once, and show each with a schema and an example', () => {
    const types = listContracts().map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) {
      const { schema, example } = showContract(type) ?? {};
      expect(JSON.parse(committed.get(schemaFile(type)) ?? 'null')).toStrictEqual(schema);
      expect(example).toMatchObject({ type });
    }
    expect(showContract('daybook.credits.nothing.v1')).toBeUndefined();
  });
});

describe('a change of a released shape', () => {
  const changed = (change: (fields: t.Props) => t.Mixed): readonly (readonly [string, string])[] =>
    contractProblems(
      committed,
      generatedWith(HELD, (published) => ({ ...published, data: change(fieldsOf(published)) })),
    )
      .filter(({ file }) => file !== 'asyncapi.json')
      .map(({ kind, message }) => [kind, message]);

  const advice = 'Leave v1 as it was and add daybook.credits.credits-held.v2.';

  it.each<readonly [string, (fields: t.Props) => t.Mixed, string]>([
    [
      'taking a field away',
      ({ tariff: _tariff, ...rest }) => t.strict(rest),
      'tariff was taken away',
    ],
    [
      'another type',
      (fields) => t.strict({ ...fields, generation: t.string }),
      'generation was {"maximum":9007199254740991,"minimum":0,"type":"integer"} and is {"type":"string"}',
    ],
    [
      'a field that older messages do not have',
      (fields) => t.strict({ ...fields, lots: t.string }),
      'lots was added as required, which older messages do not have',
    ],
    [
      'a change inside a list',
      (fields) => t.strict({ ...fields, allocations: t.array(t.strict({ lotId: t.string })) }),
      'allocations[].lotId was {"pattern":"^[!-~]{1,200}$","type":"string"} and is {"type":"string"}; allocations[].amount was taken away',
    ],
    [
      'letting a field be left out',
      ({ tariff, ...rest }) =>
        t.intersection([t.strict(rest), t.partial({ tariff: tariff ?? t.string })]),
      'tariff became optional',
    ],
  ])('by %s fails and asks for a new version', (_, change, detail) => {
    expect(changed(change)).toStrictEqual([
      [
        'broken',
        `daybook.credits.credits-held.v1 was released and its shape is different now (${detail}). ${advice}`,
      ],
    ]);
  });

  it('by an optional field is allowed once the documents are written again', () => {
    const change = (fields: t.Props): t.Mixed =>
      t.intersection([t.strict(fields), t.partial({ note: t.string })]);
    expect(changed(change)).toStrictEqual([
      [
        'stale',
        'schemas/daybook.credits.credits-held.v1.schema.json is not what the code says now: run "npm run contracts -- --write" and commit it.',
      ],
    ]);
  });

  it('is not written over what was released', () => {
    const copy = mkdtempSync(join(tmpdir(), 'daybook-contracts-'));
    expect(writeContractFolder(copy, committed)).toStrictEqual([]);
    const broken = generatedWith(HELD, (published) => ({ ...published, data: t.strict({}) }));
    expect(writeContractFolder(copy, broken).map(({ file, kind }) => [file, kind])).toStrictEqual([
      [schemaFile(HELD), 'broken'],
    ]);
    expect(readContractFolder(copy)).toStrictEqual(committed);
    rmSync(copy, { recursive: true });
  });

  it('by publishing the type no more fails', () => {
    const without = contractDocuments(publishedTypes.filter(({ type }) => type !== HELD));
    expect(
      contractProblems(committed, without).filter(({ kind }) => kind === 'broken'),
    ).toStrictEqual([
      {
        file: schemaFile(HELD),
        kind: 'broken',
        message: `${schemaFile(HELD)} was released and nothing publishes it any more: subscribers rely on it. Publish it again, or put a higher version in its place.`,
      },
    ]);
  });
});

describe('a new version and a new type', () => {
  const next = 'daybook.credits.credits-held.v2';

  it('are fine once the documents are written, and the old version stays documented', () => {
    const copy = mkdtempSync(join(tmpdir(), 'daybook-contracts-'));
    writeContractFolder(copy, committed);
    const generated = generatedWith(HELD, (published) => ({
      ...published,
      type: next,
      version: 2,
      data: t.strict({}),
    }));
    expect(
      contractProblems(committed, generated).map(({ file, kind }) => [file, kind]),
    ).toStrictEqual([
      ['asyncapi.json', 'stale'],
      [schemaFile(next), 'stale'],
    ]);
    expect(writeContractFolder(copy, generated)).toStrictEqual([]);
    const written = readContractFolder(copy);
    expect(contractProblems(written, generated)).toStrictEqual([]);
    expect(written.get(schemaFile(HELD))).toBe(committed.get(schemaFile(HELD)));
    rmSync(copy, { recursive: true });
  });
});

describe('schemas that mean the same', () => {
  it('are equal whatever the order of their words and whatever they tell', () => {
    const released = {
      title: 'old',
      type: 'object',
      properties: { a: { enum: ['x', 'y'] }, title: { type: 'string', description: 'd' } },
      required: ['a', 'title'],
    };
    const current = {
      type: 'object',
      required: ['title', 'a'],
      properties: { title: { type: 'string' }, a: { enum: ['y', 'x'] } },
    };
    expect(schemaChanges(released, current)).toStrictEqual([]);
  });

  it('are not those with another word or a closed rest', () => {
    const words = { type: 'string', enum: ['x', 'y'] };
    const open = { type: 'object', properties: {}, required: [] };
    for (const [released, current] of [
      [words, { ...words, enum: ['x', 'y', 'z'] }],
      [open, { ...open, additionalProperties: false }],
    ] as const)
      expect(schemaChanges(released, current).map(({ path, kind }) => [path, kind])).toStrictEqual([
        ['(whole data)', 'breaking'],
      ]);
  });

  it('never lose a field that is called like a telling word', () => {
    const withTitle = { type: 'object', properties: { title: { type: 'string' } }, required: [] };
    const without = { type: 'object', properties: {}, required: [] };
    expect(schemaChanges(withTitle, without)).toStrictEqual([
      { path: 'title', kind: 'breaking', what: 'was taken away' },
    ]);
  });
});

describe('the interpreter of codecs', () => {
  it('refuses a codec that it does not know rather than promising anything', () => {
    const opaque = new t.Type<string>('Opaque', t.string.is, t.string.validate, t.identity);
    expect(() => jsonSchemaOf(t.strict({ field: opaque }))).toThrow(
      'No JSON Schema is known for the codec Opaque: register it.',
    );
  });

  it('describes the structures of io-ts', () => {
    const codec = t.intersection([
      t.strict({ a: t.literal('x'), b: t.tuple([t.boolean, t.null]) }),
      t.partial({
        c: t.readonlyArray(t.union([t.string, t.null])),
        d: t.record(t.string, t.string),
      }),
    ]);
    expect(jsonSchemaOf(codec)).toStrictEqual({
      type: 'object',
      properties: {
        a: { const: 'x' },
        b: {
          type: 'array',
          prefixItems: [{ type: 'boolean' }, { type: 'null' }],
          minItems: 2,
          items: false,
        },
        c: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
        d: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['a', 'b'],
    });
  });
});
