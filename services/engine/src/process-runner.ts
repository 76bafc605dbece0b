import type { HandlingFailure } from '@daybook/command-handling';
import type { EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Checkpoints } from './checkpoints.js';

export type ProcessFailure = HandlingFailure | ReadError;

/** A consumer that reacts to events with commands, whose ids derive from the events. */
export type ProcessDefinition = Readonly<{
  name: string;
  types: readonly string[];
  /** Handles events that arrived together, in the order of the log. Handling them again changes nothing. */
  handle: (events: readonly StoredEvent[]) => Promise<E.Either<ProcessFailure, void>>;
}>;

export type ProcessRunner = Readonly<{
  /** Handles everything up to `position` as one batch, and moves the checkpoint there. */
  runUntil: (position: number) => Promise<E.Either<ProcessFailure, void>>;
  /** Handles events as they come, until the signal aborts or something fails. */
  follow: (signal: AbortSignal) => Promise<E.Either<ProcessFailure, void>>;
  position: () => number;
}>;

/** Events that one batch of `runUntil` collects before they are handled. */
const BATCH_MAX = 4096;

export const makeProcessRunner = (
  store: EventStore,
  checkpoints: Checkpoints,
  definition: ProcessDefinition,
): ProcessRunner => {
  const { name, types, handle } = definition;
  const settle = async (
    events: readonly StoredEvent[],
    position: number,
  ): Promise<E.Either<ProcessFailure, void>> => {
    const handled = events.length === 0 ? E.right(undefined) : await handle(events);
    return E.isLeft(handled) ? handled : checkpoints.write(name, position);
  };
  const collect = async (
    until: number,
  ): Promise<
    E.Either<ReadError, Readonly<{ events: readonly StoredEvent[]; reached: number }>>
  > => {
    const events: StoredEvent[] = [];
    for await (const page of store.readAll({ after: checkpoints.read(name), filter: { types } })) {
      if (E.isLeft(page)) return page;
      for (const event of page.right.events) {
        if (event.position > until) return E.right({ events, reached: until });
        events.push(event);
        if (events.length >= BATCH_MAX) return E.right({ events, reached: event.position });
      }
      if (page.right.checkpoint >= until) break;
    }
    return E.right({ events, reached: until });
  };
  return {
    runUntil: async (position) => {
      while (checkpoints.read(name) < position) {
        const collected = await collect(position);
        if (E.isLeft(collected)) return collected;
        const settled = await settle(collected.right.events, collected.right.reached);
        if (E.isLeft(settled)) return settled;
      }
      return E.right(undefined);
    },
    follow: async (signal) => {
      const after = checkpoints.read(name);
      for await (const page of store.subscribe({ after, filter: { types }, signal })) {
        if (E.isLeft(page)) return page;
        const settled = await settle(page.right.events, page.right.checkpoint);
        if (E.isLeft(settled)) return settled;
      }
      return E.right(undefined);
    },
    position: () => checkpoints.read(name),
  };
};
