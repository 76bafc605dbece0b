/**
 * The contracts: which stored events leave Daybook, and as what. One table (`registry.ts`), from which the
 * JSON Schemas, the AsyncAPI document and the lists are made; `docs/contracts` holds what was released.
 */
export { asyncApiOf } from './async-api.js';
export { type ContractProblem, contractProblems, type Documents } from './check.js';
export { type SchemaChange, schemaChanges } from './compatibility.js';
export {
  CLOUD_EVENT_MEDIA_TYPE,
  CloudEvent,
  EVENT_BYTES_MAX,
  schemaUri,
  sequenceOf,
  sourceOf,
} from './cloud-event.js';
export type { Contract, PublishedFrom, StoredData } from './contract.js';
export { contractDocuments, schemaFile } from './documents.js';
export { readContractFolder, writeContractFolder } from './files.js';
export { type JsonSchema, jsonSchemaOf } from './json-schema.js';
export {
  type ContractDetail,
  type ContractEntry,
  listContracts,
  listNotPublished,
  showContract,
} from './list.js';
export { type PublishedEvent, toPublishedEvent } from './publish-event.js';
export {
  dataSchemaOf,
  envelopeSchema,
  exampleEventOf,
  type PublishedType,
  publishedTypes,
} from './published-types.js';
export {
  contractOf,
  contracts,
  notPublished,
  publishedStoredTypes,
  undecidedStoredTypes,
} from './registry.js';
export { summaryRef } from './summaries.js';
export { unpublishable, type UnpublishableReason } from './unpublishable.js';
