import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import fc from 'fast-check';
import {
  Actor,
  Count,
  Credits,
  decodeWith,
  EventMetadata,
  failedPaths,
  Instant,
  Nullable,
  plain,
  PositiveCredits,
  protectedValue,
  ProtectedText,
  Revision,
  Word,
} from '../../src/kernel/index.js';

const accepts = (codec: t.Mixed, value: unknown): boolean => {
  const accepted = E.isRight(codec.decode(value));
  expect(codec.is(value)).toBe(accepted);
  return accepted;
};
const endOfYear9999 = Date.parse('9999-12-31T23:59:59.999Z');

describe('whole numbers', () => {
  const codecs = { Credits, PositiveCredits, Revision, Count, Instant };

  it.each(Object.entries(codecs))('%s refuses everything that is no safe integer', (_, codec) => {
    for (const value of [1.5, 0.1, NaN, Infinity, -Infinity, 2 ** 53, -1, -0, '1', null, [1], {}])
      expect([value, accepts(codec, value)]).toStrictEqual([value, false]);
    expect(accepts(codec, undefined)).toBe(false);
    expect(accepts(codec, 1)).toBe(true);
  });
  it('may be zero, except a positive amount', () => {
    for (const codec of [Credits, Revision, Count, Instant]) expect(accepts(codec, 0)).toBe(true);
    expect(accepts(PositiveCredits, 0)).toBe(false);
  });
  it('reach to the last safe integer, instants to the end of the year 9999', () => {
    for (const codec of [Credits, PositiveCredits, Revision, Count])
      expect(accepts(codec, Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(accepts(Instant, endOfYear9999)).toBe(true);
    expect(accepts(Instant, endOfYear9999 + 1)).toBe(false);
  });
  it('never accept a float, and keep every integer exactly through JSON', () => {
    fc.assert(
      fc.property(fc.double({ noInteger: true }), (float) => {
        expect(accepts(Credits, float)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), (integer) => {
        const stored: unknown = JSON.parse(JSON.stringify(Credits.encode(integer)));
        expect(Credits.decode(stored)).toStrictEqual(E.right(integer));
      }),
    );
  });
});

describe('words and nulls', () => {
  it('a word is one of those given, and not a name that every object has', () => {
    const Side = Word('left', 'right');
    expect(['left', 'right'].map((word) => accepts(Side, word))).toStrictEqual([true, true]);
    for (const value of ['up', 'toString', 'constructor', '__proto__', '', 1, null])
      expect([value, accepts(Side, value)]).toStrictEqual([value, false]);
  });
  it('a nullable value may be null and not be missing', () => {
    expect(accepts(Nullable(t.string), null)).toBe(true);
    expect(accepts(Nullable(t.string), 'x')).toBe(true);
    expect(accepts(Nullable(t.string), undefined)).toBe(false);
    expect(accepts(t.strict({ a: Nullable(t.string) }), {})).toBe(false);
  });
});

describe('session text inside an event', () => {
  it('is stored as plain, and only so', () => {
    expect(ProtectedText.decode(plain('a'))).toStrictEqual(E.right({ form: 'plain', value: 'a' }));
    expect(accepts(ProtectedText, { form: 'sealed', value: 'a' })).toBe(false);
    expect(accepts(ProtectedText, 'a')).toBe(false);
    expect(accepts(protectedValue(Count), plain(1.5))).toBe(false);
  });
});

describe('the envelope', () => {
  const actor: Actor = { kind: 'supporter', id: 'u1' };
  const metadata: EventMetadata = {
    schema: 1,
    company: 'acme',
    actor,
    commandId: 'c1',
    correlationId: 'c1',
    occurredAt: 1_790_000_000_000,
    ruleVersion: '2026-09-01',
  };

  it('may have a cause, and drops what it does not know', () => {
    expect(EventMetadata.decode(metadata)).toStrictEqual(E.right(metadata));
    const caused = { ...metadata, causationId: 'c0' };
    expect(EventMetadata.decode(caused)).toStrictEqual(E.right(caused));
    expect(Actor.decode({ ...actor, email: 'a@b.example' })).toStrictEqual(E.right(actor));
  });
  it('names what is missing or wrong', () => {
    const timeless = { ...metadata, occurredAt: undefined };
    expect(decodeWith(EventMetadata, timeless)).toStrictEqual(E.left('0.occurredAt'));
    const impostor = { ...metadata, actor: { ...actor, kind: 'robot' } };
    expect(decodeWith(EventMetadata, impostor)).toStrictEqual(E.left('0.actor.kind'));
  });
});

describe('what a failed decoding says', () => {
  const Shape = t.strict({
    title: t.string,
    body: protectedValue(t.strict({ steps: t.array(t.string), count: Count })),
    end: Nullable(Instant),
  });

  it('is the paths, each once, or that the whole value is wrong', () => {
    const wrong = { title: 1, body: plain({ steps: ['a', 2], count: 0.5 }), end: 'x' };
    expect(decodeWith(Shape, wrong)).toStrictEqual(
      E.left('title, body.value.steps.1, body.value.count, end.0, end.1'),
    );
    expect(decodeWith(Count, 'x')).toStrictEqual(E.left('(whole value)'));
    const decoded = t.union([Count, Revision]).decode('x');
    expect(E.isLeft(decoded) && failedPaths(decoded.left)).toStrictEqual(['0', '1']);
  });
  it('is one path for a value that fails twice', () => {
    const fails = (u: unknown, context: t.Context) =>
      t.failures<string>([
        { value: u, context },
        { value: u, context },
      ]);
    const Picky = new t.Type<string>('picky', t.string.is, fails, t.identity);
    expect(decodeWith(t.strict({ word: Picky }), { word: 'x' })).toStrictEqual(E.left('word'));
  });
  it('is the value when nothing failed', () => {
    const right = { title: 'a', body: plain({ steps: [], count: 0 }), end: null };
    expect(decodeWith(Shape, right)).toStrictEqual(E.right(right));
  });
  it('never contains a value, wherever the text stands', () => {
    const secret = 'SECRET-4711';
    const junk = fc.oneof(
      fc.constant<unknown>(secret),
      fc.constant<unknown>([secret, [secret]]),
      fc.constant<unknown>({ value: secret, form: secret }),
      fc.constant<unknown>(plain({ steps: [secret, 1], count: secret })),
      fc.constant<unknown>(null),
    );
    const value = fc.record({ title: junk, body: junk, end: junk }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(value, junk), (wrong) => {
        const decoded = decodeWith(Shape, wrong);
        expect(E.isLeft(decoded)).toBe(true);
        expect(JSON.stringify(decoded)).not.toContain('4711');
      }),
    );
  });
});
