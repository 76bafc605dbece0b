import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { wordOrNothing, type Fault } from '../line-problem.js';

/** What a field must be, in words that read on after its name, and what to write instead. */
export type Expectation = Readonly<{ reason: string; remedy?: string }>;

type ExplainedError = t.ValidationError & Readonly<{ remedy?: string }>;

/** A failure without the value: it may be session text. */
export const failure = <A>(
  context: t.Context,
  { reason, remedy }: Expectation,
): t.Validation<A> => {
  const error: ExplainedError = {
    value: undefined,
    context,
    message: reason,
    ...(remedy === undefined ? {} : { remedy }),
  };
  return t.failures([error]);
};

/** A codec of plain strings that pass a test. */
export const textField = (
  test: (text: string) => boolean,
  expectation: Expectation,
): t.Type<string> => {
  const is = (u: unknown): u is string => typeof u === 'string' && test(u);
  return new t.Type(
    expectation.reason,
    is,
    (u, context) => (is(u) ? t.success(u) : failure(context, expectation)),
    t.identity,
  );
};

const fieldName = (key: string): string => wordOrNothing(key) ?? '(not a field name)';

/** The first thing wrong with a value, without the value. */
export const faultOf = (errors: t.Errors): Fault => {
  const first: ExplainedError | undefined = errors[0];
  const path = (first?.context ?? []).map(({ key }) => key).filter((key) => key !== '');
  return {
    ...(path.length > 0 ? { field: path.map(fieldName).join('.') } : {}),
    reason: first?.message ?? 'is not as expected',
    ...(first?.remedy === undefined ? {} : { remedy: first.remedy }),
  };
};

type RecordOf<R extends t.Props, O extends t.Props> = t.TypeOf<t.TypeC<R>> &
  t.TypeOf<t.PartialC<O>>;
type WrittenRecordOf<R extends t.Props, O extends t.Props> = t.OutputOf<t.TypeC<R>> &
  t.OutputOf<t.PartialC<O>>;

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u);

/**
 * A record with exactly these fields. A field that it does not know is a problem and not ignored: a
 * mistyped `accessControl` would otherwise silently become its default.
 */
export const closedRecord = <R extends t.Props, O extends t.Props>(
  name: string,
  required: R,
  optional: O,
): t.Type<RecordOf<R, O>, WrittenRecordOf<R, O>, unknown> => {
  const fields = new Map<string, t.Mixed>(Object.entries({ ...required, ...optional }));
  const requiredKeys = Object.keys(required);
  const known = [...fields.keys()].join(', ');
  const unknownField = {
    reason: `is not a field of ${name}`,
    remedy: `remove it, or use one of: ${known}`,
  };
  const isWhole = (record: Readonly<Record<string, unknown>>): boolean =>
    requiredKeys.every((key) => Object.hasOwn(record, key)) &&
    Object.entries(record).every(([key, value]) => fields.get(key)?.is(value) === true);
  return new t.Type<RecordOf<R, O>, WrittenRecordOf<R, O>, unknown>(
    name,
    (u): u is RecordOf<R, O> => isRecord(u) && isWhole(u),
    (u, context) => {
      if (!isRecord(u)) return failure(context, { reason: 'is not an object' });
      const decoded: Record<string, unknown> = {};
      for (const key of Object.keys(u)) {
        const field = fields.get(key);
        if (field === undefined)
          return failure(t.appendContext(context, key, t.never), unknownField);
        const result = field.validate(u[key], t.appendContext(context, key, field));
        if (E.isLeft(result)) return result;
        decoded[key] = result.right;
      }
      for (const key of requiredKeys) {
        if (!Object.hasOwn(decoded, key)) {
          return failure(t.appendContext(context, key, t.never), { reason: 'is missing' });
        }
      }
      return t.success(decoded as RecordOf<R, O>);
    },
    (record) =>
      Object.fromEntries(
        Object.entries(record).map(([key, value]): [string, unknown] => [
          key,
          fields.get(key)?.encode(value),
        ]),
      ) as WrittenRecordOf<R, O>,
  );
};
