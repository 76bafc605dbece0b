import { Count, Credits, Instant, PositiveCredits, Revision } from '@daybook/domain/kernel';
import type * as t from 'io-ts';
import { Month, MONTH, Sha256, SHA256, Timestamp, TIMESTAMP, Token, TOKEN } from './values.js';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<{ [keyword: string]: unknown }>;

const integer = (minimum: number): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum: Number.MAX_SAFE_INTEGER,
});

const textLike = (pattern: RegExp, description: string): JsonSchema => ({
  type: 'string',
  pattern: pattern.source,
  description,
});

/** Codecs that are opaque to the interpreter, by identity: an unknown one is an error, never `{}`. */
const known: ReadonlyMap<t.Mixed, JsonSchema> = new Map<t.Mixed, JsonSchema>([
  [Credits, { ...integer(0), description: 'Whole number of AI credits.' }],
  [PositiveCredits, { ...integer(1), description: 'Whole number of AI credits, one or more.' }],
  [Revision, { ...integer(0), description: 'Zero-based revision of a stream.' }],
  [Count, integer(0)],
  [Instant, { ...integer(0), description: 'Epoch milliseconds, UTC.' }],
  [Token, textLike(TOKEN, 'One word: an id or a name, never a text.')],
  [Timestamp, { ...textLike(TIMESTAMP, 'RFC 3339, UTC, with milliseconds.'), format: 'date-time' }],
  [Month, textLike(MONTH, 'Calendar month in the company’s time zone.')],
  [Sha256, textLike(SHA256, 'SHA-256, lower-case hex.')],
]);

type Tagged =
  | t.StringType
  | t.BooleanType
  | t.NullType
  | t.UnknownType
  | t.LiteralType<string | number | boolean>
  | t.KeyofType<Record<string, unknown>>
  | t.ArrayType<t.Mixed>
  | t.ReadonlyArrayType<t.Mixed>
  | t.TupleType<t.Mixed[]>
  | t.InterfaceType<t.Props>
  | t.PartialType<t.Props>
  | t.ExactType<t.Mixed>
  | t.ReadonlyType<t.Mixed>
  | t.DictionaryType<t.Mixed, t.Mixed>
  | t.UnionType<t.Mixed[]>
  | t.IntersectionType<t.Mixed[]>
  | t.RefinementType<t.Mixed>;

const objectOf = (props: t.Props, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(props).map(([name, codec]) => [name, jsonSchemaOf(codec)]),
  ),
  required,
});

const arrayOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** Members of an intersection become one object: `allOf` would hide which fields there are. */
const merged = (members: readonly JsonSchema[]): JsonSchema => {
  const properties: Record<string, unknown> = {};
  const required: unknown[] = [];
  for (const member of members) {
    if (member['type'] !== 'object') throw new Error('Only objects can be intersected.');
    Object.assign(properties, member['properties']);
    for (const name of member['required'] as readonly unknown[]) required.push(name);
  }
  return { type: 'object', properties, required };
};

const unknownCodec = (name: string): never => {
  throw new Error(`No JSON Schema is known for the codec ${name}: register it.`);
};

const structureOf = (codec: Tagged): JsonSchema => {
  switch (codec._tag) {
    case 'InterfaceType':
      return objectOf(codec.props, Object.keys(codec.props));
    case 'PartialType':
      return objectOf(codec.props, []);
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return arrayOf(jsonSchemaOf(codec.type));
    case 'TupleType':
      return {
        type: 'array',
        prefixItems: codec.types.map(jsonSchemaOf),
        minItems: codec.types.length,
        items: false,
      };
    case 'DictionaryType':
      return { type: 'object', additionalProperties: jsonSchemaOf(codec.codomain) };
    case 'UnionType':
      return { anyOf: codec.types.map(jsonSchemaOf) };
    case 'IntersectionType':
      return merged(codec.types.map(jsonSchemaOf));
    case 'ExactType':
    case 'ReadonlyType':
    case 'RefinementType':
      return jsonSchemaOf(codec.type);
    default:
      return primitiveOf(codec);
  }
};

type Primitive = Extract<Tagged, { _tag: 'StringType' | 'BooleanType' | 'NullType' }>;
type Words = Extract<Tagged, { _tag: 'UnknownType' | 'LiteralType' | 'KeyofType' }>;

const primitiveOf = (codec: Primitive | Words): JsonSchema => {
  switch (codec._tag) {
    case 'StringType':
      return { type: 'string' };
    case 'BooleanType':
      return { type: 'boolean' };
    case 'NullType':
      return { type: 'null' };
    case 'UnknownType':
      return {};
    case 'LiteralType':
      return { const: codec.value };
    case 'KeyofType':
      return { type: 'string', enum: Object.keys(codec.keys) };
    default:
      return unknownCodec((codec as t.Mixed).name);
  }
};

/**
 * JSON Schema of a codec. Objects stay open: fields may be added within a version, and a reader ignores
 * what it does not know. Throws for a codec that it cannot describe, so that no contract says `{}`.
 */
export const jsonSchemaOf = (codec: t.Mixed): JsonSchema =>
  known.get(codec) ?? structureOf(codec as unknown as Tagged);
