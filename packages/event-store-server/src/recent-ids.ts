/**
 * The events written last, by id: what a repeated append without an exact revision is recognised by. As in the
 * protocol's first server it is best effort: it is bounded and forgets with the process.
 */
import type { EventToAppend } from '@daybook/event-store';
import { makeBoundedMap } from './bounded-map.js';

export type WrittenEvent = Readonly<{ stream: string; revision: number }>;

export type Repeat =
  | Readonly<{ kind: 'new' }>
  /** Some of it was written before and some was not. */
  | Readonly<{ kind: 'corrupted' }>
  | Readonly<{ kind: 'repeated'; last: WrittenEvent }>;

export type RecentIds = Readonly<{
  look: (stream: string, events: readonly EventToAppend[]) => Repeat;
  remember: (events: readonly EventToAppend[], last: WrittenEvent) => void;
}>;

/** About 8 MiB. */
const IDS_MAX = 65_536;

export const makeRecentIds = (): RecentIds => {
  const written = makeBoundedMap<string, WrittenEvent>(IDS_MAX);
  return {
    look: (stream, events) => {
      const found = events.map(({ id }) => written.get(id));
      const known = found.filter((event) => event?.stream === stream);
      if (found[0]?.stream !== stream) return { kind: 'new' };
      const last = known.at(-1);
      return known.length < events.length || last === undefined
        ? { kind: 'corrupted' }
        : { kind: 'repeated', last };
    },
    remember: (events, last) => {
      const first = last.revision - events.length + 1;
      for (const [index, { id }] of events.entries()) {
        written.set(id, { stream: last.stream, revision: first + index });
      }
    },
  };
};
