import type { AllPage, Position, StoredEvent } from '@daybook/event-store';
import type { Closing } from './closing.js';
import { type MessageSource, noAnswer } from './message-source.js';
import type { FilterPlan } from './read-request.js';
import { neverDecreasing } from './recorded-times.js';
import type { ReadMessage } from './wire/read-response.js';

/** One subscription call, as pages. */
export type LivePages = Readonly<{
  /** The next page, or undefined when the owner closes. Throws what ended the call. */
  next: () => Promise<AllPage | undefined>;
  /** Events and checkpoints taken since the last time that there was nothing to take. */
  takenWithoutPause: () => number;
}>;

export type LivePagesOptions = Readonly<{
  source: MessageSource;
  plan: FilterPlan;
  after: Position;
  /** Most events in a page. */
  count: number;
  closing: Closing;
  /** Longest time without any message before the call is given up, milliseconds. */
  silenceMsMax: number;
}>;

/** A page that gathers while the server still sends history waits this long for more, milliseconds. */
const GATHER_MS = 20;

type Gathering = { readonly events: StoredEvent[]; checkpoint: Position };

/**
 * Whatever comes at or below what was handled is passed over: servers repeat a checkpoint when they go live, and a
 * subscription that is opened again may begin with the event that it was given.
 */
const takeEvent = (event: StoredEvent, page: Gathering, plan: FilterPlan): void => {
  if (event.position <= page.checkpoint) return;
  page.checkpoint = event.position;
  if (plan.isWanted(event)) page.events.push(event);
};

export const makeLivePages = (options: LivePagesOptions): LivePages => {
  const { source, plan, count, closing, silenceMsMax } = options;
  let checkpoint = options.after;
  let latest = 0;
  let isLive = false;
  let isToldSo = false;
  let taken = 0;

  /** True when the page is to be handed on as it is. Checkpoints come as messages, in order with the events. */
  const take = (message: ReadMessage, page: Gathering): boolean => {
    switch (message.kind) {
      case 'event':
        taken += 1;
        takeEvent(message.event, page, plan);
        return page.events.length >= count;
      case 'checkpoint':
        taken += 1;
        page.checkpoint = Math.max(page.checkpoint, message.position);
        return false;
      case 'caught-up':
        // It may come several times: after each fall back to catch-up.
        isLive = true;
        return true;
      case 'fell-behind':
        isLive = false;
        return false;
      case 'not-found':
      case 'other':
        return false;
    }
  };

  const gather = (page: Gathering): boolean => {
    for (let message = source.takeNow(); message !== null; message = source.takeNow()) {
      if (take(message, page)) return true;
    }
    return false;
  };

  const toPage = (page: Gathering): AllPage => {
    const events = neverDecreasing(page.events, latest);
    latest = events.at(-1)?.recordedAt ?? latest;
    checkpoint = page.checkpoint;
    isToldSo = isLive && events.length < count;
    return { events, checkpoint, caughtUp: isToldSo };
  };

  /** Live, what has come is handed on at once; and that nothing is left after a full page is told too. */
  const isComplete = (page: Gathering): boolean =>
    gather(page) || (isLive && (page.checkpoint > checkpoint || !isToldSo));

  const next = async (): Promise<AllPage | undefined> => {
    const page: Gathering = { events: [], checkpoint };
    while (!closing.isClosed()) {
      if (isComplete(page)) return toPage(page);
      const hasNews = page.checkpoint > checkpoint;
      if (isLive) taken = 0;
      const more = await source.waitFor(hasNews ? GATHER_MS : silenceMsMax, closing);
      if (more) continue;
      if (hasNews) return toPage(page);
      if (!closing.isClosed()) throw noAnswer();
    }
    return undefined;
  };

  return { next, takenWithoutPause: () => taken };
};
