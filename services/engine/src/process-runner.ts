import type { EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { Checkpoints } from './checkpoints.js';
import type { ProcessDefinition, ProcessFailure, WorkDefinition } from './process-definition.js';
import type { Retrying } from './retry.js';
import { WorkOff } from './work-off.js';

export type { ProcessDefinition, ProcessFailure, WorkDefinition };

export type ProcessRunner = Readonly<{
  /** Types of the events that it handles. */
  types: readonly string[];
  /** Handles everything up to `position` as one batch, moves the checkpoint there, and what is due. */
  runUntil: (position: number) => Promise<E.Either<ProcessFailure, void>>;
  /** Handles events as they come and attempts as they fall due, until the signal aborts or something fails. */
  follow: (signal: AbortSignal) => Promise<E.Either<ProcessFailure, void>>;
  /** Makes the attempts that are due now. */
  workOff: () => Promise<E.Either<ProcessFailure, void>>;
  position: () => number;
  /** Attempts after a first one, since this runner was made. */
  retries: () => number;
}>;

/** Events that one batch of `runUntil` collects before they are handled. */
const BATCH_MAX = 4096;

/** Looked at least so often: somebody may have asked for a retry from elsewhere, or set the clock. */
const IDLE_MS = 60_000;

type Parked = ProcessDefinition & Readonly<{ retry: Retrying }>;

/** Its own handler does not tell why it failed, so nothing of it waits: what can never succeed is parked. */
const asWork = ({ name, types, handle, retry }: Parked): WorkDefinition => {
  const work: WorkDefinition['work'] = async (tasks) => {
    const handled = await handle(tasks.map(({ event }) => event));
    return E.isLeft(handled) ? handled : E.right([]);
  };
  return { name, types, work, order: 'per-stream', retry };
};

type Followed = Promise<E.Either<ProcessFailure, void>>;

type Handling = Readonly<{
  handle: (events: readonly StoredEvent[]) => Followed;
  /** Attempts that are due now. */
  due: () => Followed;
  retries: () => number;
  /** Makes attempts as they fall due. */
  followDue: (signal: AbortSignal) => Followed;
}>;

const nothing = (): Followed => Promise.resolve(E.right(undefined));

/** Without retries every failure stops the process, where it is. */
const stopping = ({ handle }: ProcessDefinition): Handling => ({
  handle: (events) => (events.length === 0 ? nothing() : handle(events)),
  due: nothing,
  retries: () => 0,
  followDue: nothing,
});

const retrying = (
  store: EventStore,
  { unfinished }: Checkpoints,
  definition: WorkDefinition,
): Handling => {
  const { name, retry } = definition;
  const workOff = new WorkOff(store, unfinished, definition);
  /** Wakes who waits for the next attempt: there may be a sooner one. */
  let bell = new AbortController();
  const pause = (signal: AbortSignal): Promise<void> => {
    const dueAt = unfinished.nextDueAt(name);
    const idle = dueAt === null ? IDLE_MS : Math.min(IDLE_MS, Math.max(0, dueAt - retry.clock()));
    return retry.wait(idle, AbortSignal.any([signal, bell.signal]));
  };
  return {
    handle: async (events) => {
      const handled = await workOff.handle(events);
      if (events.length > 0) {
        bell.abort();
        bell = new AbortController();
      }
      return handled;
    },
    due: () => workOff.due(),
    retries: () => workOff.retries,
    followDue: async (signal) => {
      while (!signal.aborted) {
        const done = await workOff.due();
        if (E.isLeft(done)) return done;
        await pause(signal);
      }
      return E.right(undefined);
    },
  };
};

/** Runs both until the signal aborts; when one fails, the other is stopped. */
const together = async (
  signal: AbortSignal,
  loops: readonly ((signal: AbortSignal) => Followed)[],
): Followed => {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const ended = await Promise.all(
    loops.map(async (loop) => {
      const result = await loop(either);
      if (E.isLeft(result)) stop.abort();
      return result;
    }),
  );
  return ended.find(E.isLeft) ?? E.right(undefined);
};

type Collected = Readonly<{ events: readonly StoredEvent[]; reached: number }>;

const collect = async (
  store: EventStore,
  types: readonly string[],
  { after, until }: Readonly<{ after: number; until: number }>,
): Promise<E.Either<ReadError, Collected>> => {
  const events: StoredEvent[] = [];
  for await (const page of store.readAll({ after, filter: { types } })) {
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

const handlingOf = (
  store: EventStore,
  checkpoints: Checkpoints,
  definition: ProcessDefinition | WorkDefinition,
): Handling => {
  if ('work' in definition) return retrying(store, checkpoints, definition);
  const { retry } = definition;
  return retry === undefined
    ? stopping(definition)
    : retrying(store, checkpoints, asWork({ ...definition, retry }));
};

export const makeProcessRunner = (
  store: EventStore,
  checkpoints: Checkpoints,
  definition: ProcessDefinition | WorkDefinition,
): ProcessRunner => {
  const { name, types } = definition;
  const handling = handlingOf(store, checkpoints, definition);
  const settle = async (events: readonly StoredEvent[], position: number): Followed => {
    const handled = await handling.handle(events);
    return E.isLeft(handled) ? handled : checkpoints.write(name, position);
  };
  const followLog = async (signal: AbortSignal): Followed => {
    const after = checkpoints.read(name);
    for await (const page of store.subscribe({ after, filter: { types }, signal })) {
      if (E.isLeft(page)) return page;
      const settled = await settle(page.right.events, page.right.checkpoint);
      if (E.isLeft(settled)) return settled;
    }
    return E.right(undefined);
  };
  return {
    types,
    runUntil: async (until) => {
      for (;;) {
        const after = checkpoints.read(name);
        if (after >= until) return handling.due();
        const collected = await collect(store, types, { after, until });
        if (E.isLeft(collected)) return collected;
        const settled = await settle(collected.right.events, collected.right.reached);
        if (E.isLeft(settled)) return settled;
      }
    },
    follow: (signal) => together(signal, [followLog, handling.followDue]),
    workOff: handling.due,
    position: () => checkpoints.read(name),
    retries: handling.retries,
  };
};
