import type { HandlingFailure } from '@daybook/command-handling';
import type { ReadError, StoredEvent } from '@daybook/event-store';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Retrying } from './retry.js';

/** One event that a process is to handle, for the first time or again. */
export type Task = Readonly<{
  event: StoredEvent;
  /** From 1, over all rounds. */
  attempt: number;
  /** What fails now is parked: whoever waits for it has to be told. */
  isLast: boolean;
}>;

/** Something of a batch that is not done, in words without session text. */
export type Undone = Readonly<{
  event: StoredEvent;
  /** `wait`: worth another attempt, where one is left. `park`: it would fail the same way. */
  outcome: 'wait' | 'park';
  reason: string;
  /** The service's own word on when, milliseconds from now. */
  retryAfterMs: number | null;
  /** Where more is known than the task says: attempts made before the list was lost. */
  attempts?: number;
}>;

export type ProcessFailure = HandlingFailure | ReadError;

/** A consumer that reacts to events with commands, whose ids derive from the events. */
export type ProcessDefinition = Readonly<{
  name: string;
  types: readonly string[];
  /** Handles events that arrived together, in the order of the log. Handling them again changes nothing. */
  handle: (events: readonly StoredEvent[]) => Promise<Either<ProcessFailure, void>>;
  /** With it, an event that can never be handled is parked, and the later ones of its stream behind it. */
  retry?: Retrying;
}>;

/** A process some of whose work may have to be tried again, or may never succeed. */
export type WorkDefinition = Readonly<{
  name: string;
  types: readonly string[];
  /** The same, saying what is not done; everything else of the tasks is. */
  work: (tasks: readonly Task[]) => Promise<Either<ProcessFailure, readonly Undone[]>>;
  /** `none`: an event need not wait for an earlier one of its stream that is not done. */
  order: 'per-stream' | 'none';
  retry: Retrying;
}>;
