import { type AllPage, type AllPageRequest, START, type StoredEvent } from '@daybook/event-store';
import type { Closing } from './closing.js';
import type { Connection } from './connection.js';
import { makeLivePages } from './live-pages.js';
import { makeMessageSource } from './message-source.js';
import { planFilter, STRIDES, subscribeRequest } from './read-request.js';
import { NoAnswer } from './store-error.js';

export type StrideParts = Readonly<{
  connection: Connection;
  closing: Closing;
  /** Longest time for one page, milliseconds. */
  readTimeoutMs: number;
}>;

/**
 * One page of a filtered log from a subscription that is ended with it: as far as the server comes in the time of a
 * page, or to as many events as were asked for. It throws only when the server has not moved at all.
 */
export const lookInStrides = async (
  { connection, closing, readTimeoutMs }: StrideParts,
  { after = START, filter, count }: AllPageRequest,
): Promise<AllPage> => {
  const plan = planFilter(filter);
  const request = subscribeRequest(after, plan, STRIDES);
  const source = makeMessageSource(await connection.read(request, { requiresLeader: true }));
  const events: StoredEvent[] = [];
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
  }, readTimeoutMs);
  try {
    const options = { source, plan, after, count, closing, silenceMsMax: readTimeoutMs };
    const pages = makeLivePages(options);
    for (;;) {
      const page = await pages.next();
      if (page === undefined) throw new NoAnswer('The event store is closed.');
      for (const event of page.events) events.push(event);
      const last = events[count - 1];
      if (last !== undefined) {
        return { events: events.slice(0, count), checkpoint: last.position, caughtUp: false };
      }
      if (page.caughtUp || isOver) return { ...page, events };
    }
  } finally {
    clearTimeout(timer);
    source.cancel();
  }
};
