import * as E from 'fp-ts/lib/Either.js';
import type { ReadError, StoredEvent } from '@daybook/event-store';

/**
 * Along the log the recorded time never decreases, which the clocks of two leaders do not promise by
 * themselves: an event that seems older than the one before it gets that one's time. It takes clocks that
 * are further apart than an election takes for this to happen at all.
 */
export const neverDecreasing = (
  events: readonly StoredEvent[],
  floor: number,
): readonly StoredEvent[] => {
  let latest = floor;
  return events.map((event) => {
    latest = Math.max(latest, event.recordedAt);
    return event.recordedAt === latest ? event : { ...event, recordedAt: latest };
  });
};

/** The same from page to page of one reading that goes forwards. */
export async function* neverDecreasingPages<
  Page extends { readonly events: readonly StoredEvent[] },
>(
  pages: AsyncIterable<E.Either<ReadError, Page>>,
): AsyncGenerator<E.Either<ReadError, Page>, void, void> {
  let latest = 0;
  for await (const page of pages) {
    if (E.isLeft(page)) yield page;
    else {
      const events = neverDecreasing(page.right.events, latest);
      latest = events.at(-1)?.recordedAt ?? latest;
      yield E.right({ ...page.right, events });
    }
  }
}
