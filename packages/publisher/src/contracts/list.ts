import type { JsonSchema } from './json-schema.js';
import {
  dataSchemaOf,
  exampleEventOf,
  type PublishedType,
  publishedTypes,
} from './published-types.js';
import { notPublished } from './registry.js';

/** One line of `daybook contracts list`. */
export type ContractEntry = Readonly<{
  type: string;
  /** Channel in NATS, with the company left open. */
  subject: string;
  summary: string;
  /** Text is fetched with permission at the event's `dataref`. */
  hasDataref: boolean;
}>;

export type ContractDetail = ContractEntry &
  Readonly<{ storedType: string | undefined; schema: JsonSchema; example: unknown }>;

const entryOf = ({ type, context, event, summary, hasDataref }: PublishedType): ContractEntry => ({
  type,
  subject: `daybook.{company}.${context}.${event}`,
  summary,
  hasDataref,
});

/** Every published type, in the order of its name. */
export const listContracts = (): readonly ContractEntry[] => publishedTypes.map(entryOf);

/** A type with its schema and an example; undefined when no such type is published. */
export const showContract = (type: string): ContractDetail | undefined => {
  const published = publishedTypes.find((candidate) => candidate.type === type);
  if (published === undefined) return undefined;
  const { storedType } = published;
  return {
    ...entryOf(published),
    storedType,
    schema: dataSchemaOf(published),
    example: exampleEventOf(published),
  };
};

/** Stored types that stay inside, each with the reason. */
export const listNotPublished = (): readonly Readonly<{ storedType: string; reason: string }>[] =>
  Object.entries(notPublished).map(([storedType, reason]) => ({ storedType, reason }));
