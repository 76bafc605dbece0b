import * as E from 'fp-ts/lib/Either.js';

/** What is wrong with an input, where, and what would be right. */
export type ScenarioProblem = Readonly<{ path: string; reason: string; remedy: string }>;

/** Reads a value that stands at `path` of the input. */
export type Read<A> = (value: unknown, path: string) => E.Either<ScenarioProblem, A>;
export type Field<A, Optional extends boolean> = Readonly<{ read: Read<A>; isOptional: Optional }>;

export const required = <A>(read: Read<A>): Field<A, false> => ({ read, isOptional: false });
export const optional = <A>(read: Read<A>): Field<A, true> => ({ read, isOptional: true });

type Fields = Readonly<Record<string, Field<unknown, boolean>>>;
type ValueOf<F> = F extends Field<infer A, boolean> ? A : never;
type NamesOf<F extends Fields, Optional extends boolean> = {
  [Name in keyof F]: F[Name]['isOptional'] extends Optional ? Name : never;
}[keyof F];
export type RecordOf<F extends Fields> = Readonly<
  { [Name in NamesOf<F, false>]: ValueOf<F[Name]> } & {
    [Name in NamesOf<F, true>]?: ValueOf<F[Name]>;
  }
>;

export const problem = (
  path: string,
  reason: string,
  remedy: string,
): E.Either<ScenarioProblem, never> => E.left({ path, reason, remedy });

/** A value that `accepts` takes; otherwise its remedy says what would be right. */
export const value =
  <A>(accepts: (given: unknown) => given is A, reason: string, remedy: string): Read<A> =>
  (given, path) =>
    accepts(given) ? E.right(given) : problem(path, reason, remedy);

export const oneOf = <Word extends string>(...words: readonly Word[]): Read<Word> =>
  value(
    (given): given is Word => words.some((word) => word === given),
    'is not one of the words that are known here',
    `use one of: ${words.join(', ')}`,
  );

export const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

export const fieldPath = (path: string, name: string): string =>
  path === '' ? name : `${path}.${name}`;

/** An object with these fields and no other: a misspelt one must not be passed over. */
export const record =
  <F extends Fields>(fields: F): Read<RecordOf<F>> =>
  (given, path) => {
    if (!isRecord(given)) return problem(path, 'is not an object', 'write { … } with its fields');
    const known = Object.keys(fields);
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name))
        return problem(
          fieldPath(path, name.slice(0, 40)),
          'is not a field here',
          `the fields are: ${known.join(', ')}`,
        );
    }
    const read: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
      const at = fieldPath(path, name);
      const part = given[name];
      if (part === undefined) {
        if (field.isOptional) continue;
        return problem(at, 'is missing', 'add it; the format is in docs/schemas');
      }
      const result = field.read(part, at);
      if (E.isLeft(result)) return result;
      read[name] = result.right;
    }
    return E.right(read as RecordOf<F>);
  };

export const list =
  <A>(read: Read<A>): Read<readonly A[]> =>
  (given, path) => {
    if (!Array.isArray(given)) return problem(path, 'is not a list', 'write [ … ]');
    const items: A[] = [];
    for (const [index, item] of given.entries()) {
      const result = read(item, `${path}[${index}]`);
      if (E.isLeft(result)) return result;
      items.push(result.right);
    }
    return E.right(items);
  };
