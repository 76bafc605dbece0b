import type { JsonSchema } from './json-schema.js';

/** A difference between a released schema and what the code says now. */
export type SchemaChange = Readonly<{
  /** Place in the data, such as `allocations[].amount`. */
  path: string;
  kind: 'breaking' | 'additive';
  what: string;
}>;

/** Keywords that tell a reader something and bind nobody. */
const TELLING = new Set(['$schema', '$id', 'title', 'description', 'examples', '$comment']);

const record = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

/** The same text for schemas that mean the same: keys and required names sorted, telling words left out. */
const meaning = (value: unknown, key = ''): unknown => {
  if (Array.isArray(value)) {
    const items = value.map((item) => meaning(item));
    return key === 'required' || key === 'enum' ? items.sort() : items;
  }
  const fields = record(value);
  if (fields === undefined) return value;
  const kept = key === 'properties' ? Object.keys(fields) : bindingKeys(fields);
  return Object.fromEntries(kept.sort().map((name) => [name, meaning(fields[name], name)]));
};

const bindingKeys = (schema: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(schema).filter((name) => !TELLING.has(name));

const means = (schema: unknown): string => JSON.stringify(meaning(schema));

const at = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

const breaking = (path: string, what: string): SchemaChange => ({
  path: path === '' ? '(whole data)' : path,
  kind: 'breaking',
  what,
});

const objectChanges = (
  released: JsonSchema,
  current: JsonSchema,
  path: string,
): readonly SchemaChange[] => {
  const [was, is] = [record(released['properties']) ?? {}, record(current['properties']) ?? {}];
  const requiredOf = (schema: JsonSchema): ReadonlySet<unknown> =>
    new Set((schema['required'] as readonly unknown[] | undefined) ?? []);
  const [wasRequired, isRequired] = [requiredOf(released), requiredOf(current)];
  const changes: SchemaChange[] = [];
  for (const [field, before] of Object.entries(was)) {
    const place = at(path, field);
    if (!Object.hasOwn(is, field)) changes.push(breaking(place, 'was taken away'));
    else {
      if (wasRequired.has(field) !== isRequired.has(field))
        changes.push(
          breaking(place, wasRequired.has(field) ? 'became optional' : 'became required'),
        );
      for (const change of schemaChanges(before as JsonSchema, is[field] as JsonSchema, place))
        changes.push(change);
    }
  }
  for (const field of Object.keys(is).filter((name) => !Object.hasOwn(was, name)))
    changes.push(
      isRequired.has(field)
        ? breaking(at(path, field), 'was added as required, which older messages do not have')
        : { path: at(path, field), kind: 'additive', what: 'was added' },
    );
  return changes;
};

/** What stands beside the properties of an object, such as an open or closed rest. */
const aroundOf = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(schema).filter(([key]) => key !== 'properties' && key !== 'required'),
  );

/**
 * What changed between a released schema of a type and its schema now. Readers rely on every field, so
 * within a version only an optional field may be added; words, limits and types are part of the promise.
 */
export const schemaChanges = (
  released: JsonSchema,
  current: JsonSchema,
  path = '',
): readonly SchemaChange[] => {
  if (means(released) === means(current)) return [];
  const areObjects = released['type'] === 'object' && current['type'] === 'object';
  if (areObjects && means(aroundOf(released)) === means(aroundOf(current)))
    return objectChanges(released, current, path);
  if (released['type'] === 'array' && current['type'] === 'array') {
    const [was, is] = [record(released['items']), record(current['items'])];
    if (was !== undefined && is !== undefined) return schemaChanges(was, is, `${path}[]`);
  }
  return [breaking(path, `was ${means(released)} and is ${means(current)}`)];
};
