import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ReadError } from '@daybook/event-store';
import type { LogReader, Projection } from './projection.js';

export type Lag = Readonly<{
  /** Positions of the log not yet looked at; 0 when no handled event waits among them. */
  events: number;
  /** Age of the oldest handled event that is not applied: `now` minus its `recordedAt`. */
  milliseconds: number;
}>;

/** How far a projection is behind the log at `now`, epoch milliseconds. */
export const lagOf =
  (
    projection: Pick<Projection, 'position' | 'handles'>,
    reader: Pick<LogReader, 'readAll' | 'head'>,
    now: number,
  ): TaskEither<ReadError, Lag> =>
  async () => {
    const after = projection.position();
    const head = await reader.head()();
    if (E.isLeft(head)) return head;
    if (head.right <= after) return E.right({ events: 0, milliseconds: 0 });
    let oldest: StoredEvent | undefined;
    const waiting = reader.readAll({ after, filter: { types: projection.handles }, limit: 1 });
    for await (const page of waiting) {
      if (E.isLeft(page)) return page;
      oldest ??= page.right.events[0];
    }
    return E.right(
      oldest === undefined
        ? { events: 0, milliseconds: 0 }
        : { events: head.right - after, milliseconds: Math.max(0, now - oldest.recordedAt) },
    );
  };
