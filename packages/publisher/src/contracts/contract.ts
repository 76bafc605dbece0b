import type { allEvents, StoredEventType } from '@daybook/domain/all-events';
import type * as t from 'io-ts';

/** Payload of a stored event type. */
export type StoredData<Type extends StoredEventType> = t.TypeOf<(typeof allEvents)[Type]>;

/** What a mapper may need beside the payload: ids of the stream that the event stands in. */
export type PublishedFrom = Readonly<{
  company: string;
  /** The id behind the company in the stream's name; the company itself for its own streams. */
  id: string;
}>;

/** A published event: the promise to subscribers, apart from what is stored. */
export type Contract = Readonly<{
  /** `daybook.<context>.<event>.v<version>`, the CloudEvents type. */
  type: string;
  context: string;
  event: string;
  version: number;
  storedType: StoredEventType;
  /** One sentence for a subscriber. */
  summary: string;
  data: t.Mixed;
  /** The published data of a decoded stored payload. */
  toPublished: (stored: never, from: PublishedFrom) => unknown;
  /** Where the text that is left out can be fetched with permission, relative to the API's address. */
  dataref: ((from: PublishedFrom) => string) | undefined;
}>;

export type ContractDefinition<Type extends StoredEventType, Data extends t.Mixed> = Readonly<{
  event: string;
  summary: string;
  data: Data;
  toPublished: (stored: StoredData<Type>, from: PublishedFrom) => t.TypeOf<Data>;
  dataref?: (from: PublishedFrom) => string;
  /** Default 1. */
  version?: number;
}>;

/** Defines the contracts of one context; the compiler checks each mapper against both shapes. */
export const contractsOf =
  (context: string) =>
  <Type extends StoredEventType, Data extends t.Mixed>(
    storedType: Type,
    definition: ContractDefinition<Type, Data>,
  ): Contract => {
    const { event, version = 1, summary, data, toPublished, dataref } = definition;
    const type = `daybook.${context}.${event}.v${version}`;
    return { type, context, event, version, storedType, summary, data, toPublished, dataref };
  };
