import type { EventStore, StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { toWire } from './event-form.js';

const link = /^(\d{1,15})@(.+)$/su;

/** The event that a link (`$>`, `revision@stream`) points at; undefined when it is gone. */
export const resolveLink = async (
  store: EventStore,
  event: StoredEvent,
): Promise<StoredEvent | undefined | 'no-link'> => {
  const [, revision, stream] = link.exec(toWire(event).data.toString()) ?? [];
  if (revision === undefined || stream === undefined) return 'no-link';
  const from = Number(revision);
  for await (const page of store.readStream(stream, { from, limit: 1 })) {
    const found = E.isRight(page) ? page.right.events[0] : undefined;
    return found?.revision === from ? found : undefined;
  }
  return undefined;
};
