import { toPublishedEvent, type PublishedEvent } from '@daybook/publisher';
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { messageFor } from '../delivery/message.js';
import { verdictOf } from '../delivery/outcome.js';
import type { RetryPolicy } from '../delivery/retry-policy.js';
import type { Sender } from '../delivery/sender.js';
import { wants } from '../event-types.js';
import type { EndpointTable } from '../file/endpoints.js';
import type { RecordedAttempt } from '../file/recorder.js';
import type { Endpoint } from '../file/rows.js';
import { keyOf } from '../signature.js';
import { companyOfStream } from './company-of.js';
import type { Timer } from './timer.js';

export type Attempting = Readonly<{
  table: Pick<EndpointTable, 'secrets'>;
  sender: Pick<Sender, 'send'>;
  timer: Timer;
  /** From 0 to below 1. */
  random: () => number;
  policy: RetryPolicy;
  /** Ends what is under way; it may have arrived. */
  abandon: AbortSignal;
}>;

/** What an endpoint is sent for a stored event, if anything. Another company's never passes. */
export const messageOfEvent = (
  endpoint: Pick<Endpoint, 'company' | 'types'>,
  event: StoredEvent,
): PublishedEvent | undefined => {
  if (companyOfStream(event.stream) !== endpoint.company) return undefined;
  const published = toPublishedEvent(event);
  if (published === undefined || published.company !== endpoint.company) return undefined;
  return wants(endpoint.types, published.type) ? published : undefined;
};

const keysOf = (secrets: readonly string[]): readonly Buffer[] =>
  secrets.flatMap((secret) => {
    const key = keyOf(secret);
    return E.isRight(key) ? [key.right] : [];
  });

/** One attempt and what follows from it; undefined when it was abandoned. Nothing is written here. */
export const attemptMessage = async (
  deps: Attempting,
  endpoint: Endpoint,
  sending: Readonly<{ event: PublishedEvent; nth: number; isLast: boolean }>,
): Promise<RecordedAttempt | undefined> => {
  const { table, sender, timer, random, policy, abandon } = deps;
  const { event, nth, isLast } = sending;
  const at = timer.now();
  const keys = keysOf(table.secrets(endpoint.id, at));
  const outcome = await sender.send(messageFor(event, { url: endpoint.url, keys, at }), abandon);
  if (outcome._tag === 'Abandoned') return undefined;
  const now = timer.now();
  const attemptsMade = isLast ? policy.delaysMs.length : nth;
  const verdict = verdictOf(outcome, { attemptsMade, policy, now, random: random() });
  const { id, type, position, recordedAt } = event;
  return {
    message: { event: id, type, position, recordedAt },
    nth,
    at,
    durationMs: now - at,
    outcome,
    verdict,
  };
};
