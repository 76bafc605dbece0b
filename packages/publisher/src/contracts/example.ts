import type { JsonSchema } from './json-schema.js';
import { MONTH, SHA256, TIMESTAMP } from './values.js';

const textFor = (name: string, pattern: unknown): string => {
  if (pattern === TIMESTAMP.source) return '2026-06-30T22:00:00.000Z';
  if (pattern === MONTH.source) return '2026-06';
  if (pattern === SHA256.source)
    return 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  return `example-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
};

const objectFor = (schema: JsonSchema): unknown =>
  Object.fromEntries(
    Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>).map(
      ([field, inner]) => [field, exampleOf(inner, field)],
    ),
  );

const valueFor = (schema: JsonSchema, name: string): unknown => {
  switch (schema['type']) {
    case 'object':
      return objectFor(schema);
    case 'array':
      return [exampleOf(schema['items'] as JsonSchema, name)];
    case 'integer':
      return Math.max(1, Number(schema['minimum'] ?? 0));
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textFor(name, schema['pattern']);
  }
};

/** A value that the schema accepts, always the same one. `name` is the field that it is for. */
export const exampleOf = (schema: JsonSchema, name = 'value'): unknown => {
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const [first] = (schema['anyOf'] ?? []) as readonly JsonSchema[];
  return first === undefined ? valueFor(schema, name) : exampleOf(first, name);
};
