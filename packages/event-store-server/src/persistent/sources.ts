import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { filterOf } from '../filters.js';
import { PAGE_EVENTS } from '../reads.js';
import type { SubscriptionDeps } from '../subscriptions.js';
import { GROUP_STREAMS, type Definition } from './definitions.js';

/** What a stream holds from a revision on; true at its end, false when the store failed. */
async function* held(
  { store }: SubscriptionDeps,
  stream: string,
  from: number,
): AsyncGenerator<StoredEvent, boolean, void> {
  for await (const page of store.readStream(stream, { from, pageSize: PAGE_EVENTS })) {
    if (E.isLeft(page)) return false;
    yield* page.right.events;
  }
  return true;
}

/** The events of a stream from a revision on, as they come, until the signal aborts or the store fails. */
export async function* streamSource(
  deps: SubscriptionDeps,
  stream: string,
  { from, signal }: Readonly<{ from: number; signal: AbortSignal }>,
): AsyncGenerator<StoredEvent, void, void> {
  const watch = await deps.tail.watch(stream);
  let next = from;
  async function* counted(): AsyncGenerator<StoredEvent, boolean, void> {
    const events = held(deps, stream, next);
    for (let one = await events.next(); ; one = await events.next()) {
      if (one.done === true) return one.value;
      next = one.value.revision + 1;
      yield one.value;
    }
  }
  try {
    while (!signal.aborted && (yield* counted())) await watch.grown(signal);
  } finally {
    watch.close();
  }
}

/** The same of the whole log; what groups keep there about themselves is left out. */
export async function* logSource(
  { store }: SubscriptionDeps,
  definition: Definition,
  { from, signal }: Readonly<{ from: number; signal: AbortSignal }>,
): AsyncGenerator<StoredEvent, void, void> {
  const filter = filterOf(definition.filter ?? undefined);
  const after = Math.max(0, from - 1);
  const options = { after, filter: filter.inStore, pageSize: PAGE_EVENTS, signal };
  for await (const page of store.subscribe(options)) {
    if (E.isLeft(page)) return;
    for (const event of page.right.events) {
      if (filter.matches(event) && !event.stream.startsWith(GROUP_STREAMS)) yield event;
    }
  }
}
