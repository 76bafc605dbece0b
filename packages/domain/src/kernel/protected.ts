import * as t from 'io-ts';

/**
 * Session text inside an event. Today it is stored as `plain`; a `sealed` form (key id, nonce,
 * ciphertext) can stand beside it without changing the shape of any event that carries text.
 */
export const protectedValue = <C extends t.Mixed>(
  codec: C,
): t.ExactC<t.TypeC<{ form: t.LiteralC<'plain'>; value: C }>> =>
  t.strict({ form: t.literal('plain'), value: codec });

export const ProtectedText = protectedValue(t.string);
export type ProtectedText = t.TypeOf<typeof ProtectedText>;

export const plain = <A>(value: A): Readonly<{ form: 'plain'; value: A }> => ({
  form: 'plain',
  value,
});
