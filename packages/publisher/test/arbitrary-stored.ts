import { Count, Credits, Instant, PositiveCredits, Revision } from '@daybook/domain/kernel';
import * as fc from 'fast-check';
import { nullType as nullCodec, type Mixed, type Props } from 'io-ts';

/** Digits that no arbitrary instant, count or position spells: a search for them finds nothing else. */
export const CARD = '4111111111111111';

/** Texts that must never leave: a sentence, an address, both in one word, what is no ASCII. */
export const CANARIES = [
  `CANARY my card is ${CARD} and I live in Bad Homburg`,
  'canary@bad-homburg.example',
  'CANARY:canary@bad-homburg.example',
  'canary%40bad-homburg.example',
  'CANÁRY',
] as const;

const text = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...CANARIES) },
  { weight: 5, arbitrary: fc.constantFrom('acme', 's-1', '2026-06', 'remote-side', 'order:7') },
);

const known: ReadonlyMap<unknown, fc.Arbitrary<unknown>> = new Map<unknown, fc.Arbitrary<unknown>>([
  [nullCodec, fc.constant(null)],
  [Count, fc.nat()],
  [Revision, fc.nat()],
  [Credits, fc.nat()],
  [PositiveCredits, fc.integer({ min: 1 })],
  [Instant, fc.integer({ min: 0, max: 253_402_300_799_999 })],
]);

type Structure = Readonly<{
  _tag: string;
  name: string;
  type: Mixed;
  types: readonly Mixed[];
  props: Props;
  keys: Readonly<Record<string, unknown>>;
  value: unknown;
}>;

/** Values that a stored codec accepts, with canaries wherever it takes a text. Throws for a codec it does not know. */
export const arbitraryOf = (codec: Mixed): fc.Arbitrary<unknown> => {
  const found = known.get(codec);
  if (found !== undefined) return found;
  const structure = codec as unknown as Structure;
  switch (structure._tag) {
    case 'StringType':
      return text;
    case 'BooleanType':
      return fc.boolean();
    case 'LiteralType':
      return fc.constant(structure.value);
    case 'KeyofType':
      return fc.constantFrom(...Object.keys(structure.keys));
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return fc.array(arbitraryOf(structure.type), { maxLength: 3 });
    case 'InterfaceType':
      return fc.record(
        Object.fromEntries(
          Object.entries(structure.props).map(([name, inner]) => [name, arbitraryOf(inner)]),
        ),
      );
    case 'ExactType':
    case 'ReadonlyType':
      return arbitraryOf(structure.type);
    case 'UnionType':
      return fc.oneof(...structure.types.map(arbitraryOf));
    default:
      throw new Error(`no arbitrary for ${structure.name} (${structure._tag})`);
  }
};
