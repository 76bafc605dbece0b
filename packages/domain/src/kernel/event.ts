import type * as t from 'io-ts';

/** What a decider emits and an evolve folds: a name in the past tense and a payload of primitives. */
export type DomainEvent<Type extends string = string, Data = unknown> = Readonly<{
  type: Type;
  data: Data;
}>;

/** Codec of each event type of one context. The key is the stored type name. */
export type EventTable = Readonly<Record<string, t.Mixed>>;

/** The union of events that a table of codecs describes. */
export type EventOf<Table extends EventTable> = {
  [Type in keyof Table & string]: DomainEvent<Type, t.TypeOf<Table[Type]>>;
}[keyof Table & string];
