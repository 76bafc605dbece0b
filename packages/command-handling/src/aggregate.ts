import type { DomainEvent, EventTable } from '@daybook/domain/kernel';
import type { Snapshots } from './snapshots.js';

/** What the handler needs of a context: how to fold its streams, and the codecs of what it stores. */
export type Aggregate<State, Event extends DomainEvent> = Readonly<{
  events: EventTable;
  initialState: () => State;
  /** May consume the state that it is given: the handler never uses an evolved-from state again. */
  evolve: (state: State, event: Event) => State;
  /** Where streams grow long: where a cold fold may begin. No answer depends on it. */
  snapshots?: Snapshots<State>;
}>;

/** A refusal of the domain: a tag and data, never session text. */
export type Refusal = Readonly<{ _tag: string }>;

export type CorruptEvent = Readonly<{
  _tag: 'CorruptEvent';
  stream: string;
  revision: number;
  type: string;
  /** Paths that do not decode; never the values. */
  paths: string;
}>;

export type HandlingFailure =
  | CorruptEvent
  | Readonly<{ _tag: 'StoreUnavailable'; reason: string; message: string }>
  | Readonly<{ _tag: 'CorruptStore'; message: string }>
  /** Another process kept writing to the stream; nothing was written. Safe to send again. */
  | Readonly<{ _tag: 'TooManyConflicts'; stream: string; attempts: number }>;

export type Refused<R extends Refusal> = Readonly<{ _tag: 'Refused'; refusal: R }>;

/** Where the command's answer stands in the log. */
export type Accepted<Event extends DomainEvent> = Readonly<{
  stream: string;
  /** Revision of the command's last event, or of the stream when the command changed nothing. */
  revision: number;
  /** A reader that has reached this position sees the effect of the command. */
  position: number;
  events: readonly Event[];
  /** The command had been answered before: this is its first answer. */
  repeated: boolean;
}>;

export type Loaded<State> = Readonly<{
  state: State;
  revision: number;
  position: number;
  /** Has this command been answered with events, so that sending it again gives the first answer? */
  isAnswered: (commandId: string) => boolean;
}>;
