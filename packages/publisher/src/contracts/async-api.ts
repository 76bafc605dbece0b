import { CLOUD_EVENT_MEDIA_TYPE } from './cloud-event.js';
import {
  dataSchemaOf,
  envelopeSchema,
  exampleEventOf,
  type PublishedType,
} from './published-types.js';
import type { JsonSchema } from './json-schema.js';

const nameOf = ({ context, event }: PublishedType): string => `${context}.${event}`;

/** Schemas inside the document name each other by place, and their dialect once, in the document. */
const embedded = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));

const messageOf = (published: PublishedType): JsonSchema => ({
  name: published.type,
  title: nameOf(published),
  summary: published.summary,
  contentType: CLOUD_EVENT_MEDIA_TYPE,
  payload: {
    allOf: [
      { $ref: '#/components/schemas/cloud-event' },
      {
        type: 'object',
        properties: {
          type: { const: published.type },
          data: { $ref: `#/components/schemas/${published.type}` },
        },
      },
    ],
  },
  examples: [{ name: nameOf(published), payload: exampleEventOf(published) }],
});

const channelOf = (published: PublishedType): JsonSchema => ({
  address: `daybook.{company}.${nameOf(published)}`,
  summary: published.summary,
  parameters: { company: { $ref: '#/components/parameters/company' } },
  messages: { [published.type]: { $ref: `#/components/messages/${published.type}` } },
});

const operationOf = (published: PublishedType): JsonSchema => ({
  action: 'send',
  summary: published.summary,
  channel: { $ref: `#/channels/${nameOf(published)}` },
  messages: [{ $ref: `#/channels/${nameOf(published)}/messages/${published.type}` }],
});

const byName = (
  types: readonly PublishedType[],
  make: (published: PublishedType) => JsonSchema,
  name = nameOf,
): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(types.map((published) => [name(published), make(published)]));

const typeName = ({ type }: PublishedType): string => type;

/** The AsyncAPI 3 document of what Daybook sends over NATS JetStream. */
export const asyncApiOf = (types: readonly PublishedType[]): JsonSchema => ({
  asyncapi: '3.1.0',
  info: {
    title: 'Daybook events',
    version: '1.0.0',
    description:
      'Every event of AI session summaries that leaves Daybook: in the order of the log, at least once, with `source` and `id` to tell a repeat by. Events carry references, no personal data and no summary text. Within a version only optional fields are added; anything else is a new version of the type.',
  },
  defaultContentType: CLOUD_EVENT_MEDIA_TYPE,
  servers: {
    nats: {
      host: '127.0.0.1:4222',
      protocol: 'nats',
      description: 'NATS with JetStream, server 2.9 or newer; the stream is named DAYBOOK.',
    },
  },
  channels: byName(types, channelOf),
  operations: byName(types, operationOf),
  components: {
    parameters: {
      company: {
        description:
          'Id of the company. What is no letter, digit or `-` in it stands as `_` and two hex digits: `acme.eu` is `acme_2eeu`.',
      },
    },
    messages: byName(types, messageOf, typeName),
    schemas: {
      'cloud-event': embedded(envelopeSchema()),
      ...byName(types, (published) => embedded(dataSchemaOf(published)), typeName),
    },
  },
});
