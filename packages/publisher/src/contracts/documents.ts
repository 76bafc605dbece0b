import { asyncApiOf } from './async-api.js';
import {
  dataSchemaOf,
  envelopeSchema,
  type PublishedType,
  publishedTypes,
} from './published-types.js';

const textOf = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** File name of a type's schema within the folder of contracts. */
export const schemaFile = (type: string): string => `schemas/${type}.schema.json`;

/** Every generated document: its path in the folder of contracts and its text. */
export const contractDocuments = (
  types: readonly PublishedType[] = publishedTypes,
): ReadonlyMap<string, string> =>
  new Map([
    ['asyncapi.json', textOf(asyncApiOf(types))],
    ['schemas/cloud-event.schema.json', textOf(envelopeSchema())],
    ...types.map((type): [string, string] => [schemaFile(type.type), textOf(dataSchemaOf(type))]),
  ]);
