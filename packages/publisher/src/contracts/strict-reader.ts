import { Count, Credits, Instant, PositiveCredits, Revision } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

/** What a reader gives in place of a value that its codec refuses. */
export const REFUSED = Symbol('refused');

/** A value out of `JSON.parse` as its codec decodes it, without what the codec does not name; or `REFUSED`. */
export type Reader = (value: unknown) => unknown;

type Tagged =
  | t.StringType
  | t.BooleanType
  | t.NullType
  | t.KeyofType<Record<string, unknown>>
  | t.ArrayType<t.Mixed>
  | t.ReadonlyArrayType<t.Mixed>
  | t.UnionType<t.Mixed[]>
  | t.InterfaceType<t.Props>
  | t.ExactType<t.Mixed>;

/** Codecs of whole numbers: they take a value as it is or not at all. */
const numbers = new Set<t.Mixed>([Count, Credits, Instant, PositiveCredits, Revision]);

const accepting =
  (isOne: (value: unknown) => boolean): Reader =>
  (value) =>
    isOne(value) ? value : REFUSED;

/** Whatever is not taken apart here is decoded by the codec itself. */
const decoding =
  (codec: t.Mixed): Reader =>
  (value) => {
    const decoded: E.Either<unknown, unknown> = codec.decode(value);
    return E.isRight(decoded) ? decoded.right : REFUSED;
  };

const arrayOf =
  (item: Reader): Reader =>
  (value) => {
    if (!Array.isArray(value)) return REFUSED;
    const given: readonly unknown[] = value;
    let isWhole = true;
    for (const one of given) {
      const read = item(one);
      if (read === REFUSED) return REFUSED;
      if (read !== one) isWhole = false;
    }
    return isWhole ? given : given.map(item);
  };

const firstOf =
  (readers: readonly Reader[]): Reader =>
  (value) => {
    for (const reader of readers) {
      const read = reader(value);
      if (read !== REFUSED) return read;
    }
    return REFUSED;
  };

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names in the order in which they were stored: it shows in the bytes of what is published as it stands. */
const onlyNamed = (value: Fields, readers: ReadonlyMap<string, Reader>): Fields => {
  const named: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const reader = readers.get(name);
    if (reader !== undefined) named.push([name, reader(field)]);
  }
  return Object.fromEntries(named);
};

/** Counted without a list of them: it is done for every object that is read. */
const namesIn = (value: Fields): number => {
  let names = 0;
  for (const name in value) if (Object.hasOwn(value, name)) names += 1;
  return names;
};

type Field = Readonly<{ name: string; reader: Reader }>;

const fieldsOf = (props: t.Props): readonly Field[] =>
  Object.entries(props).map(([name, codec]) => ({ name, reader: strictReader(codec) }));

/** `as it is`: every field is read as it stands. */
const readFields = (
  value: Fields,
  fields: readonly Field[],
): 'refused' | 'as it is' | 'changed' => {
  let isAsItIs = true;
  for (const { name, reader } of fields) {
    const field = value[name];
    const read = reader(field);
    if (read === REFUSED) return 'refused';
    if (read !== field) isAsItIs = false;
  }
  return isAsItIs ? 'as it is' : 'changed';
};

const openObject =
  (codec: t.Mixed, fields: readonly Field[]): Reader =>
  (value) => {
    if (!isObject(value)) return REFUSED;
    const read = readFields(value, fields);
    if (read === 'refused') return REFUSED;
    return read === 'as it is' ? value : decoding(codec)(value);
  };

const strictObject = (fields: readonly Field[]): Reader => {
  const readers = new Map(fields.map(({ name, reader }) => [name, reader]));
  return (value) => {
    if (!isObject(value)) return REFUSED;
    const read = readFields(value, fields);
    if (read === 'refused') return REFUSED;
    const isWhole = read === 'as it is' && namesIn(value) === fields.length;
    return isWhole ? value : onlyNamed(value, readers);
  };
};

const isInterface = (codec: t.Mixed): codec is t.InterfaceType<t.Props> =>
  Reflect.get(codec, '_tag') === 'InterfaceType';

/**
 * `codec.decode` without its traces: io-ts writes down where it is for each value, which costs several times the
 * decoding when nobody asks. Equal to it for everything that `JSON.parse` gives (`test/published-bytes.test.ts`).
 */
export const strictReader = (codec: t.Mixed): Reader => {
  if (numbers.has(codec)) return accepting(codec.is);
  const tagged = codec as unknown as Tagged;
  switch (tagged._tag) {
    case 'StringType':
    case 'BooleanType':
    case 'NullType':
    case 'KeyofType':
      return accepting(codec.is);
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return arrayOf(strictReader(tagged.type));
    case 'UnionType':
      return firstOf(tagged.types.map(strictReader));
    case 'InterfaceType':
      return openObject(codec, fieldsOf(tagged.props));
    case 'ExactType':
      return isInterface(tagged.type) ? strictObject(fieldsOf(tagged.type.props)) : decoding(codec);
    default:
      return decoding(codec);
  }
};
