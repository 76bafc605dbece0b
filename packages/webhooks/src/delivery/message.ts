import { CLOUD_EVENT_MEDIA_TYPE, type PublishedEvent } from '@daybook/publisher';
import { signedHeaders } from '../signature.js';
import type { Message } from './sender.js';

const timeOf = (event: unknown): unknown =>
  typeof event === 'object' && event !== null ? Reflect.get(event, 'time') : undefined;

/**
 * The published CloudEvent, with `timestamp` beside its `time`: so it is what Standard Webhooks proposes
 * (`type`, `timestamp`, `data`) and a valid CloudEvent at once. The same bytes however often it is sent.
 */
export const bodyOf = ({ body }: Pick<PublishedEvent, 'body'>): string => {
  const event = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ ...event, timestamp: timeOf(event) });
};

/** The request of one attempt. `at` is its instant, epoch milliseconds. */
export const messageFor = (
  event: PublishedEvent,
  given: Readonly<{ url: string; keys: readonly Buffer[]; at: number }>,
): Message => {
  const body = bodyOf(event);
  const timestamp = Math.floor(given.at / 1_000);
  return {
    url: given.url,
    body,
    headers: {
      ...signedHeaders(given.keys, { id: event.id, timestamp, body }),
      'content-type': `${CLOUD_EVENT_MEDIA_TYPE}; charset=utf-8`,
      'user-agent': 'Daybook-Webhooks/1',
    },
  };
};
