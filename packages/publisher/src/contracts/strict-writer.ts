import { Count, Credits, PositiveCredits, Revision } from '@daybook/domain/kernel';
import type * as t from 'io-ts';
import { Month, Sha256, Timestamp, Token } from './values.js';

/**
 * The JSON of a published value that is what its codec says and holds no address; undefined when it is not, or when
 * it takes a closer look to say so.
 */
export type Writer = (value: unknown) => string | undefined;

type Tagged =
  | t.BooleanType
  | t.NullType
  | t.KeyofType<Record<string, unknown>>
  | t.ArrayType<t.Mixed>
  | t.UnionType<t.Mixed[]>
  | t.ExactType<t.Mixed>;

/** Of a token: without what JSON escapes, and without what an address may be made of. */
const PLAIN = /^[!#$&-?A-[\]-~]{1,200}$/;

const quoted =
  (isOne: (value: unknown) => boolean): Writer =>
  (value) =>
    isOne(value) ? `"${value as string}"` : undefined;

const numeral =
  (isOne: (value: unknown) => boolean): Writer =>
  (value) =>
    isOne(value) ? String(value) : undefined;

const known: ReadonlyMap<t.Mixed, Writer> = new Map<t.Mixed, Writer>([
  [Token, quoted((value) => typeof value === 'string' && PLAIN.test(value))],
  ...[Timestamp, Month, Sha256].map((codec) => [codec, quoted(codec.is)] as const),
  ...[Count, Credits, PositiveCredits, Revision].map(
    (codec) => [codec, numeral(codec.is)] as const,
  ),
]);

const closerLook: Writer = () => undefined;

const oneOf = (words: Readonly<Record<string, unknown>>): Writer => {
  const texts = new Map<unknown, string>(
    Object.keys(words).map((word) => [word, JSON.stringify(word)]),
  );
  return (value) => texts.get(value);
};

const firstOf =
  (writers: readonly Writer[]): Writer =>
  (value) => {
    for (const writer of writers) {
      const text = writer(value);
      if (text !== undefined) return text;
    }
    return undefined;
  };

const arrayOf =
  (item: Writer): Writer =>
  (value) => {
    if (!Array.isArray(value)) return undefined;
    let json = '';
    for (const one of value as readonly unknown[]) {
      const text = item(one);
      if (text === undefined) return undefined;
      json = json === '' ? `[${text}` : `${json},${text}`;
    }
    return json === '' ? '[]' : `${json}]`;
  };

/** Fields in the order in which the value has them, as `JSON.stringify` writes them. */
const objectOf = (props: t.Props): Writer => {
  const fields = new Map(
    Object.entries(props).map(([name, codec]) => [
      name,
      { write: strictWriter(codec), name: `${JSON.stringify(name)}:` },
    ]),
  );
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    let json = '';
    let written = 0;
    for (const name in value) {
      const field = fields.get(name);
      const text = field?.write((value as Readonly<Record<string, unknown>>)[name]);
      if (field === undefined || text === undefined) return undefined;
      json += written === 0 ? `{${field.name}${text}` : `,${field.name}${text}`;
      written += 1;
    }
    if (written !== fields.size) return undefined;
    return written === 0 ? '{}' : `${json}}`;
  };
};

/**
 * Checks and writes in one pass what `codec.is` and `JSON.stringify` do in two. What it writes is what they write
 * (`test/published-bytes.test.ts`); what it does not know it leaves to them.
 */
export const strictWriter = (codec: t.Mixed): Writer => {
  const found = known.get(codec);
  if (found !== undefined) return found;
  const tagged = codec as unknown as Tagged;
  switch (tagged._tag) {
    case 'BooleanType':
    case 'NullType':
      return numeral(codec.is);
    case 'KeyofType':
      return oneOf(tagged.keys);
    case 'ArrayType':
      return arrayOf(strictWriter(tagged.type));
    case 'UnionType':
      return firstOf(tagged.types.map(strictWriter));
    case 'ExactType':
      return 'props' in tagged.type ? objectOf(tagged.type.props as t.Props) : closerLook;
    default:
      return closerLook;
  }
};
