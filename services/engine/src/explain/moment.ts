import { decodeWith, EventMetadata, invariant } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';

/**
 * Up to where a history is looked at: to a position of the log, to an instant on the axis of what was
 * true (`as-of`), or on that of what the log had recorded (`known-at`). Instants are epoch milliseconds,
 * each included.
 */
export type Moment =
  | Readonly<{ axis: 'position'; position: number }>
  | Readonly<{ axis: 'as-of'; instant: number }>
  | Readonly<{ axis: 'known-at'; instant: number }>;

/** The envelope of an event that was validated when it was written. */
export const metadataOf = (stored: StoredEvent): EventMetadata => {
  const metadata = decodeWith(EventMetadata, JSON.parse(stored.metadata) as unknown);
  invariant(E.isRight(metadata), 'a stored event has readable metadata');
  return metadata.right;
};

type Dated = Readonly<{ position: number; occurredAt: number; recordedAt: number }>;

/** Does an event belong to the history as it was at the moment? Null: all that there is. */
export const isWithin = (moment: Moment | null, event: Dated): boolean => {
  if (moment === null) return true;
  switch (moment.axis) {
    case 'position':
      return event.position <= moment.position;
    case 'as-of':
      return event.occurredAt <= moment.instant;
    case 'known-at':
      return event.recordedAt <= moment.instant;
  }
};
