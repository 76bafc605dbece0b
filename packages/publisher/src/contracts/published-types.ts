import type * as t from 'io-ts';
import { CloudEvent, schemaUri, sequenceOf, sourceOf } from './cloud-event.js';
import { exampleOf } from './example.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';
import { contracts } from './registry.js';
import { unpublishable } from './unpublishable.js';

/** What is known of a published type. */
export type PublishedType = Readonly<{
  type: string;
  context: string;
  event: string;
  version: number;
  storedType: string | undefined;
  summary: string;
  /** Is text left out that can be fetched with permission? */
  hasDataref: boolean;
  data: t.Mixed;
}>;

/** Several stored types may leave as one: its first contract describes it. */
const firstOfEach = (): readonly PublishedType[] => {
  const byType = new Map<string, PublishedType>();
  for (const { dataref, ...contract } of [...contracts, unpublishable])
    if (!byType.has(contract.type))
      byType.set(contract.type, { ...contract, hasDataref: dataref !== undefined });
  return [...byType.values()];
};

export const publishedTypes: readonly PublishedType[] = [...firstOfEach()].sort((left, right) =>
  left.type < right.type ? -1 : 1,
);

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Schema of an event's `data`, as its `dataschema` names it. */
export const dataSchemaOf = ({ type, summary, data }: PublishedType): JsonSchema => {
  const schema = jsonSchemaOf(data);
  return {
    $schema: DIALECT,
    $id: schemaUri(type),
    title: type,
    description: summary,
    ...schema,
    examples: [exampleOf(schema)],
  };
};

/** Schema of the envelope that all types share. */
export const envelopeSchema = (): JsonSchema => ({
  $schema: DIALECT,
  $id: 'urn:daybook:contract:cloud-event',
  title: 'Envelope of every published event',
  description:
    'CloudEvents 1.0.2, structured JSON. `source` and `id` together are unique and stay the same when an event is sent again; `sequence` is the position in the log and sorts as text; `dataref` is where text that is left out is fetched with permission.',
  ...jsonSchemaOf(CloudEvent),
});

/** A whole example event of a type. */
export const exampleEventOf = (published: PublishedType): Readonly<Record<string, unknown>> => ({
  specversion: '1.0',
  id: '6f2c1d7a-0b3e-5c41-9a57-3d1f0c5e8b20',
  source: sourceOf('acme'),
  type: published.type,
  subject: `${published.context}/example`,
  time: '2026-06-30T22:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: schemaUri(published.type),
  sequence: sequenceOf(4711),
  partitionkey: 'acme',
  company: 'acme',
  correlationid: 'example-correlation',
  recordedtime: '2026-06-30T22:00:00.125Z',
  ruleversion: '2023-01-01',
  ...(published.hasDataref ? { dataref: '/v1/companies/acme/summaries/example' } : {}),
  data: exampleOf(jsonSchemaOf(published.data)),
});
