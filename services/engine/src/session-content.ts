import { decodeEvent, type HandlingFailure } from '@daybook/command-handling';
import type { EventOf } from '@daybook/domain/kernel';
import { sessionEvents } from '@daybook/domain/session-insights';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';

/** One captured line, as it is stored: redacted. */
export type ContentItem = Readonly<{
  kind: 'chat' | 'action' | 'assistant';
  speaker: string;
  at: number;
  text: string;
}>;

/** Events that carry or destroy content; the others of the stream are passed over unparsed. */
const contentTypes = new Set([
  'ContentCaptured',
  'AssistantMessageAnswered',
  'CapturedContentDestroyed',
]);

const itemOf = (event: EventOf<typeof sessionEvents>): ContentItem | null => {
  if (event.type === 'ContentCaptured') {
    const { kind, speaker, at, text } = event.data;
    return { kind, speaker, at, text: text.value };
  }
  if (event.type === 'AssistantMessageAnswered') {
    const { at, text } = event.data;
    return { kind: 'assistant', speaker: 'assistant', at, text: text.value };
  }
  return null;
};

/** What was captured of a session and not destroyed since, in the order of the log. */
export const readSessionContent = async (
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<E.Either<HandlingFailure, readonly ContentItem[]>> => {
  let items: ContentItem[] = [];
  for await (const page of store.readStream(stream)) {
    if (E.isLeft(page)) return page;
    for (const stored of page.right.events) {
      if (!contentTypes.has(stored.type)) continue;
      const decoded = decodeEvent(sessionEvents, stored);
      if (E.isLeft(decoded)) return decoded;
      const item = itemOf(decoded.right as EventOf<typeof sessionEvents>);
      if (item === null) items = [];
      else items.push(item);
    }
  }
  return E.right(items);
};
