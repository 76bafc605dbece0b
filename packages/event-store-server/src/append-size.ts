import type { ProposedEvent } from './wire/append-request.js';

/** Size of an event as the protocol counts it: data, custom metadata and twice the length of its type. */
export const bytesOf = ({ data, customMetadata, type }: ProposedEvent): number =>
  data.length + customMetadata.length + 2 * type.length;
