import * as E from 'fp-ts/lib/Either.js';
import { toPublishedEvent } from '../contracts/publish-event.js';
import type { BrokerFailure, BrokerSession, Mark } from './broker.js';
import type { Pages, StoreFailure } from './log-reading.js';
import { makePipeline } from './pipeline.js';

/** What the relay is told while it publishes. */
export type PublishingEvents = Readonly<{
  stored: (mark: Mark) => void;
  unpublishable: () => void;
  inFlight: (count: () => number) => void;
  /** Nothing more will be sent: a subscription that waits for more must end. */
  failed: () => void;
  /** Everything of the log up to here was looked at and is stored, as far as it is published. */
  passed: (position: number, isAll: boolean) => void;
}>;

export type Publishing = Readonly<{
  session: Pick<BrokerSession, 'publish'>;
  pages: Pages;
  from: Mark;
  window: number;
  on: PublishingEvents;
}>;

/**
 * Publishes page after page until the pages end, or something fails; then waits until nothing is under way.
 * `undefined` is the end of the pages.
 */
export const publishPages = async (
  publishing: Publishing,
): Promise<BrokerFailure | StoreFailure | undefined> => {
  const { session, pages, from, window, on } = publishing;
  let checkpoint = from.position;
  let waiting = 0;
  let isAll = false;
  const tellPassed = (): void => {
    if (waiting === 0) on.passed(checkpoint, isAll);
  };
  const pipeline = makePipeline({
    session,
    window,
    lastSequence: from.sequence,
    onFailed: on.failed,
    onStored: (mark) => {
      waiting -= 1;
      on.stored(mark);
      // Stored in order: what was published before it is stored too.
      if (waiting === 0) tellPassed();
      else on.passed(mark.position, false);
    },
  });
  on.inFlight(pipeline.inFlight);
  for await (const page of pages) {
    if (E.isLeft(page)) return (await pipeline.settle()) ?? page.left;
    // Counted before the first is sent: what is stored meanwhile is not yet the whole page.
    const messages = page.right.events.length;
    waiting += messages;
    checkpoint = page.right.checkpoint;
    isAll = page.right.caughtUp;
    tellPassed();
    for (const stored of page.right.events) {
      const event = toPublishedEvent(stored);
      if (event === undefined) {
        waiting -= 1;
        continue;
      }
      const { position, company, context, body } = event;
      const name = `${context}.${event.event}`;
      if (!(await pipeline.send({ position, company, name, body }))) return pipeline.settle();
      if (event.unpublishable !== undefined) on.unpublishable();
    }
  }
  return pipeline.settle();
};
