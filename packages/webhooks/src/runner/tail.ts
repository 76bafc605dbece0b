import type { AllPage, EventStore, Position, ReadError, StoredEvent } from '@daybook/event-store';
import { publishedStoredTypes } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import { companyOfStream } from './company-of.js';

/** An endpoint that has everything up to `reached` and waits for the next event of its company. */
export type Resting = {
  readonly company: string;
  readonly storedTypes: ReadonlySet<string>;
  reached: Position;
  readonly wake: () => void;
};

/**
 * The log's end, watched once for all endpoints: those that rest are not read for until an event of their
 * company comes.
 */
export type Tail = Readonly<{
  /** False when the tail is further already: what lies between was not looked at for this endpoint. */
  rest: (resting: Resting) => boolean;
  /** Ends a rest; `reached` then tells how far nothing came for it. */
  rise: (resting: Resting) => void;
  position: () => Position;
  /** Until the signal aborts, or the log cannot be read. */
  watch: (signal: AbortSignal) => Promise<ReadError | undefined>;
}>;

export const makeTail = (store: Pick<EventStore, 'subscribe'>, from: Position): Tail => {
  let position = from;
  const byCompany = new Map<string, Set<Resting>>();
  const all = new Set<Resting>();

  const rise = (resting: Resting): void => {
    if (!all.delete(resting)) return;
    const others = byCompany.get(resting.company);
    others?.delete(resting);
    if (others?.size === 0) byCompany.delete(resting.company);
    resting.reached = Math.max(resting.reached, position);
  };
  const tell = (event: StoredEvent): void => {
    const resting = byCompany.get(companyOfStream(event.stream) ?? '');
    for (const each of resting ?? [])
      if (event.position > each.reached && each.storedTypes.has(event.type)) {
        rise(each);
        each.wake();
      }
  };
  /** Those who are woken stand before the page: its position moves only afterwards. */
  const take = (page: AllPage): void => {
    for (const event of page.events) tell(event);
    position = Math.max(position, page.checkpoint);
  };
  return {
    rest: (resting) => {
      if (resting.reached < position) return false;
      const others = byCompany.get(resting.company) ?? new Set();
      byCompany.set(resting.company, others.add(resting));
      all.add(resting);
      return true;
    },
    rise,
    position: () => position,
    watch: async (signal) => {
      const filter = { types: publishedStoredTypes };
      for await (const page of store.subscribe({ after: position, filter, signal })) {
        if (E.isLeft(page)) return page.left;
        take(page.right);
      }
      return undefined;
    },
  };
};
