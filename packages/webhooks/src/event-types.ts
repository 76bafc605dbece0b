import { contracts, publishedTypes, unpublishable } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';

export type UnknownEventType = Readonly<{ _tag: 'UnknownEventType'; types: readonly string[] }>;

const matches = (pattern: string, type: string): boolean =>
  pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;

/** Refuses a filter that names what is never published: it would wait for ever, silently. */
export const checkedTypes = (
  patterns: readonly string[],
): E.Either<UnknownEventType, readonly string[]> => {
  const unknown = patterns.filter(
    (pattern) => !publishedTypes.some(({ type }) => matches(pattern, type)),
  );
  return unknown.length === 0
    ? E.right([...new Set(patterns)].sort())
    : E.left({ _tag: 'UnknownEventType', types: unknown });
};

/** The stored types that a filter means; none means all that are published. */
export const storedTypesFor = (patterns: readonly string[]): ReadonlySet<string> => {
  const isMeant = (type: string): boolean =>
    patterns.length === 0 ||
    patterns.includes(unpublishable.type) ||
    patterns.some((pattern) => matches(pattern, type));
  return new Set(contracts.filter(({ type }) => isMeant(type)).map(({ storedType }) => storedType));
};

/** Does what is published in place of a stored event go to an endpoint with this filter? */
export const wants = (patterns: readonly string[], type: string): boolean =>
  patterns.length === 0 ||
  type === unpublishable.type ||
  patterns.some((pattern) => matches(pattern, type));
